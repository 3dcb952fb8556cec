"""What comes in goes out again: real catalogues harvested, given out by our feed, compared statement by statement.

A portion runs always; `LANDLAB_FULL=1` takes every catalogue and portal of the test data.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from ckan.tests.helpers import CKANTestApp
from ckanext.landlab import catalogue
from ckanext.landlab.dcat import catalog, syntax
from ckanext.landlab.dcat.graph import Graph
from ckanext.landlab.dcat.terms import TYPE, expand
from harvest_case import upstream  # noqa: F401 a fixture

spec = importlib.util.spec_from_file_location("trip", Path(__file__).parents[1] / "conformance" / "trip.py")
assert spec
assert spec.loader
trips = importlib.util.module_from_spec(spec)
sys.modules["trip"] = trips  # dataclasses look their module up
spec.loader.exec_module(trips)

FOLDERS = ("catalogs", "portals")
OWN = Path(__file__).parents[1] / "conformance" / "templates" / "shared.ttl"
PORTION = ["catalogs/destatis-catalog-dataset-extracted.rdf", "portals/ckanext-dcatde-metadata_max.rdf", str(OWN)]
FULL = bool(os.environ.get("LANDLAB_FULL"))
NAMES = [name for name in trips.documents() if name.startswith(FOLDERS)] + [str(OWN)] if FULL else PORTION

pytestmark = pytest.mark.skipif(not trips.TESTDATA.exists(), reason="the test data are not there")


def test_every_file_is_taken_along():
    assert len(NAMES) >= (17 if FULL else 3)


@pytest.mark.parametrize("name", NAMES)
def test_a_catalogue_comes_out_as_it_came_in(name, upstream, app: CKANTestApp):  # noqa: F811
    document, base = trips.TESTDATA / name, f"{upstream.address}/catalog.ttl"
    source = syntax.parse(document.read_bytes(), syntax.syntax_of(document.suffix), base).graph
    read = catalog.read(source, base)
    upstream.pages["/catalog.ttl"] = document.read_bytes()

    run = upstream.harvest()
    written = Graph.of(_given_out(app, upstream.organization["name"])) if run.counts.get("created") else Graph()

    result = trips.trip(_reachable(source, read), read, written)
    older = trips.trip(_reachable(source, read), read, Graph.of(_given_out_in_2(upstream.organization["name"])))
    kinds = Counter(remark.kind for address in read.records for remark in read.remarks[address])
    print(f"{name}: {result.total} statements, {result.same} as they were, {len(result.converted)} converted,")
    print(f"  {len(result.older)} of 2.0 only, {len(result.surplus)} surplus, {len(result.lost)} lost; {dict(kinds)}")
    assert run.counts.get("created", 0) + run.counts.get("rejected", 0) + run.counts.get("duplicate", 0) == len(
        read.records
    )
    print(f"  in 2.0 {older.same} as they were, {len(older.converted)} converted, {len(older.lost)} lost")
    # 2.0 asks a place with its class for its geometry: docs/mapping.md says so.
    left = [said for said in older.lost if said[1:] != (TYPE, expand("dct:Location"))]
    assert left == [] or name == str(OWN)  # which says things that 2.0 cannot
    assert result.lost == []
    assert result.total > 0 or not read.records


def _reachable(source: Graph, read: catalog.Harvest) -> Graph:
    """What can be reached from the records: the statements of the catalogue itself are not ours to give out."""
    names = read.named
    seen = [node for item in catalog.items(source) for node in item.content[2]]
    back = {new: old for old, new in names.items()}
    return Graph.of(source.about(dict.fromkeys(back.get(node, node) for node in seen)))


def _given_out(app: CKANTestApp, organization: str):
    """The statements of every page of the organisation's feed."""
    number, pages = 1, 1
    while number <= pages:
        answer = app.get(f"/organization/{organization}/catalog.nt?page={number}")
        page = syntax.parse(answer.body.encode() if isinstance(answer.body, str) else answer.body, "nt").graph
        # Blank nodes of two pages are not the same.
        yield from ((_own(s, number), p, _own(o, number)) for s, p, o in page)
        pages = number + 1 if catalog.next_page(page) else number
        number += 1


def _given_out_in_2(organization: str):
    """The statements of the organisation's feed as one in 2.0."""
    feed = catalogue.feed_of_organization(organization)
    assert feed
    request = catalogue.Request(replace(feed, version="2.0"), "nt", "/", catalogue.ALL, None)
    yield from syntax.parse(b"".join(catalogue.Answer(request).pieces()), "nt").graph


def _own(term: str, page: int) -> str:
    return f"{term}p{page}" if term[0] == "_" else term
