"""Every RDF document of the test data into records and out again: nothing is lost, what changes is listed."""

import random
import re
from pathlib import Path

import pytest
from ckanext.landlab.dcat import catalog, syntax
from ckanext.landlab.dcat.fingerprint import fingerprint
from ckanext.landlab.dcat.graph import Graph
from ckanext.landlab.dcat.terms import TYPE, expand
from trip import TESTDATA, Trip, documents, read, trip

NAMES = documents() if TESTDATA.is_dir() else []

# Statements in all documents together, and what became of them in 3.0.  A new number is a change of the mapping.
TOTAL = {"total": 21_990, "same": 19_290, "converted": 2_476, "older": 219, "surplus": 5, "lost": 0}

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


def made(name: str, version: str = "3.0", syntax_name: str = "nt", source: Graph | None = None) -> Trip:
    source = source or read(name)
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


def said_otherwise():
    """The properties for which docs/mapping.md names another form in 2.0, and those whose values it lists."""
    page = (Path(__file__).parents[2] / "docs" / "mapping.md").read_text(encoding="utf-8")
    rows = [line.split("|") for line in page.splitlines() if line.startswith("| `")]
    changed = [row[2] for row in rows if len(row) == 10 and row[7].strip() != "the same"]
    names = {name for cell in changed for name in re.findall("`([a-z]+:[A-Za-z]+)`", cell)}
    return {expand(name) for name in (*names, "adms:status", "spdx:algorithm")}


@pytest.mark.parametrize("name", NAMES)
def test_what_does_not_go_out_in_2_0_is_declared(name):
    source, otherwise = read(name), said_otherwise()
    lost = [one for one in made(name, "2.0", source=source).lost if one[1:] != (TYPE, expand("dct:Location"))]
    above = {value: predicate for _, predicate, value in source if value[0] == "_"}

    undeclared = [one for one in lost if not otherwise & {one[1], above.get(one[0])}]

    assert undeclared == []
    assert not lost or name.startswith(("examples/own", "examples/spec30"))  # older documents are all in 2.0


def all_read(statements):
    harvest = catalog.read(Graph.of(statements))
    given = [syntax.serialise(harvest.statements(version), "nt") for version in ("3.0", "2.0")]
    return list(harvest.records.values()), list(harvest.catalogs.values()), harvest.rest, given


def test_the_same_statements_make_the_same_records_in_every_syntax_and_order():
    """Records as they are stored, and bytes as they go out; blank nodes have other labels each time."""
    chance, other = random.Random(5), {}
    for name in NAMES:
        source = list(read(name))
        shuffled = chance.sample(source, len(source))
        labels = {term: f"_:z{chance.randrange(10**12)}" for s, _, o in source for term in (s, o) if term[0] == "_"}
        same = {"shuffled": [(labels.get(s, s), p, labels.get(o, o)) for s, p, o in shuffled]}
        for one in ("ttl", "rdf", "jsonld"):
            same[one] = list(syntax.parse(syntax.serialise(shuffled, one), one).graph)
        expected = all_read(source)

        for one, statements in same.items():
            if all_read(statements) != expected:
                other[name] = one
    assert other == {}


@pytest.mark.parametrize("name", NAMES)
def test_a_second_trip_changes_nothing(name):
    """What was converted once is settled: records read from our own output are the records it was written from."""
    first = catalog.read(read(name)).statements()

    second = catalog.read(Graph.of(first)).statements()
    third = catalog.read(Graph.of(second)).statements()

    # What was converted may stand at another place of a list, and its blank node have another number.
    assert fingerprint(second) == fingerprint(first)
    assert third == second
