"""Every RDF document of the test data into records and out again: nothing is lost, what changes is listed."""

import pytest
from ckanext.landlab.dcat import catalog, syntax
from ckanext.landlab.dcat.graph import Graph
from ckanext.landlab.dcat.terms import expand
from trip import TESTDATA, Trip, documents, read, trip

NAMES = documents() if TESTDATA.is_dir() else []

# Statements in all documents together, and what became of them in 3.0.  A new number is a change of the mapping.
TOTAL = {"total": 21_990, "same": 19_357, "converted": 2_409, "older": 219, "surplus": 5, "lost": 0}

# The official examples: statements, and those that 3.0 says otherwise (language as IRI, format as IRI, tel: …).
EXAMPLES = {
    "examples/spec11/dcat_ap_de-RefImp_TTL_SIMPLE_V1.1.ttl": 21,
    "examples/spec11/dcat_ap_de-RefImp_TTL_ADVANCED_V1.1.ttl": 116,
    "examples/spec20/dcat_ap_de-RefImp_TTL_SIMPLE.ttl": 21,
    "examples/spec20/dcat_ap_de-RefImp_TTL_ADVANCED.ttl": 119,
    "examples/spec20/ex-23-dataservice.rdf": 36,
    "examples/spec30/Dataset-und-Distribution.ttl": 88,
    "examples/spec30/DatasetSeries.ttl": 77,
}


def made(name: str, version: str = "3.0", syntax_name: str = "nt") -> Trip:
    source = read(name)
    harvest = catalog.read(source)
    document = syntax.serialise(harvest.statements(version), syntax_name)
    return trip(source, harvest, syntax.parse(document, syntax_name).graph)


def test_all_documents_are_here():
    assert len(NAMES) == 81


def test_no_statement_is_lost_on_the_way_through_the_records():
    trips = [made(name) for name in NAMES]

    numbers = {
        "total": sum(one.total for one in trips),
        "same": sum(one.same for one in trips),
        "converted": sum(len(one.converted) for one in trips),
        "older": sum(len(one.older) for one in trips),
        "surplus": sum(len(one.surplus) for one in trips),
        "lost": sum(len(one.lost) for one in trips),
    }

    assert [one.lost for one in trips if one.lost] == []
    assert numbers == TOTAL


@pytest.mark.parametrize("syntax_name", ["ttl", "rdf", "jsonld", "nt"])
@pytest.mark.parametrize("name", EXAMPLES)
def test_the_official_examples_survive_in_every_syntax(name, syntax_name):
    one = made(name, "3.0", syntax_name)

    assert (one.total, one.lost) == (EXAMPLES[name], [])


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith(("examples/own", "examples/spec30"))])
def test_what_came_in_2_0_goes_out_in_2_0(name):
    lost = made(name, "2.0").lost

    # 2.0 asks each typed place for its geometry, so a place of which nothing else is known goes without its class
    assert [one for one in lost if one[2] != expand("dct:Location")] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_second_trip_changes_nothing(name):
    """What was converted once is settled: records read from our own output are the records it was written from."""
    first = catalog.read(read(name))
    document = syntax.serialise(first.statements(), "nt")

    second = catalog.read(syntax.parse(document, "nt").graph)

    assert Graph.of(second.statements()).subjects.keys() == Graph.of(first.statements()).subjects.keys()
    assert sorted(syntax.serialise(second.statements(), "nt").splitlines()) == sorted(document.splitlines())
