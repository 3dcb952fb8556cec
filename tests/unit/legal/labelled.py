"""Files whose columns are known, to measure what a look into a file finds and what it reports in vain.

Run it to see the figures: python tests/unit/legal/labelled.py
"""

from __future__ import annotations

import csv
import json
import random
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import openpyxl
from ckanext.landlab.legal.inspection import look_into

ROWS = 60
FORMS = ("csv", "xlsx", "geojson", "json")

FIRST = [
    "Anna",
    "Jürgen",
    "Mehmet",
    "Katharina",
    "Wiebke",
    "Torsten",
    "Zeynep",
    "Lukas",
    "Irmgard",
    "Björn",
    "Svetlana",
    "Ali",
    "Chiara",
    "Ólafur",
    "Xaver",
]
LAST = [
    "Müller",
    "Öztürk",
    "Schmitt",
    "Nguyen",
    "Weiß",
    "von-Arnim",
    "Kowalski",
    "Bäcker",
    "Yılmaz",
    "Lindner",
    "Haas",
    "Peters",
    "Roth",
    "Groß",
    "Stein",
]
STREETS = ["Hauptstraße", "Am Weiher Weg", "Königsallee", "Rathausplatz", "Schillerstr.", "Ringstraße", "Neugasse"]
PLACES = ["Spielplatz Nord", "Goethe-Schule", "St. Maria Kirche", "Kita Sonnenschein", "Stadtpark", "Peterskirche Süd"]


@dataclass(frozen=True)
class Column:
    """A heading, its values, and the kind that a look should find in it (None: it should find nothing)."""

    heading: str
    values: Sequence[object]
    kind: str | None = None


def columns(dice: random.Random) -> list[Column]:
    """Columns as municipal files have them; a third of them point to people."""

    def many(make):
        return [make() for _ in range(ROWS)]

    def of(things):
        return many(lambda: dice.choice(things))

    def number(low, high):
        return many(lambda: dice.randint(low, high))

    first, last = of(FIRST), of(LAST)
    mobile = many(lambda: f"+49 {dice.choice(['151', '171', '160'])} {dice.randint(1000000, 99999999)}")
    landline = many(lambda: f"06341 / {dice.randint(1000, 999999)}")
    born = many(lambda: f"{dice.randint(1, 28):02}.{dice.randint(1, 12):02}.{dice.randint(1930, 2015)}")
    iso = many(lambda: f"{dice.randint(2015, 2026)}-{dice.randint(1, 12):02}-{dice.randint(1, 28):02}")
    street = of(STREETS)
    house = number(1, 120)
    return [
        Column("Vorname", first, "name"),
        Column("Nachname", last, "name"),
        Column("Name", [f"{a} {b}" for a, b in zip(first, last, strict=True)], "name"),
        Column("Ansprechpartner", [f"{b}, {a}" for a, b in zip(first, last, strict=True)], "name"),
        Column("Sachbearbeitung", [f"Dr. {a} {b}" for a, b in zip(first, last, strict=True)], "name"),
        Column("surname", last, "name"),
        Column(
            "Eigentümer",
            [f"{a} {b}" if i % 2 else "" for i, (a, b) in enumerate(zip(first, last, strict=True))],
            "name",
        ),
        Column("E-Mail", [f"{a}.{b}@example.org".lower() for a, b in zip(first, last, strict=True)], "email"),
        Column("Kontakt", [f"person{n}@example.com" for n in range(ROWS)], "email"),
        Column("Telefon", landline, "telephone"),
        Column("mobil", mobile, "telephone"),
        Column("Rückfragen unter", mobile, "telephone"),
        Column("Konto", many(lambda: german_iban(dice)), "iban"),
        Column("IBAN", many(lambda: german_iban(dice)), "iban"),
        Column("Geburtsdatum", born, "birth_date"),
        Column("geb. am", born, "birth_date"),
        Column("date_of_birth", [f"19{n:02}-04-01" for n in range(30, 90)], "birth_date"),
        Column("Anschrift", [f"{s} {n}" for s, n in zip(street, house, strict=True)], "address"),
        Column("Standort", [f"{s} {n}, 76829 Landau" for s, n in zip(street, house, strict=True)], "address"),
        Column("Anzahl Personen", number(0, 9), "small_count"),
        Column("Fälle", [1, 2, *number(3, 40)[2:]], "small_count"),
        Column("Einwohner", [1, 2, *number(3, 900)[2:]], "small_count"),
        Column("Bezeichnung", of(PLACES)),
        Column("Name der Einrichtung", of(PLACES)),
        Column("Straße", street),
        Column("Straßenname", [f"{a}-{b}-Straße" for a, b in zip(first, last, strict=True)]),
        Column("Datum", iso),
        Column("Messzeit", [f"{day}T10:00:00" for day in iso]),
        Column("Pegel_cm", number(20, 900)),
        Column("Temperatur", many(lambda: round(dice.uniform(-10, 35), 1))),
        Column("lat", many(lambda: round(dice.uniform(49.1, 49.3), 6))),
        Column("lon", many(lambda: round(dice.uniform(8.0, 8.2), 6))),
        Column("AGS", of(["07313000", "07337001", "08222000"])),
        Column("PLZ", of(["76829", "67433", "68159"])),
        Column("Flurstück", many(lambda: f"{dice.randint(1, 9999)}/{dice.randint(1, 20)}")),
        Column(
            "Aktenzeichen", many(lambda: f"0{dice.randint(10, 99)}-{dice.randint(1, 9)}/{dice.randint(2000, 2026)}")
        ),
        Column("Baumart", of(["Winterlinde", "Stieleiche", "Bergahorn", "Platane"])),
        Column("Anzahl Stellplätze", number(1, 40)),
        Column("Anzahl Bäume", number(1, 12)),
        Column("Einwohnerzahl", number(150, 48000)),
        Column("Wahlberechtigte Personen", number(400, 2000)),
        Column("Partei", of(["CDU", "SPD", "GRÜNE", "FDP"])),
        Column("Stadtteil", of(["Queichheim", "Mörzheim", "Godramstein", "Nußdorf"])),
        Column("Bemerkung", of(["", "gesperrt bis Montag", "siehe Plan 12/3", "Ersatz geplant"])),
        Column("Website", [f"https://www.example.org/{n}" for n in range(ROWS)]),
        Column("UUID", many(lambda: f"{dice.getrandbits(128):032x}")),
        Column("Zählernummer", many(lambda: f"{dice.randint(10**11, 10**12)}")),
        Column("Haltestelle", of(["Hauptbahnhof", "Marktplatz", "Paul-Gerhardt-Kirche", "Martin-Luther-Platz"])),
        Column("Linie", number(1, 99)),
        Column("Höhe_m", many(lambda: round(dice.uniform(100, 400), 2))),
        Column("Kennzahl", many(lambda: f"{dice.randint(1, 9)}.{dice.randint(1, 9)}.{dice.randint(1, 9)}")),
        Column("Baujahr", number(1900, 2026)),
        Column("Betrag_EUR", many(lambda: f"{dice.randint(1, 999)}.{dice.randint(100, 999)},00")),
        Column("Vorname des Jahres", of(PLACES)),
    ]


