"""Catalogues made up after the templates of portals, with every oddity that these send, into records and out again.

They are ours, in `templates/`: no data of anybody, and more wrong in a few datasets than real catalogues are in many.
"""

from pathlib import Path

import pytest
from ckanext.landlab.dcat import catalog, syntax
from ckanext.landlab.dcat.conformity import faults
from ckanext.landlab.dcat.fingerprint import fingerprint
from ckanext.landlab.dcat.graph import Graph
from ckanext.landlab.dcat.shapes import shapes_of
from ckanext.landlab.dcat.validation import Catalogue
from test_agreement import _official_place, _place
from trip import TESTDATA, trip

TEMPLATES = Path(__file__).parent / "templates"

# Violations and warnings of the official shapes before and after the trip.  What is left is the source's own fault:
# nothing is known of what it points at, or words stand where only the source knows what they mean.
LEFT = {
    "arcgis-hub.jsonld": (30, 7),
    "ckanext-dcatde.rdf": (53, 7),
    "dkan.rdf": (34, 11),
    "full-3.0.ttl": (4, 0),
    "geonetwork.rdf": (31, 12),
    "opendatasoft.ttl": (63, 21),
    "piveau.ttl": (52, 10),
    "shared.ttl": (46, 14),
}


def read(name: str) -> Graph:
    came = syntax.parse((TEMPLATES / name).read_bytes(), syntax.syntax_of(Path(name).suffix)).graph
    return syntax.parse(syntax.serialise(came, "nt"), "nt").graph  # language tags in small letters, whatever the syntax


def test_all_templates_are_here():
    assert sorted(LEFT) == sorted(file.name for file in TEMPLATES.iterdir())


@pytest.mark.parametrize("name", LEFT)
def test_no_statement_is_lost_and_a_second_trip_changes_nothing(name):
    source = read(name)
    harvest = catalog.read(source)
    first = harvest.statements()

    assert trip(source, harvest, Graph.of(first)).lost == []
    second = catalog.read(Graph.of(first)).statements()
    assert fingerprint(second) == fingerprint(first)


@pytest.fixture(scope="module")
def official():
    if not TESTDATA.is_dir():
        pytest.skip("LOUD: ../shared/testdata is not there")
    return Catalogue(shapes_of(TESTDATA / "shapes", "3.0"))


@pytest.mark.parametrize("name", LEFT)
def test_what_is_left_is_the_fault_of_the_source_and_told(name, official):
    came = read(name)
    written = Graph.of(catalog.read(came).statements())

    results = official.judge(written)

    assert (len(official.judge(came)), len(results)) == LEFT[name]
    assert {_place(fault) for fault in faults(written) if fault.official} == {_official_place(one) for one in results}
