"""What a column looks like, judged by its heading and by its values.

A heading alone convinces only where it can mean nothing else ("Vorname", "IBAN"); else the values decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from .values import TESTS, is_day, is_first_name, is_full_name, is_number, is_word

ENOUGH = 0.3  # the share of values that has to match: free text mentions a street, an address column is made of them
ONE_IS_ENOUGH = ("email", "iban")  # nothing else looks like these, so a single one among remarks counts

_HEADINGS: Mapping[str, re.Pattern[str]] = {
    "given_name": re.compile(r"vor-?name|ruf-?name|first.?name|given.?name", re.I),
    "surname": re.compile(r"nach-?name|familien-?name|zu-?name|last.?name|surname|family.?name", re.I),
    "name_perhaps": re.compile(
        r"name|person|inhaber|halter|eigent|ansprech|sachbearb|autor|owner|contact|leiter|pächter|bauherr|antragst|geehrt"
        r"|paar|vorsitz|mitglied|betreuer|bürger|künstler|architekt|dozent|referent|finder|besteller|verstorben",
        re.I,
    ),
    "birth_date": re.compile(
        r"geburt(?!en)|geboren|geb[\s._-]*(dat|tag|am\b)|^geb\.?(\b|$)|birth|\bdob\b",
        re.I,
    ),
    "telephone": re.compile(r"telefon|handy|mobil|\bfax|phone|^tel\b|rufnummer|durchwahl", re.I),
    "small_count": re.compile(
        r"anzahl|fälle|faelle|\bzahl\b|fallzahl|personen|einwohner|bewohner|count|cases|kinder|schüler|empfänger|patient"
        r"|haushalt(?!s(plan|stelle|jahr|ansatz))|bezieh|bezug|betroffen|verletzt|getötet|gestorben|verstorben|sterbef|geburten"
        r"|arbeitslos|beschäftigte|teilnehm|besuche(?!r)|ausländ|zuzüge|fortzüge|pflegebedürft|erkrank|infizier|insgesamt"
        r"|männlich|weiblich|\bdivers\b|migra|geflüchtet|asyl|opfer|täter|tatverdächt|mitglieder|bewerber|berechtigte|minderjähr|beschwerden"
        r"|förderbedarf|behindert|wohngeld|sozialhilfe|grundsicherung|bürgergeld|\bsgb\b|suizid|straftat|delikt|einbürger|eheschlie|scheidung"
        r"|adoption|inobhut|obdachlos|wohnungslos|evangelisch|katholisch|muslim|konfession|ledig|verheiratet|verwitwet|geschieden"
        r"|\bfrauen\b|\bmänner\b|\bmädchen\b|\bjungen\b|auszubild|beamte|angestellte|mitarbeit|diagnos|geimpft|alleinerzieh|abbrecher",
        re.I,
    ),
    "house_number": re.compile(r"haus-?_?(nr|nummer)|^hnr\.?$|house.?(no|number)", re.I),
    "street": re.compile(r"stra(ß|ss)e|street|^str(\b|[._-]?(nam|bez|nr))|anschrift|adresse|address", re.I),
    "counts_things": re.compile(
        r"stell|platz|plätze|baum|bäume|gerät|fahrzeug|lampe|leuchte|tor\b|tore\b|gleis|geschoss"
        r"|stamm|stämm|probe|messung|punkt|zimmer|stufe",
        re.I,
    ),
    "file_number": re.compile(
        r"flur|parzell|kennz|schlüssel|schluessel|aktenz|signatur|inventar|kataster|code|\bisbn\b|\bean\b|\bid\b",
        re.I,
    ),
    "how_many": re.compile(
        r"^(anzahl|häufigkeit|haeufigkeit|count|zahl|rang|nennungen)"
        r"([\s._-]+(\d{4}|(der )?(vor)?namen?|geburten|kinder|nennungen))?$",
        re.I,
    ),
}


@dataclass(frozen=True)
class Table:
    """What the headings beside a column say of the whole table."""

    has_street: bool = False  # so that a house number beside it makes an address
    has_given_name: bool = False  # so that "Name" beside it is the family's
    counts_names: bool = False  # how often a first name was given: it tells of no single person

    @classmethod
    def of(cls, headings: Sequence[str]) -> Table:
        """The table under *headings*."""

        def among(kind: str) -> bool:
            return any(map(_HEADINGS[kind].search, headings))

        others = any(map(among, ("surname", "birth_date", "telephone", "house_number")))
        given = among("given_name")
        return cls(has_street=among("street"), has_given_name=given, counts_names=among("how_many") and not others)


def kinds_of(heading: str, values: Sequence[str], table: Table) -> dict[str, float]:
    """The kinds that this column looks like, each with the share of values that show it."""
    filled = [value.strip() for value in values if value and value.strip()]
    if not filled:
        return {}
    shares = {kind: sum(map(test, filled)) / len(filled) for kind, test in TESTS.items()}
    found = {kind: share for kind, share in shares.items() if share >= ENOUGH or (share and kind in ONE_IS_ENOUGH)}
    if _HEADINGS["file_number"].search(heading) and not _HEADINGS["telephone"].search(heading):
        found.pop("telephone", None)
    for kind, judge in _JUDGES.items():
        if (share := judge(heading, filled, table)) > 0:
            found[kind] = share
    return found


def _names(heading: str, values: Sequence[str], table: Table) -> float:
    single = sum(map(is_first_name, values)) / len(values)
    full = sum(map(is_full_name, values)) / len(values)
    if _HEADINGS["given_name"].search(heading) and single >= 0.1:
        return 0.0 if table.counts_names else single
    if _HEADINGS["surname"].search(heading) or (table.has_given_name and heading.strip().casefold() == "name"):
        lettered = sum(map(is_word, values)) / len(values)
        return lettered if lettered >= ENOUGH else 0.0
    could_be = bool(_HEADINGS["name_perhaps"].search(heading))
    if full >= (ENOUGH if could_be else 0.5):
        return full
    # Only first names: a list of what people are called, not of people, when each stands once and is counted.
    repeated = len(set(values)) < len(values)
    return single if single >= 0.8 and could_be and repeated and not table.counts_names else 0.0


def _births(heading: str, values: Sequence[str], _table: Table) -> float:
    return _share(is_day, values) if _HEADINGS["birth_date"].search(heading) else 0.0


def _telephones(heading: str, values: Sequence[str], _table: Table) -> float:
    return _share(is_number, values) if _HEADINGS["telephone"].search(heading) else 0.0


def _addresses(heading: str, values: Sequence[str], table: Table) -> float:
    if not (table.has_street and _HEADINGS["house_number"].search(heading)):
        return 0.0
    return _share(lambda value: value[0].isdigit(), values)


def _share(test: Callable[[str], bool], values: Sequence[str]) -> float:
    """The share of *values* that pass, nothing if it is too small to say something."""
    share = sum(map(test, values)) / len(values)
    return share if share >= ENOUGH else 0.0


def _small_counts(heading: str, values: Sequence[str], _table: Table) -> float:
    if not _HEADINGS["small_count"].search(heading) or _HEADINGS["counts_things"].search(heading):
        return 0.0
    whole = [value for value in values if re.fullmatch(r"\d{1,9}(\.0)?", value)]
    if len(whole) < len(values) * 0.5:
        return 0.0
    return sum(value.partition(".")[0] in ("1", "2") for value in whole) / len(values)


_JUDGES: Mapping[str, Callable[[str, Sequence[str], Table], float]] = {
    "name": _names,
    "birth_date": _births,
    "telephone": _telephones,
    "address": _addresses,
    "small_count": _small_counts,
}


def text_of(value: object) -> str:
    """A cell as text, dates as ISO."""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    return "" if value is None or isinstance(value, bytes) else str(value)
