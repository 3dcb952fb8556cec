"""Places with an official key: found by typing a name, with level, parents and both kinds of key.

A municipality has an AGS (8 digits) and an ARS (12 digits: the AGS with the number of its association in
the middle); a district has 5 digits, a Land 2.  The list is the vocabulary `regions`: the shipped part, or
what a site imported from the official list of municipalities (see `gazetteer.py`).
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from ckanext.landlab import schemas
from ckanext.landlab.schemas import Concept, Vocabulary

BASE = "http://dcat-ap.de/def/politicalGeocoding/"
LEVEL = f"{BASE}Level/"
EU = "http://publications.europa.eu/resource/authority/"
SCHEMES = {"state": "stateKey", "district": "districtKey", "municipality": "municipalityKey"}
MAX_TYPED = 100  # longer input is no place name

# What one list calls this and another that: among places of the same name the smaller one is meant more often.
_ORDER = {"municipality": 0, "district": 1, "state": 2}
_LEVELS = {
    "stateKey": "state",
    "governmentDistrictKey": "administrativeDistrict",
    "districtKey": "administrativeDistrict",
    "municipalAssociationKey": "municipality",
    "municipalityKey": "municipality",
    "regionalKey": "municipality",
}


@dataclass(frozen=True)
class Region:
    """A place of the list."""

    iri: str
    key: str
    name: str
    kind: str
    parent: str = ""
    ars: str = ""

    @property
    def level(self) -> str:
        """The IRI of the political level that a dataset about this place has."""
        return level_of(self.iri)


def iri_of(kind: str, key: str) -> str:
    """The IRI of the place of this *kind* with this *key*."""
    return f"{BASE}{SCHEMES[kind]}/{key}"


def level_of(iri: str) -> str:
    """The political level that the place *iri* lies on, or an empty text where that cannot be told."""
    if iri.startswith(BASE):
        scheme = iri.removeprefix(BASE).partition("/")[0]
        return LEVEL + _LEVELS[scheme] if scheme in _LEVELS else ""
    if iri == f"{EU}country/DEU":
        return f"{LEVEL}federal"
    if iri == f"{EU}continent/EUROPE":
        return f"{LEVEL}european"
    return f"{LEVEL}international" if iri.startswith((f"{EU}country/", f"{EU}continent/")) else ""


def ags_of(ars: str) -> str:
    """The AGS of the municipality with the regional key *ars*."""
    return ars[:5] + ars[9:12]


def ars_of(ags: str) -> str:
    """The regional key of the municipality *ags*, or an empty text if it is not in the list."""
    region = region_of(iri_of("municipality", ags))
    return region.ars if region else ""


def region_of(iri: str) -> Region | None:
    """The place with this IRI, whichever of its keys the IRI holds."""
    if iri.startswith(f"{BASE}regionalKey/"):
        iri = iri_of("municipality", ags_of(iri.rpartition("/")[2]))
    concept = schemas.vocabulary("regions").concepts.get(iri)
    return _region(concept) if concept else None


def parents(iri: str) -> list[Region]:
    """The places that hold the place *iri*, the nearest first."""
    chain: list[Region] = []
    region = region_of(iri)
    while region and region.parent:
        region = region_of(iri_of("state" if len(region.parent) == 2 else "district", region.parent))
        chain.extend([region] if region else [])
    return chain


def search(typed: str, limit: int = 20, kinds: frozenset[str] = frozenset(SCHEMES)) -> list[Region]:
    """The places that *typed* may mean, the likeliest first; digits are taken as the beginning of a key."""
    words = fold(typed[:MAX_TYPED]).split()
    if not words:
        return []
    index = _index(schemas.vocabulary("regions"))
    places = set.intersection(*(index.beginning_with(word) for word in words))
    found = [region for region in (index.regions[place] for place in places) if region.kind in kinds]
    return sorted(found, key=lambda region: _rank(region, " ".join(words)))[:limit]


def fold(text: str) -> str:
    """*text* as it is compared: lower case, umlauts spelt out, no accents, words and digits only."""
    spelt = text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    bare = unicodedata.normalize("NFKD", spelt)
    return " ".join(re.findall(r"[a-z0-9]+", "".join(c for c in bare if not unicodedata.combining(c))))


def _rank(region: Region, typed: str) -> tuple[int, int, int, str, str]:
    """Exact name or key, its beginning, then the rest; short names and small places first."""
    spellings = (*_spellings(region.name), region.key)
    nearness = 0 if typed in spellings else 1 if any(name.startswith(typed) for name in spellings) else 2
    return nearness, _ORDER[region.kind], len(region.name), region.name, region.key


def _spellings(name: str) -> tuple[str, ...]:
    """A name with umlauts spelt out, and the same with the dots left away (Koeln, Koln)."""
    dotless = name.casefold().translate(str.maketrans("äöü", "aou"))
    return tuple(dict.fromkeys((fold(name.partition(",")[0]), fold(dotless.partition(",")[0]), fold(name))))


class _Index:
    """The words of all names and all keys, sorted, so that a beginning is found by bisection."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.regions = [_region(concept) for concept in vocabulary.concepts.values()]
        entries = sorted((word, place) for place, region in enumerate(self.regions) for word in _words(region))
        self._words = [word for word, _ in entries]
        self._places = [place for _, place in entries]

    def beginning_with(self, word: str) -> set[int]:
        first, after = bisect_left(self._words, word), bisect_left(self._words, word + "\x7f")
        return set(self._places[first:after])


@cache
def _index_of(version: tuple[str, str, int]) -> _Index:
    return _Index(schemas.vocabulary("regions"))


def _index(vocabulary: Vocabulary) -> _Index:
    return _index_of((vocabulary.version, vocabulary.taken, len(vocabulary.concepts)))


def _words(region: Region) -> Iterator[str]:
    yield from {word for name in _spellings(region.name) for word in name.split()}
    yield from {region.key, region.ars} - {""}


def _region(concept: Concept) -> Region:
    facts = concept.facts
    return Region(
        iri=concept.iri,
        key=concept.code,
        name=concept.label["de"],
        kind=facts["kind"],
        parent=facts.get("parent", ""),
        ars=facts.get("ars", ""),
    )