def german_iban(dice: random.Random) -> str:
    """An IBAN with right check digits and no bank behind it."""
    account = f"{dice.randrange(10**18):018}"
    check = 98 - int(account + "131400") % 97
    return f"DE{check:02}{account}"


def write(folder: Path, number: int, chosen: Sequence[Column], form: str) -> Path:
    """A file of these columns in *form*."""
    path = folder / f"{number}.{form}"
    headings = [column.heading for column in chosen]
    rows = list(zip(*(column.values for column in chosen), strict=True))
    match form:
        case "csv":
            with path.open("w", encoding="cp1252" if number % 2 else "utf-8", errors="replace", newline="") as file:
                csv.writer(file, delimiter=";,\t"[number % 3]).writerows([headings, *rows])
        case "xlsx":
            book = openpyxl.Workbook()
            book.properties.creator = "openpyxl"
            for row in [headings, *rows]:
                book.active.append(row)
            book.save(path)
        case "geojson":
            features = [
                {"type": "Feature", "geometry": None, "properties": dict(zip(headings, row, strict=True))}
                for row in rows
            ]
            path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        case _:
            path.write_text(json.dumps([dict(zip(headings, row, strict=True)) for row in rows]), encoding="utf-8")
    return path


@dataclass
class Score:
    """How many columns of a kind there were, were found, and how many others were reported as that kind."""

    there: int = 0
    found: int = 0
    vain: int = 0


def measure(folder: Path, files: int = 120, seed: int = 7) -> tuple[Mapping[str, Score], int, int]:
    """The score per kind over generated *files*; how many columns are harmless, and how many of those were reported."""
    dice = random.Random(seed)
    scores: dict[str, Score] = {}
    harmless = reported = 0
    for number in range(files):
        chosen = dice.sample(columns(dice), 8)
        look = look_into(write(folder, number, chosen, FORMS[number % len(FORMS)]))
        for place, column in enumerate(chosen, start=1):
            kinds = {finding.kind for finding in look.findings if finding.place.endswith(f"({place})")}
            expected = column.kind
            harmless += expected is None
            reported += expected is None and bool(kinds)
            if expected:
                score = scores.setdefault(expected, Score())
                score.there += 1
                score.found += expected in kinds
            for kind in kinds - {expected}:
                scores.setdefault(kind, Score()).vain += 1
    return scores, harmless, reported


def main() -> None:
    """Print recall and false alarms."""
    with tempfile.TemporaryDirectory() as folder:
        scores, harmless, reported = measure(Path(folder))
    print(f"{'kind':12} {'columns':>8} {'found':>6} {'recall':>7} {'in vain':>8}")
    for kind, score in sorted(scores.items()):
        print(f"{kind:12} {score.there:8} {score.found:6} {score.found / max(score.there, 1):7.0%} {score.vain:8}")
    print(f"{harmless} harmless columns, {reported} reported ({reported / harmless:.1%})")


if __name__ == "__main__":
    main()
