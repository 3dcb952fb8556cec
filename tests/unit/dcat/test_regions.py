"""Places found by typing, their levels and keys."""

from __future__ import annotations

import pytest
from ckanext.landlab.dcat.regions import LEVEL, ags_of, ars_of, fold, level_of, parents, region_of, search

BASE = "http://dcat-ap.de/def/politicalGeocoding/"
MANNHEIM = f"{BASE}municipalityKey/08222000"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("Mannheim", "Mannheim"),
        ("mannh", "Mannheim"),
        ("MANNHEIM", "Mannheim"),
        ("Köln", "Köln"),
        ("koeln", "Köln"),
        ("koln", "Köln"),
        ("Ludwigsh", "Ludwigshafen am Rhein"),
        ("ludwigshafen rhein", "Ludwigshafen am Rhein"),
        ("frankenthal pfalz", "Frankenthal (Pfalz)"),
        ("sudliche", "Südliche Weinstraße"),
        ("weinstrasse neust", "Neustadt an der Weinstraße"),
        ("st leon", "St. Leon-Rot"),
        ("Hessen", "Hessen"),
        ("bergstr", "Bergstraße"),
        ("08222000", "Mannheim"),
        ("07314", "Ludwigshafen am Rhein, kreisfreie Stadt"),
        ("07", "Rheinland-Pfalz"),
    ],
)
def test_a_place_is_found_as_people_type_it(typed, first):
    assert search(typed)[0].name == first


@pytest.mark.parametrize("typed", ["", "   ", "xyzzy", "Mannheim xyzzy", "'; drop table", "-", "\x00", "x" * 10_000])
def test_what_is_no_place_finds_nothing(typed):
    assert search(typed) == []


def test_the_municipality_comes_before_the_district_of_the_same_name():
    assert [region.kind for region in search("Karlsruhe")] == ["municipality", "district", "district"]


def test_kinds_and_limit_narrow_the_list():
    assert {region.kind for region in search("neu", kinds=frozenset({"district"}))} == {"district"}
    assert len(search("n", limit=3)) == 3


@pytest.mark.parametrize(
    ("iri", "level"),
    [
        (MANNHEIM, "municipality"),
        (f"{BASE}regionalKey/082220000000", "municipality"),
        (f"{BASE}municipalAssociationKey/073325006", "municipality"),
        (f"{BASE}districtKey/08222", "administrativeDistrict"),
        (f"{BASE}governmentDistrictKey/082", "administrativeDistrict"),
        (f"{BASE}stateKey/08", "state"),
        ("http://publications.europa.eu/resource/authority/country/DEU", "federal"),
        ("http://publications.europa.eu/resource/authority/country/FRA", "international"),
        ("http://publications.europa.eu/resource/authority/continent/EUROPE", "european"),
        ("http://sws.geonames.org/2873891/", ""),
        (f"{BASE}nonsense/1", ""),
        ("", ""),
    ],
)
def test_the_level_follows_from_the_place(iri, level):
    assert level_of(iri) == (LEVEL + level if level else "")


def test_both_keys_lead_to_the_same_place():
    assert ags_of("073325006001") == "07332001"
    assert ars_of("08222000") == "082220000000"
    assert ars_of("99999999") == ""
    assert region_of(f"{BASE}regionalKey/082220000000") == region_of(MANNHEIM)
    assert region_of("http://example.org/") is None


def test_parents_are_listed_from_near_to_far():
    assert [region.name for region in parents(f"{BASE}municipalityKey/07332002")] == ["Bad Dürkheim", "Rheinland-Pfalz"]
    assert parents(f"{BASE}stateKey/08") == []
    assert parents("http://example.org/") == []


def test_folding_keeps_letters_and_digits():
    assert fold("Neustadt a. d. Weinstraße (Süd)") == "neustadt a d weinstrasse sued"
