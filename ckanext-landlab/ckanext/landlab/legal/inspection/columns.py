"""What a column looks like, judged by its heading and by its values.

A heading alone convinces only where it can mean nothing else ("Vorname", "IBAN"); else the values decide.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import cache

import phonenumbers
from ckanext.landlab import schemas
from stdnum import iban

ENOUGH = 0.3  # the share of values that has to match: free text mentions a street, an address column is made of them

_MAIL = re.compile(r"[^@\s]{1,64}@[^@\s]{1,190}\.[a-zA-ZäöüÄÖÜ]{2,24}")
_TELEPHONE = re.compile(r"\+?[\d\s()/.\-]{6,24}")
_DATE = re.compile(r"(\d{4})-\d{2}-\d{2}|\d{1,2}\.\d{1,2}\.(\d{4})")
_STREET = re.compile(
    r"^[A-ZÄÖÜ][\w.\- ß]{1,60}?"
    r"(?:str\.|straße|strasse|weg|platz|allee|gasse|ring|ufer|damm|steig|pfad|markt|berg|hof|graben|chaussee)"
    r"\s+\d{1,4}\s?[a-zA-Z]?\b",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")

_HEADINGS: Mapping[str, re.Pattern[str]] = {
    "given_name": re.compile(r"vor-?name|first.?name|given.?name", re.I),
    "surname": re.compile(r"nach-?name|familien-?name|zu-?name|last.?name|surname|family.?name", re.I),
    "name_perhaps": re.compile(
        r"name|person|inhaber|halter|eigent|ansprech|sachbearb|autor|owner|contact|leiter", re.I
    ),
    "birth_date": re.compile(r"geburt(?!en)|geboren|geb\.?_?(datum|tag)|^geb\.?(\b|$)|birth|\bdob\b", re.I),
    "telephone": re.compile(r"telefon|handy|mobil|\bfax|phone|^tel\b|rufnummer", re.I),
    "small_count": re.compile(
        r"anzahl|fälle|faelle|\bzahl\b|personen|einwohner|bewohner|count|cases|kinder|schüler|empfänger|patient"
        r"|haushalt(?!s(plan|stelle|jahr|ansatz))|bezieh|bezug|betroffen|verletzt|getötet|gestorben|verstorben|sterbef|geburten"
        r"|arbeitslos|beschäftigte|teilnehm|besuche(?!r)|ausländ|zuzüge|fortzüge|pflegebedürft|erkrank|infizier|insgesamt"
        r"|männlich|weiblich|\bdivers\b|migrant|geflüchtet|asyl|opfer|täter|tatverdächt|mitglieder|bewerber|berechtigte|minderjähr|beschwerden",
        re.I,
    ),
    "house_number": re.compile(r"haus-?_?(nr|nummer)|^hnr\.?$|house.?(no|number)", re.I),
    "street": re.compile(r"stra(ß|ss)e|street|^str\.?$|anschrift|adresse|address", re.I),
    "counts_things": re.compile(
        r"stell|platz|plätze|baum|bäume|gerät|fahrzeug|lampe|leuchte|tor|gleis|geschoss"
        r"|stamm|stämm|probe|messung|punkt|zimmer|stufe",
        re.I,
    ),
}


@cache
def first_names() -> frozenset[str]:
    """The usual first names, in lower case."""
    return frozenset(name.casefold() for name in schemas.read("first_names")["names"])


def kinds_of(heading: str, values: Sequence[str], *, street_beside: bool = False) -> dict[str, float]:
    """The kinds that this column looks like, each with the share of values that show it."""
    filled = [value.strip() for value in values if value and value.strip()]
    if not filled:
        return {}
    shares = {kind: sum(map(test, filled)) / len(filled) for kind, test in _TESTS.items()}
    found = {kind: share for kind, share in shares.items() if share >= ENOUGH}
    for kind, judge in _JUDGES.items():
        if (share := judge(heading, filled, street_beside)) > 0:
            found[kind] = share
    return found


def shows_a_person(text: str) -> bool:
    """Whether *text* itself could be a value about a person, so that it must not be shown as a heading."""
    return any(test(text) for test in _TESTS.values()) or _is_full_name(text)


def is_street_heading(heading: str) -> bool:
    """Whether *heading* announces streets."""
    return bool(_HEADINGS["street"].search(heading))


def _is_mail(value: str) -> bool:
    return bool(_MAIL.fullmatch(value))


def _is_iban(value: str) -> bool:
    return len(value) <= 42 and iban.is_valid(value)


def _is_address(value: str) -> bool:
    return len(value) <= 200 and bool(_STREET.match(value))


def _is_dialled(value: str) -> bool:
    """A number written as one dials it; bare digits could be anything, and short ones with signs are file numbers."""
    if sum(sign.isdigit() for sign in value) < 9:
        return False
    written = value.startswith(("+", "00")) or (value.startswith("0") and re.search(r"[\s/()\-]", value))
    return bool(written) and _is_number(value, phonenumbers.is_valid_number)


def _is_number(value: str, holds: Callable[[phonenumbers.PhoneNumber], bool] = phonenumbers.is_possible_number) -> bool:
    if not _TELEPHONE.fullmatch(value):
        return False
    try:
        return holds(phonenumbers.parse(value, "DE"))
    except phonenumbers.NumberParseException:
        return False


def _is_full_name(value: str) -> bool:
    words = _WORDS.findall(value)
    if not 2 <= len(words) <= 5 or len(value) > 60 or any(sign.isdigit() for sign in value):
        return False
    return any(word.partition("-")[0].casefold() in first_names() for word in words) and _written_as_name(value, words)


def _written_as_name(value: str, words: Sequence[str]) -> bool:
    particles = {"von", "van", "de", "der", "den", "zu", "al", "el", "dr", "prof"}
    capital = all(word[0].isupper() or word.casefold() in particles for word in words)
    place = re.search(
        r"stra(ß|ss)e|platz|weg|schule|kirche|haus|park|kita|brunnen|stift|gmbh|e\. ?v\.|brücke", value, re.I
    )
    return capital and place is None


_TESTS: Mapping[str, Callable[[str], bool]] = {
    "email": _is_mail,
    "iban": _is_iban,
    "address": _is_address,
    "telephone": _is_dialled,
}


def _names(heading: str, values: Sequence[str], _street: bool) -> float:
    single = sum(value.partition(" ")[0].partition("-")[0].casefold() in first_names() for value in values)
    full = sum(map(_is_full_name, values)) / len(values)
    if _HEADINGS["given_name"].search(heading) and single / len(values) >= 0.1:
        return single / len(values)
    if _HEADINGS["surname"].search(heading):
        lettered = sum(bool(_WORDS.fullmatch(value.replace(" ", ""))) for value in values) / len(values)
        return lettered if lettered >= ENOUGH else 0.0
    if full >= (ENOUGH if _HEADINGS["name_perhaps"].search(heading) else 0.5):
        return full
    # Only first names: a list of what people are called, not of people, when each stands once and is counted.
    alone = single / len(values)
    return (
        alone if alone >= 0.8 and _HEADINGS["name_perhaps"].search(heading) and len(set(values)) < len(values) else 0.0
    )


def _births(heading: str, values: Sequence[str], _street: bool) -> float:
    if not _HEADINGS["birth_date"].search(heading):
        return 0.0
    dates = sum(bool(_DATE.match(value)) for value in values) / len(values)
    return dates if dates >= ENOUGH else 0.0


def _telephones(heading: str, values: Sequence[str], _street: bool) -> float:
    if not _HEADINGS["telephone"].search(heading):
        return 0.0
    share = sum(map(_is_number, values)) / len(values)
    return share if share >= ENOUGH else 0.0


def _addresses(heading: str, values: Sequence[str], street_beside: bool) -> float:
    if not (street_beside and _HEADINGS["house_number"].search(heading)):
        return 0.0
    share = sum(bool(re.match(r"\d{1,4}", value)) for value in values) / len(values)
    return share if share >= ENOUGH else 0.0


def _small_counts(heading: str, values: Sequence[str], _street: bool) -> float:
    if not _HEADINGS["small_count"].search(heading) or _HEADINGS["counts_things"].search(heading):
        return 0.0
    whole = [value for value in values if re.fullmatch(r"\d{1,9}(\.0)?", value)]
    if len(whole) < len(values) * 0.5:
        return 0.0
    return sum(value.partition(".")[0] in ("1", "2") for value in whole) / len(values)


_JUDGES: Mapping[str, Callable[[str, Sequence[str], bool], float]] = {
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
    return "" if value is None else str(value)
