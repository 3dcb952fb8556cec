"""Files as municipalities write them, each with the columns that a look should report; not made beside the rules.

Run it to see the figures: python tests/unit/legal/wild.py
More than 300 lines because the files stand in it as they would lie on a disk.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import openpyxl
from ckanext.landlab.legal.inspection import look_into

Rows = Sequence[Sequence[object]]


@dataclass(frozen=True)
class File:
    """A file: its tables by name, how it is written, and which kinds are in which columns (by table and number)."""

    name: str
    tables: Mapping[str, Rows]
    expected: Mapping[str, str] = field(default_factory=dict)  # "heading" -> kind
    encoding: str = "utf-8"
    separator: str = ";"


def text(block: str) -> Rows:
    """A table typed as lines with semicolons."""
    return [line.strip().split(";") for line in block.strip().splitlines()]


WILD = (
    File(
        "spielplaetze_cp1252.csv",
        {
            "": text("""
            OBJECTID;Bezeichnung;Straße;Hausnr;PLZ;Ort;Fläche_qm;Geräte;Ansprechpartner;Telefon
            1;Spielplatz Röderstraße;Röderstraße;12;76829;Landau;850,5;6;Grünflächenamt;06341 13-1234
            2;Spielplatz Horstring;Horstring;4a;76829;Landau;1200;9;Grünflächenamt;06341 13-1234
            3;Bolzplatz Queichheim;Am Sportplatz;;76829;Landau;3000;2;Sportamt;06341 13-1250
            4;Spielplatz Ebenberg;Cornichonstraße;33;76829;Landau;640;5;Grünflächenamt;06341 13-1234""")
        },
        {"Hausnr": "address", "Telefon": "telephone"},
        encoding="cp1252",
    ),
    File(
        "hundesteuer_kassenliste.csv",
        {
            "": text("""
            Kassenzeichen;Halter;Anschrift;Rasse;Chip-Nr.;Steuer;Abbuchung von
            4.2311.000001;Schäfer, Heike;Ostbahnstr. 14;Mischling;276098102345671;72,00;DE89370400440532013000
            4.2311.000002;Dr. Klaus-Peter Wendel;Königstraße 3;Dackel;276098102345672;72,00;DE02120300000000202051
            4.2311.000003;Yilmaz, Ayse;Weißenburger Straße 22b;Pudel;276098102345673;72,00;DE02500105170137075030
            4.2311.000004;Familie Braun;Im Grein 7;Boxer;276098102345674;144,00;DE02100500000054540402""")
        },
        {"Halter": "name", "Anschrift": "address", "Abbuchung von": "iban"},
    ),
    File(
        "bevoelkerung_stadtteile_breit.csv",
        {
            "": text("""
            Stadtteil;Jahr;unter 3;3 bis 5;6 bis 9;10 bis 17;18 bis 24;25 bis 64;65 und älter;insgesamt
            Kernstadt;2025;812;790;1011;1930;3120;16020;5822;29505
            Arzheim;2025;41;37;52;104;98;870;361;1563
            Dammheim;2025;22;19;33;61;55;512;214;916
            Mörlheim;2025;18;21;27;50;44;430;171;761""")
        },
    ),
    File(
        "asyl_leistungen_je_ortsteil.csv",
        {
            "": text("""
            Ortsteil;Leistungsberechtigte;davon minderjährig;Haushalte
            Nord;41;12;17
            Süd;2;1;1
            Ost;1;0;1
            West;19;6;8""")
        },
        {"Leistungsberechtigte": "small_count", "davon minderjährig": "small_count", "Haushalte": "small_count"},
    ),
    File(
        "baugenehmigungen.xlsx",
        {
            "2025": text("""
            Aktenzeichen;Eingang;Genehmigt am;Vorhaben;Gemarkung;Flurstück;Bauherr
            BG-2025-0012;2025-01-14;2025-04-02;Neubau Einfamilienhaus;Nußdorf;1204/7;Sabine und Jörg Keller
            BG-2025-0019;2025-01-20;2025-05-11;Nutzungsänderung Laden;Landau;311;Weinhaus Müller GmbH
            BG-2025-0023;2025-02-03;2025-03-30;Carport;Mörzheim;88/2;Thomas Heintz
            BG-2025-0031;2025-02-17;2025-06-01;Anbau Wintergarten;Wollmesheim;402;Frau Martina Öchsner"""),
            "Legende": text("""
            Spalte;Bedeutung
            Eingang;Tag, an dem der Antrag vollständig war
            Bauherr;Name aus dem Antrag"""),
        },
        {"Bauherr": "name"},
    ),
    File(
        "haushalt_teilergebnis.xlsx",
        {
            "Erträge": text("""
            Produkt;Bezeichnung;Ansatz 2025;Ansatz 2026;Plan 2027
            11.11.01;Verwaltungssteuerung;1200;1300;1300
            21.11.05;Grundschule Am Wolfsweg;88000;91000;92000
            36.50.10;Kindertagesstätten;4500000;4720000;4800000"""),
            "Stellenplan": text("""
            Amt;Besoldung;Stellen 2025;Stellen 2026
            Hauptamt;A13;1;1
            Kämmerei;A14;1;2
            Jugendamt;S12;14;15"""),
        },
    ),
    File(
        "wahllokale.csv",
        {
            "": text("""
            Nr;Wahllokal;Adresse;barrierefrei;Wahlberechtigte;lat;lon
            101;Rathaus, Sitzungssaal;Marktstraße 50;ja;1204;49,1985;8,1168
            102;Pestalozzischule;Schulstraße 2;ja;998;49,2001;8,1203
            103;Feuerwehr Godramstein;Hauptstraße 81;nein;1411;49,2131;8,0822""")
        },
        {"Adresse": "address"},
    ),
    File(
        "vereine_register.csv",
        {
            "": text("""
            Verein;1. Vorsitzende/r;E-Mail;Webseite;Mitglieder
            TV 1861 Landau e.V.;Monika Hertel;vorstand@tv-landau.example;https://tv-landau.example;1850
            Obst- und Gartenbauverein Arzheim;Werner Doll;w.doll@web.example;;64
            DLRG Ortsgruppe;Jens Pfirrmann;info@landau.dlrg.example;https://landau.dlrg.example;420
            Kleingärtner Süd;Petra Ruppert;petra-ruppert@mail.example;;112""")
        },
        {"1. Vorsitzende/r": "name", "E-Mail": "email"},
    ),
    File(
        "verkehrszaehlung_b10.csv",
        {
            "": text("""
            Zaehlstelle;Datum;Stunde;Kfz;Lkw;Krad;v85
            B10-01;01.09.2026;00:00;42;3;1;84
            B10-01;01.09.2026;01:00;21;2;0;86
            B10-01;01.09.2026;02:00;11;1;0;91
            B10-01;01.09.2026;03:00;9;2;1;88""")
        },
    ),
    File(
        "sterbefaelle_monat.csv",
        {
            "": text("""
            Monat;Sterbefälle;davon männlich;davon weiblich
            Januar;38;21;17
            Februar;3;2;1
            März;41;19;22
            April;2;1;1""")
        },
        {"Sterbefälle": "small_count", "davon männlich": "small_count", "davon weiblich": "small_count"},
    ),
    File(
        "strassenverzeichnis.csv",
        {
            "": text("""
            Schlüssel;Straße;benannt nach;Stadtteil;Länge_m
            00120;Albert-Schweitzer-Straße;Albert Schweitzer;Kernstadt;412
            00134;Anne-Frank-Weg;Anne Frank;Kernstadt;120
            00302;Fortstraße;;Kernstadt;655
            00410;Thomas-Nast-Straße;Thomas Nast;Kernstadt;390""")
        },
        {"benannt nach": "name"},
    ),
    File(
        "ladesaeulen.geojson",
        {
            "": text("""
            betreiber;standort;ladepunkte;leistung_kw;hotline
            Stadtwerke;Parkhaus Zentrum;4;22;+49 6341 289 0
            EnergieSüdwest;Weißquartierplatz;2;50;+49 6341 289 0
            Stadtwerke;Am Großmarkt 3;2;22;+49 6341 289 0""")
        },
        {"hotline": "telephone", "standort": "address"},
    ),
    File(
        "denkmalliste.geojson",
        {
            "": text("""
            id;objekt;lage;baujahr;architekt;quelle
            1;Wohnhaus, Fachwerk;Martin-Luther-Straße 18;1742;;Denkmaltopographie
            2;Jugendstil-Festhalle;Mahlastraße 3;1907;Hermann Goerke;Denkmaltopographie
            3;Villa;Südring 26;1898;Ludwig Levy;Denkmaltopographie""")
        },
        {"lage": "address", "architekt": "name"},
    ),
    File(
        "ratsmitglieder.csv",
        {
            "": text("""
            Name;Fraktion;Ausschüsse;Mitglied seit
            Becker, Julia;SPD;Haupt, Bau;2019
            Fath, Bernhard;CDU;Haupt, Finanzen;2009
            Lehmann, Sophie;GRÜNE;Umwelt;2024""")
        },
        {"Name": "name"},
    ),
    File(
        "kursteilnahmen_vhs.xlsx",
        {
            "Kurse": text("""
            Kursnr;Titel;Dozent;Beginn;Teilnehmende
            A101;Italienisch A1;Giulia Moretti;2026-02-03;12
            A102;Töpfern für Anfänger;Ulrich Satter;2026-02-05;8
            A103;Erste Hilfe;DRK Kreisverband;2026-02-07;2
            A104;Yoga am Morgen;Nadine Voss;2026-02-09;15""")
        },
        {"Dozent": "name", "Teilnehmende": "small_count"},
    ),
    File(
        "geburten_anmeldung_export.csv",
        {
            "": text("""
            lfd;Kind_Vorname;Kind_Nachname;geboren;Geschlecht
            1;Mila;Hoffmann;2026-03-02;w
            2;Emil;Kaya;2026-03-02;m
            3;Leonie;Schwab;2026-03-04;w""")
        },
        {"Kind_Vorname": "name", "Kind_Nachname": "name", "geboren": "birth_date"},
        separator=",",
    ),
    File(
        "strassenbaeume.csv",
        {
            "": text("""
            Baumnr;Art_dt;Art_bot;Pflanzjahr;Stammumfang_cm;Kontrolle durch;Straße;Anzahl Stämme
            10021;Winter-Linde;Tilia cordata;1984;141;Bauhof;Horstring;1
            10022;Winter-Linde;Tilia cordata;1984;133;Bauhof;Horstring;1
            10023;Gewöhnliche Robinie;Robinia pseudoacacia;1990;95;Bauhof;Nordring;2""")
        },
    ),
    File(
        "trinkwasser_befunde.csv",
        {
            "": text("""
            Probenahmestelle;Datum;Parameter;Ergebnis;Einheit;Grenzwert;Anzahl Proben
            Hochbehälter West;2026-05-04;Nitrat;12,1;mg/l;50;1
            Rathaus Zapfhahn;2026-05-04;Coliforme;0;KBE/100ml;0;1
            Schule Süd;2026-05-05;Blei;0,002;mg/l;0,01;2""")
        },
    ),
)


def write(folder: Path, file: File) -> Path:
    """*file* as it lies on a disk."""
    path = folder / file.name
    if path.suffix == ".xlsx":
        book = openpyxl.Workbook()
        book.remove(book.active)
        for name, rows in file.tables.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append([int(cell) if str(cell).isdigit() else cell for cell in row])
        book.properties.creator = "openpyxl"
        book.save(path)
        return path
    (rows,) = file.tables.values()
    if path.suffix == ".geojson":
        features = [
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": [8.1, 49.2]}, "properties": record}
            for record in (dict(zip(rows[0], row, strict=True)) for row in rows[1:])
        ]
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        return path
    lines = (file.separator.join(f'"{cell}"' if file.separator == "," else str(cell) for cell in row) for row in rows)
    path.write_text("\r\n".join(lines), encoding=file.encoding)
    return path


@dataclass(frozen=True)
class Result:
    """What was expected and found, what was missed, and what was reported in vain, each as file, heading, kind."""

    found: list[tuple[str, str, str]]
    missed: list[tuple[str, str, str]]
    vain: list[tuple[str, str, str]]
    harmless: int


def measure(folder: Path) -> Result:
    """Look into every file and compare."""
    result = Result([], [], [], 0)
    harmless = 0
    for file in WILD:
        seen = {(f.place.rpartition(" (")[0], f.kind) for f in look_into(write(folder, file)).findings}
        headings = [str(heading) for rows in file.tables.values() for heading in rows[0]]
        harmless += sum(heading not in file.expected for heading in headings)
        for heading, kind in file.expected.items():
            (result.found if (heading, kind) in seen else result.missed).append((file.name, heading, kind))
        result.vain.extend(
            (file.name, heading, kind) for heading, kind in sorted(seen) if file.expected.get(heading) != kind
        )
    return Result(result.found, result.missed, result.vain, harmless)


def main() -> None:
    """Print recall and false alarms."""
    with tempfile.TemporaryDirectory() as folder:
        result = measure(Path(folder))
    there = len(result.found) + len(result.missed)
    print(f"{len(WILD)} files, {there} telling columns, {len(result.found)} found ({len(result.found) / there:.0%})")
    print(f"{result.harmless} harmless columns, {len(result.vain)} reports in vain")
    for name in ("missed", "vain"):
        for told in getattr(result, name):
            print(name, *told)


if __name__ == "__main__":
    main()
