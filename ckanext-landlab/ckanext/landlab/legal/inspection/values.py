"""What one value looks like: an address of mail, an account, a number to dial, a street with its house, a full name."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

import phonenumbers
from ckanext.landlab.legal.names import family_names, first_names, folded
from stdnum import iban

_MAIL = re.compile(r"(?<![\w.%+-])[\w.%+-]{1,64}@(?:[\w-]{1,63}\.){1,5}[a-zA-ZäöüÄÖÜ]{2,24}\b")
_ACCOUNT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{2,4}){3,8}\b")
_TELEPHONE = re.compile(r"\+?[\d\s()/.\-–]{6,24}")
_DATE = re.compile(
    r"(?:19|20)\d{2}-\d{1,2}-\d{1,2}|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})\b"
    r"|(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$"
)
_STREET = re.compile(
    r"^[A-ZÄÖÜ][\w.\- ß]{1,60}?"
    r"(?:str\.|straße|strasse|weg|platz|allee|gasse|ring|ufer|damm|steig|pfad|markt|berg|hof|graben|chaussee)"
    r"\s+\d{1,4}\s?[a-zA-Z]?\b",
    re.IGNORECASE,
)
# Streets named after where they lie: "Am Markt 7", "In der Plöck 12", "Zum Wingert 3a".
_LIES = re.compile(
    r"^(?:am|an|auf|beim?|hinter|im|in|über|unter|vor|zum|zur)\s(?:de[mnr]\s)?(?:[A-ZÄÖÜ][\w\-ß]+\s){1,3}\d{1,4}\s?[a-zA-Z]?(?:,|$)",
    re.IGNORECASE,
)
_SQUARE = re.compile(r"^[A-U] ?[1-7], ?\d{1,3} ?[a-z]?\b")  # Mannheim's squares: "Q 7, 24"
_WORDS = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_PLACE = re.compile(
    r"stra(ß|ss)e|str\.|platz|weg\b|allee|gasse|ring\b|schule|kirche|haus|park|kita|brunnen|stift|gmbh|e\. ?v\.|brücke"
    r"|halle|stadion|ufer|hof\b|saal",
    re.IGNORECASE,
)
_TITLE = re.compile(r"(frau|herrn?|fam\.|familie|eheleute) \w", re.IGNORECASE)
_PARTICLES = {"von", "van", "de", "der", "den", "zu", "al", "el", "dr", "prof", "und", "u", "geb"}


def holds_mail(value: str) -> bool:
    """Whether an address of mail stands in it, alone or in a sentence."""
    return "@" in value and bool(_MAIL.search(value))


def holds_account(value: str) -> bool:
    """Whether a valid IBAN stands in it, alone or in a sentence; what does not add up is no account."""
    return any(_adds_up(found.group()) for found in _ACCOUNT.finditer(value))


def _adds_up(found: str) -> bool:
    # In a sentence the next word may look like the last group, so shorter readings are tried as well.
    groups = found.split(" ")
    return any(iban.is_valid("".join(groups[:count])) for count in range(len(groups), 0, -1))


def is_address(value: str) -> bool:
    """Whether it begins with a street and a house number."""
    return len(value) <= 200 and any(pattern.match(value) for pattern in (_STREET, _LIES, _SQUARE))


def is_dialled(value: str) -> bool:
    """A number written as one dials it; bare digits could be anything, and short ones with signs are file numbers."""
    if sum(sign.isdigit() for sign in value) < 9:
        return False
    written = value.startswith(("+", "00")) or (value.startswith("0") and re.search(r"[\s/()\-–]", value))
    return bool(written) and is_number(value, phonenumbers.is_valid_number)


def is_number(value: str, holds: Callable[[phonenumbers.PhoneNumber], bool] = phonenumbers.is_possible_number) -> bool:
    """Whether it could be a telephone number, as *holds* judges it."""
    if not _TELEPHONE.fullmatch(value):
        return False
    try:
        return holds(phonenumbers.parse(value, "DE"))
    except phonenumbers.NumberParseException:
        return False


def is_day(value: str) -> bool:
    """Whether it begins with a day, in one of the ways in which offices write it."""
    return bool(_DATE.match(value))


def is_first_name(value: str) -> bool:
    """Whether it begins with a usual first name and is not the name of a place."""
    return folded(value.partition(" ")[0].partition("-")[0]) in first_names() and not _PLACE.search(value)


def is_full_name(value: str) -> bool:
    """Whether it is written like the full name of a person, or of two: with a usual name, a title, or an initial."""
    words = _WORDS.findall(value)
    if not 2 <= len(words) <= 6 or len(value) > 60 or any(sign.isdigit() for sign in value):
        return False
    if not (_TITLE.match(value) or _has_first_name(words) or _has_initial(words)):
        return False
    capital = all(word[0].isupper() or word.casefold() in _PARTICLES for word in words)
    return capital and _PLACE.search(value) is None


def _has_first_name(words: Sequence[str]) -> bool:
    return any(folded(word.partition("-")[0]) in first_names() for word in words)


def _has_initial(words: Sequence[str]) -> bool:
    """Whether it is a usual family name with an initial: "H. Müller", "Müller, H."."""
    return len(words) == 2 and min(map(len, words)) == 1 and any(folded(word) in family_names() for word in words)


def is_word(value: str) -> bool:
    """Whether it is letters alone."""
    return bool(_WORDS.fullmatch(value.replace(" ", "")))


TESTS: Mapping[str, Callable[[str], bool]] = {
    "email": holds_mail,
    "iban": holds_account,
    "address": is_address,
    "telephone": is_dialled,
}


def shows_a_person(text: str) -> bool:
    """Whether *text* itself could be a value about a person, so that it must not be shown as a heading."""
    return any(test(text) for test in TESTS.values()) or is_full_name(text)
