"""Finding the concept that somebody meant: by its IRI, an older or odd spelling, its code or its name.

The odd spellings are data, `schemas/conversions.yaml`, each with the portal that sends it and the reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any
from urllib.parse import unquote

from ckanext.landlab import schemas
from ckanext.landlab.dcat.licences import licence_of

_BASE = re.compile(r"https?://(www\.)?iana\.org/assignments/media-types/", re.IGNORECASE)

# "OGC:WMS-1.3.0-http-get-map" of catalogue services (CSW), "WMS 1.1.1"
_SERVICE = re.compile(r"(?:OGC[: ])?(WMS|WFS|WCS|WMTS)(?:[ -]?\d.*|-http-.*)?", re.IGNORECASE)


@cache
def conversions() -> Mapping[str, Any]:
    """What becomes what when older or odd metadata are read (`schemas/conversions.yaml`)."""
    return schemas.read("conversions")


@cache
def known(name: str) -> bool:
    return name in schemas.vocabularies()


@cache
def _spellings(name: str) -> Mapping[str, str]:
    """The odd spellings of a vocabulary's concepts, in lower case, and the codes or IRIs that they mean."""
    listed = [entry for entry in conversions()["spellings"] if entry["vocabulary"] == name]
    return {str(spelling).casefold(): meaning for entry in listed for spelling, meaning in entry["means"].items()}


@cache
def _paths(name: str) -> tuple[str, ...]:
    """What stands before the code or name in addresses below a portal's own, each as `/path/`."""
    return tuple(f"/{entry['path']}/" for entry in conversions()["paths"] if entry["vocabulary"] == name)


@lru_cache(maxsize=8192)
def found(name: str, text: str) -> schemas.Concept | None:
    """The concept of vocabulary *name* that *text* means beyond doubt, else None."""
    if not known(name):
        return None
    vocabulary = schemas.vocabulary(name)
    if name == "licenses":
        recognised = licence_of(text)
        return vocabulary.concepts.get(recognised.iri) if recognised else None
    variants = _variants(name, text.strip())
    for spelling in variants:
        concept = vocabulary.concepts.get(spelling) or vocabulary.by_code(spelling)
        if concept:
            return concept
    names, types = _names(name), _media_types(name)
    return next(filter(None, (names.get(one.casefold()) or types.get(one) for one in variants)), None)


def _variants(name: str, text: str) -> list[str]:
    """*text* as it is, then without what people add or leave out, then what its odd spelling means."""
    plain = text.rstrip("/")
    other = (
        plain.replace("https://", "http://", 1)
        if plain.startswith("https://")
        else plain.replace("http://", "https://", 1)
    )
    service = _SERVICE.fullmatch(text.strip())
    bare = text.split(";")[0].strip().lstrip(".").replace("_", "-")  # ".csv", "CSV; charset=utf-8", "de_DE"
    variants = [text, plain, other, plain.replace("://www.", "://", 1), _BASE.sub("", text), bare]
    if service:
        variants.append(service[1])
    base = schemas.vocabulary(name).base
    if base and plain.startswith(base):
        variants.append(plain[len(base) :])  # an address made of the list's own and a code that it does not have
    before, slash, code = plain.rpartition("/")
    if (before + slash).endswith(_paths(name)):
        variants.append(unquote(code))
    meanings = (_spellings(name).get(variant.casefold()) for variant in variants)
    return [*variants, *(meaning for meaning in meanings if meaning)]


@cache
def _names(name: str) -> Mapping[str, schemas.Concept]:
    """The concepts by their German and English names, as far as a name means only one."""
    concepts = schemas.vocabulary(name).concepts.values()
    names: dict[str, schemas.Concept | None] = {}
    for concept in concepts:
        for label in {label.casefold() for label in concept.label.values()}:
            names[label] = None if label in names else concept
    return {label: concept for label, concept in names.items() if concept}


@cache
def _media_types(name: str) -> Mapping[str, schemas.Concept]:
    """The concepts by the media types that they alone have."""
    pairs = [(type_, concept) for concept in schemas.vocabulary(name).concepts.values() for type_ in _types(concept)]
    counts = Counter(type_ for type_, _ in pairs)
    return {type_: concept for type_, concept in pairs if counts[type_] == 1}


def _types(concept: schemas.Concept) -> list[str]:
    return concept.facts.get("media_types", [])


def listed(name: str, iri: str) -> bool:
    """Whether *iri* is in vocabulary *name*; a vocabulary that the site does not have lists nothing."""
    return known(name) and iri in schemas.vocabulary(name)
