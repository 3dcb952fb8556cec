"""Licences as portals write them, and which entry of the list of dcat-ap.de they mean.

Only what is unambiguous is recognised: a code, an address, a name, or a text that speaks of exactly one
licence.  Everything else stays as it came and is reported; nothing becomes `other-closed` by itself
(convention K34: addresses outside the list are passed on unchanged).  Spellings and their sources:
`schemas/licence_spellings.yaml`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ckanext.landlab import schemas
from ckanext.landlab.errors import DeclarationError

MAX_LENGTH = 20_000  # longer texts are no licence names; do not search them

# Words after a name without version that make it another licence, or none of the list.
_NARROWING = {"nc", "sa", "nd", "de", "nicht", "non", "noncommercial", "share", "weitergabe", "keine", "no", "unported"}
# Words that turn a sentence about a licence around, or offer a choice.
_DOUBT = {"not", "except", "außer", "ausgenommen", "oder", "or", "bzw", "unless", "sofern"}
UNLISTED = "a licence that the list does not have"
_LICENCE_HOSTS = r"creativecommons\.org/|opendatacommons\.org/|govdata\.de/dl-de|gnu\.org/|opendefinition\.org/"
_NEGATION = {"nicht": "kommerziell", "keine": "bearbeitung"}  # part of a licence's name when followed by this


@dataclass(frozen=True)
class Recognised:
    """The licence a spelling means, and the text to name with it if the spelling brought one along."""

    iri: str
    attribution: str = ""


def licence_of(spelling: str) -> Recognised | None:
    """The entry of the list that *spelling* means, or None if that is not certain."""
    text = spelling.strip()
    if not text or len(text) > MAX_LENGTH:
        return None
    if text.startswith("{"):
        return _from_json(text)
    if iri := _spellings().get(fold(text)):
        return Recognised(iri)
    found = set(_mentioned(text))
    if len(found) != 1 or UNLISTED in found or _doubtful(fold(text).split()):
        return None
    return Recognised(found.pop())


def fold(spelling: str) -> str:
    """*spelling* without what does not matter: case, punctuation, scheme, www, the word version."""
    text = re.sub(r"^\s*https?://(www\.)?", "", spelling.casefold())
    text = re.sub(r"/(deed|legalcode)(\.[a-z]{2}(_[a-z]{2})?)?/?$", "", text)
    return " ".join(word for word in re.findall(r"\w+", text.replace("_", " ")) if word != "version")


@cache
def _spellings() -> Mapping[str, str]:
    """Folded spelling → IRI.  Raises DeclarationError when two licences claim the same spelling."""
    table: dict[str, str] = {}
    for spelling, iri in _declared():
        if table.setdefault(key := fold(spelling), iri) != iri:
            raise DeclarationError("licence_spellings.yaml", spelling, f"means both {table[key]} and {iri}")
    return table


def _declared() -> Iterator[tuple[str, str]]:
    vocabulary = schemas.vocabulary("licenses")
    for iri, concept in vocabulary.concepts.items():
        yield from ((name, iri) for name in _own_names(iri, concept))
    for group in schemas.read("licence_spellings")["spellings"]:
        for spelling, code in group["says"].items():
            concept = vocabulary.by_code(code)
            if concept is None:
                raise DeclarationError("licence_spellings.yaml", spelling, f"{code} is not in the list")
            yield spelling, concept.iri


def _own_names(iri: str, concept: schemas.Concept) -> Iterator[str]:
    facts = concept.facts
    yield from (iri, concept.code, *concept.label.values(), *facts.get("legacy", ()))
    yield from (facts[key] for key in ("text", "spdx", "opendefinition") if key in facts)
    # The list gives CC BY-ND without a version the address of CC BY-ND 3.0: the address means 3.0.
    if "listed" in facts and fold(facts["listed"]) not in _texts():
        yield facts["listed"]


@cache
def _texts() -> frozenset[str]:
    facts = (concept.facts for concept in schemas.vocabulary("licenses").concepts.values())
    return frozenset(fold(fact["text"]) for fact in facts if "text" in fact)


def _from_json(text: str) -> Recognised | None:
    """GDI-DE puts id, name, url and the source to be named into one JSON text."""
    try:
        content = json.loads(text)
    except ValueError:
        return None
    found = {match.iri for key in ("id", "url", "name") if (match := _value(content, key))}
    if len(found) != 1:
        return None
    source = content.get("quelle")
    return Recognised(found.pop(), source.strip() if isinstance(source, str) else "")


def _value(content: Mapping[str, Any], key: str) -> Recognised | None:
    value = content.get(key)
    return licence_of(value) if isinstance(value, str) and not value.startswith("{") else None


def _mentioned(text: str) -> Iterator[str]:
    """The licences that a longer text names: by address, or by a name that no further word narrows."""
    for address in re.findall(r"https?://[^\s<>\"')\]]+", text):
        iri = _spellings().get(fold(address.rstrip(".,;")))
        if iri or re.search(_LICENCE_HOSTS, address):
            yield iri or UNLISTED
    words = fold(re.sub(r"https?://\S+", " ", text)).split()
    position = 0
    while position < len(words):
        length, iri = _longest(words, position)
        if iri and not _narrowed(words[position : position + length], words[position + length : position + length + 1]):
            yield iri
        position += length


def _longest(words: list[str], position: int) -> tuple[int, str]:
    for length in range(min(_LONGEST, len(words) - position), 1, -1):
        if iri := _spellings().get(" ".join(words[position : position + length])):
            return length, iri
    return 1, ""


_LONGEST = 14  # words of the longest name worth looking for


def _narrowed(name: list[str], following: list[str]) -> bool:
    has_version = any(word.isdigit() for word in name)
    return (
        bool(following)
        and (following[0] in _NARROWING or following[0].isdigit())
        and not (has_version and following[0] not in _NARROWING)
    )


def _doubtful(words: list[str]) -> bool:
    pairs = zip(words, [*words[1:], ""], strict=True)
    return any(word in _DOUBT or (word in _NEGATION and after != _NEGATION[word]) for word, after in pairs)
