"""Areas: the level of administration that an area stands for, and the keys of 2.0."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ckanext.landlab.dcat import concepts

LEVEL = "http://dcat-ap.de/def/politicalGeocoding/Level/"
KEYS = "http://dcat-ap.de/def/politicalGeocoding/"
GERMANY = "http://publications.europa.eu/resource/authority/country/DEU"
_LEVELS = {
    "municipalityKey": "municipality",
    "regionalKey": "municipality",
    "municipalAssociationKey": "municipality",
    "districtKey": "administrativeDistrict",
    "governmentDistrictKey": "administrativeDistrict",
    "stateKey": "state",
}
_KEY = re.compile(rf"{re.escape(KEYS)}(\w+Key)/(\d+)")


def levels_of(places: Iterable[str]) -> list[str]:
    """The levels of *places* (convention 9); a city that is a district of its own counts as municipality."""
    return list(dict.fromkeys(LEVEL + level for level in map(_level, places) if level))


def _level(place: str) -> str:
    if place == GERMANY:
        return "federal"
    key = _KEY.fullmatch(place)
    region = concepts.found("regions", place) if key else None
    if region and region.facts.get("city"):
        return "municipality"
    return _LEVELS.get(key[1], "") if key else ""


def keys_of(places: Iterable[str]) -> list[str]:
    """Those of *places* that 2.0 wants as `dcatde:politicalGeocodingURI` (conventions 8 and 11)."""
    return [place for place in places if _KEY.fullmatch(place)]
