"""The score of data.europa.eu: its points, what is open, and what to do next."""

from __future__ import annotations

import copy

import pytest
from ckanext.landlab.dcat.context import Context
from ckanext.landlab.dcat.quality import average, maximum, metrics, of_dataset

EU = "http://publications.europa.eu/resource/authority/"
CONTEXT = Context(base="https://daten.musterstadt.example", statement="https://daten.musterstadt.example/hinweise")
FILE = "https://www.musterstadt.example/baeume.csv"
FULL = {
    "id": "5f0c",
    "type": "dataset",
    "title": "Baumkataster",
    "notes": "Alle Bäume auf städtischen Flächen.",
    "tag_string": "Baum",
    "theme": [f"{EU}data-theme/ENVI"],
    "publisher": [{"name": "Stadt Musterstadt"}],
    "contact": [{"email": "opendata@musterstadt.example"}],
    "spatial_coverage": [{"uri": "http://dcat-ap.de/def/politicalGeocoding/municipalityKey/08222000"}],
    "temporal_coverage": [{"start": "2024-01-01"}],
    "access_rights": f"{EU}access-right/PUBLIC",
    "license_id": "http://dcat-ap.de/def/licenses/dl-zero-de/2.0",
    "issued": "2024-01-02",
    "modified": "2024-03-01",
    "resources": [{"id": "r", "url": FILE, "download_url": FILE, "format": "CSV", "mimetype": "text/csv", "size": 9}],
}


def without(field: str, files: bool = False):
    record = copy.deepcopy(FULL)
    del (record["resources"][0] if files else record)[field]
    return record


def test_the_methodology_has_405_points_in_five_dimensions():
    score = of_dataset(FULL, CONTEXT)

    assert maximum() == 405
    assert len(metrics()) == 23
    assert {name: of for name, (_, of) in score.dimensions.items()} == {
        "findability": 100,
        "accessibility": 100,
        "interoperability": 110,
        "reusability": 75,
        "contextuality": 20,
    }


def test_a_full_record_earns_all_but_what_the_eu_list_of_licences_denies():
    score = of_dataset(FULL, CONTEXT, {FILE: True})

    assert (score.points, score.open, score.band) == (395, 0, "excellent")
    assert score.next_step() is None


def test_addresses_nobody_looked_at_are_open():
    score = of_dataset(FULL, CONTEXT)

    assert (score.points, score.open) == (315, 80)


@pytest.mark.parametrize(
    ("record", "lost", "step"),
    [
        (without("tag_string"), 30, "keyword"),
        (without("theme"), 30, "theme"),
        (without("spatial_coverage"), 20, "spatial"),
        (without("temporal_coverage"), 20, "temporal"),
        (without("format", files=True), 60, "format"),
        (without("mimetype", files=True), 10, "media-type"),
        (without("download_url", files=True), 50, "download-url-reachable"),
        (without("size", files=True), 5, "size"),
        (without("title"), 30, "conformance"),
        (without("contact"), 20, "contact"),
        (without("publisher"), 40, "conformance"),
        (without("access_rights"), 15, "access-right"),
        (without("issued"), 5, "issued"),
        ({**FULL, "resources": []}, 210, "access-url-reachable"),
    ],
)
def test_what_is_missing_costs_points_and_is_the_next_step(record, lost, step):
    score = of_dataset(record, CONTEXT, {FILE: True})

    assert 395 - score.points == lost
    assert score.next_step().id == step


def test_a_dead_address_costs_points():
    score = of_dataset(FULL, CONTEXT, {FILE: False})

    assert score.points == 315
    assert score.next_step().id == "access-url-reachable"


def test_one_good_file_is_enough():
    record = copy.deepcopy(FULL)
    record["resources"].append({"id": "s", "url": "https://www.musterstadt.example/x.pdf", "format": "PDF"})

    assert of_dataset(record, CONTEXT, {FILE: True}).points == 395


def test_a_proprietary_format_is_told():
    record = copy.deepcopy(FULL)
    record["resources"][0] |= {"format": "XLSX", "mimetype": ""}

    score = of_dataset(record, CONTEXT, {FILE: True})

    assert score.earned["machine-readable"] == 20
    assert score.next_step().id == "non-proprietary"


def test_several_datasets_make_an_average():
    together = average([of_dataset(FULL, CONTEXT, {FILE: True}), of_dataset(without("theme"), CONTEXT, {FILE: True})])

    assert together.points == 380
    assert average([]) is None


def test_a_score_is_told_as_json():
    told = of_dataset(without("theme"), CONTEXT, {FILE: True}).as_dict()

    assert (told["points"], told["of"], told["band"]) == (365, 405, "excellent")
    assert told["dimensions"]["findability"] == {"points": 70, "of": 100}
    assert told["next_step"] == {
        "metric": "theme",
        "field": "theme",
        "message": {"de": "Wählen Sie eine Kategorie.", "en": "Choose a theme."},
    }
