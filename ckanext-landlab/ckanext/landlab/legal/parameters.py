"""What a notice asks for: kinds of parameters, how each is checked and how it is written into a sentence.

A kind is stateless.  To support a new one, write a class with `fault` and `write` and name it in `KINDS`;
`fault` gives the key of a sentence in `schemas/notices.yaml` (faults) or nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Protocol
from urllib.parse import urlsplit

from ckanext.landlab import schemas
from ckanext.landlab.legal import profiles

# Long enough for two paragraphs; a notice that needs more is a document and wants an address instead.
LIMIT = 1000

# Not by locale: a server's locale is not the reader's.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True)
class Parameter:
    """One thing a notice asks for."""

    name: str
    kind: str
    required: bool
    label: Mapping[str, str]
    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    vocabulary: str = ""

    def options(self, language: str) -> list[tuple[str, str]]:
        """What can be chosen, as (value, label), for the kinds that offer a choice."""
        return KINDS[self.kind].options(self, language)


@dataclass(frozen=True)
class Fault:
    """Why the parameters of a notice cannot be used."""

    reason: str
    notice: Mapping[str, str]
    label: Mapping[str, str]

    def sentence(self, language: str) -> str:
        """What is wrong and what to do, in German or English."""
        language = "de" if language.startswith("de") else "en"
        sentence = _sentences()[self.reason][language]
        return sentence.format(notice=self.notice[language], label=self.label[language])


class Kind(Protocol):
    def fault(self, parameter: Parameter, value: str) -> str | None: ...
    def write(self, parameter: Parameter, value: str, language: str) -> str: ...
    def options(self, parameter: Parameter, language: str) -> list[tuple[str, str]]: ...


class Text:
    """Plain text of one line; never read as HTML or Markdown."""

    def fault(self, parameter: Parameter, value: str) -> str | None:
        return "excludes_liability" if excludes_liability(value) else None

    def write(self, parameter: Parameter, value: str, language: str) -> str:
        return value

    def options(self, parameter: Parameter, language: str) -> list[tuple[str, str]]:
        return []


class Number(Text):
    def fault(self, parameter: Parameter, value: str) -> str | None:
        return None if re.fullmatch(r"-?\d{1,15}([.,]\d{1,9})?", value) else "not_a_number"

    def write(self, parameter: Parameter, value: str, language: str) -> str:
        return value.replace(".", ",") if language == "de" else value.replace(",", ".")


class Day(Text):
    """A calendar date, kept as ISO 8601 and written as the reader writes it."""

    def fault(self, parameter: Parameter, value: str) -> str | None:
        return None if _day(value) else "not_a_date"

    def write(self, parameter: Parameter, value: str, language: str) -> str:
        day = _day(value)
        return written_day(day, language) if day else value


class Address(Text):
    """A web address; anything but http and https could run in the reader's browser."""

    def fault(self, parameter: Parameter, value: str) -> str | None:
        return None if is_web_address(value) else "not_an_address"


class Choice(Text):
    def fault(self, parameter: Parameter, value: str) -> str | None:
        return None if value in dict(self.options(parameter, "de")) else "unknown_choice"

    def write(self, parameter: Parameter, value: str, language: str) -> str:
        return dict(self.options(parameter, language)).get(value, value)

    def options(self, parameter: Parameter, language: str) -> list[tuple[str, str]]:
        return [(value, label[language]) for value, label in parameter.choices.items()]


class ConceptChoice(Choice):
    """A value of a controlled vocabulary, kept as its IRI."""

    def options(self, parameter: Parameter, language: str) -> list[tuple[str, str]]:
        concepts = schemas.vocabulary(parameter.vocabulary).concepts.values()
        return [(concept.iri, concept.text(language)) for concept in concepts if not concept.deprecated]

    def fault(self, parameter: Parameter, value: str) -> str | None:
        return None if value in schemas.vocabulary(parameter.vocabulary) else "unknown_choice"

    def write(self, parameter: Parameter, value: str, language: str) -> str:
        concept = schemas.vocabulary(parameter.vocabulary).concepts.get(value)
        return concept.text(language) if concept else value


class ProfileChoice(Choice):
    """A legal profile; in the sentence stands its statutory liability rule, or nothing where none is confirmed."""

    def options(self, parameter: Parameter, language: str) -> list[tuple[str, str]]:
        return [(profile.code, profile.land[language]) for profile in profiles.all_profiles().values()]

    def write(self, parameter: Parameter, value: str, language: str) -> str:
        profile = profiles.all_profiles().get(value)
        return profile.liability_rule if profile else ""


# The sentences by which bodies pretend to be free of liability.
_EXCLUSION = re.compile(
    r"(jegliche|keinerlei|jede)\w* haftung|haftung\w*\b[^.\n]{0,80}\b(ausgeschlossen|ausschlie)"
    r"|schlie\w+\b[^.\n]{0,60}\bhaftung|haftungsausschluss"
    r"|(any|all)( and all)? liabilit\w+\b[^.\n]{0,40}\b(excluded|disclaimed)"
    r"|(exclude|disclaim)s? (any|all)\b[^.\n]{0,30}\bliabilit|no liability (whatsoever|of any kind)",
    re.IGNORECASE,
)


def excludes_liability(text: str) -> bool:
    """Whether *text* pretends to exclude liability, which no portal can (BGH 21.06.2007, III ZR 177/06)."""
    return bool(_EXCLUSION.search(text))


KINDS: Mapping[str, Kind] = {
    "text": Text(),
    "number": Number(),
    "date": Day(),
    "url": Address(),
    "choice": Choice(),
    "concept": ConceptChoice(),
    "profile": ProfileChoice(),
}


def clean(value: Any) -> str:
    """*value* as one line of plain text: normalised, without control and direction characters."""
    text = unicodedata.normalize("NFC", "" if value is None else str(value))
    kept = "".join(" " if sign.isspace() else sign for sign in text if _is_printable(sign))
    return " ".join(kept.split())


def fault_of(parameter: Parameter, value: Any) -> str | None:
    """The reason why *value* cannot stand for *parameter*, or nothing."""
    if value is not None and not isinstance(value, (str, int, float, date)):
        return "not_text"
    if isinstance(value, str) and len(value) > LIMIT:
        return "too_long"
    text = clean(value)
    if not text:
        return "missing" if parameter.required else None
    return KINDS[parameter.kind].fault(parameter, text)


def is_web_address(value: str) -> bool:
    """Whether *value* is an http or https address with a host and nothing that could break out of a sentence."""
    if re.search(r"[\s<>\"'`\\]", value):
        return False
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False


def written_day(day: date, language: str) -> str:
    """*day* as people write it in *language*."""
    if language == "de":
        return f"{day.day:02}.{day.month:02}.{day.year}"
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


@cache
def _sentences() -> Mapping[str, Mapping[str, str]]:
    return schemas.read("notices")["faults"]


def _is_printable(sign: str) -> bool:
    # Cf: direction overrides and joiners can make a text read differently from what it says.
    return sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Co")


def _day(value: str) -> date | None:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
