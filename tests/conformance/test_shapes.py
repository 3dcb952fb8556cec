"""The official shapes through our judges, against the results measured with the complete imports."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from ckanext.landlab.dcat import syntax
from ckanext.landlab.dcat.shapes import shapes_of
from ckanext.landlab.dcat.validation import Catalogue, conforms, judge

TESTDATA = Path(__file__).parents[3] / "shared" / "testdata"
KEYS = {"3.0": "v30_de_spec", "2.0": "v20_de_spec", "2.0-conventions": "v20_de_spec_implr", "mqa": "mqa_alpha"}
# pyrudof overlooks these Warnings: a literal below the `sh:or` of politicalGeocodingURI.  The verdict is the same.
OVERLOOKED = {
    "examples/spec30/Dataset-und-Distribution.ttl": 1,
    "testcases/v1.1/dataset-politicalGeocodingURI.ttl": 1,
    "testcases/v2.0/dataset-dcatde_politicalGeocodingURI.ttl": 3,
}

FORMAT_LIST = (
    "dcat:Distribution: dcterms:format MUSS folgendes Vokabular benutzen:"
    " https://www.dcat-ap.de/def/dcatde/3.0/spec/#kv-file-type"
)

EXPECTED = json.loads((TESTDATA / "expected.json").read_text(encoding="utf-8"))["files"]
FILES = sorted(EXPECTED)


def statements(name: str):
    return list(syntax.parse((TESTDATA / name).read_bytes(), syntax.syntax_of(Path(name).suffix)).graph)


def severities(results) -> Counter[str]:
    initial = {"Violation": "V", "Warning": "W", "Info": "I"}
    return Counter(initial.get(result.severity, result.severity) for result in results)


def test_all_files_are_here():
    assert len(FILES) == 81


@pytest.mark.parametrize("profile", KEYS)
def test_the_fast_judge_counts_what_was_measured(profile):
    catalogue = Catalogue(shapes_of(TESTDATA / "shapes", profile))
    wrong = {}
    for name in FILES:
        expected = EXPECTED[name]["profiles"][KEYS[profile]]
        counted = severities(results := catalogue.judge(statements(name)))
        if profile.startswith("2.0"):
            counted["W"] += OVERLOOKED.get(name, 0)
        if +counted != +Counter(expected["counts"]):
            wrong[name] = (counted, expected["counts"])
        assert conforms(results) == expected.get("conforms", True), name
    assert wrong == {}


@pytest.mark.parametrize(
    "name",
    [
        "examples/own/valid-maximal-3.0.ttl",
        "examples/spec30/Dataset-und-Distribution.ttl",
        "testcases/v2.0/konventionen/perfect.ttl",
        "portals/mdk-different.rdf",
    ],
)
def test_the_reference_judge_counts_the_same(name):
    results = judge(statements(name), shapes_of(TESTDATA / "shapes", "3.0"))

    assert severities(results) == +Counter(EXPECTED[name]["profiles"]["v30_de_spec"]["counts"])


@pytest.mark.parametrize("judged", ["fast", "reference"])
def test_a_result_names_node_path_and_what_to_do(judged):
    shapes = shapes_of(TESTDATA / "shapes", "3.0")
    graph = statements("testcases/v2.0/konventionen/konv32.ttl")

    results = Catalogue(shapes).judge(graph) if judged == "fast" else judge(graph, shapes)

    assert [(r.severity, r.focus, r.path.rpartition("#")[2], r.message) for r in results] == [
        (
            "Violation",
            "http://example.org/#format",
            "inScheme",
            FORMAT_LIST,
        )
    ]
