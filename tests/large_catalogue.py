"""A catalogue of any size in any syntax: a real one, again and again under other addresses, written piece by piece."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ckanext.landlab.dcat import catalog, jsonld, rdfxml, syntax, turtle
from ckanext.landlab.dcat.graph import Graph
from ckanext.landlab.dcat.terms import Statement, Term, expand

REAL = Path(__file__).parents[2] / "shared" / "testdata" / "catalogs" / "brandenburg-catalog-original-input.ttl"
AROUND = {
    "ttl": (turtle.PREFIXES, "", ""),
    "rdf": (rdfxml.START, "", rdfxml.END),
    "jsonld": (jsonld.START, ",\n", jsonld.END),
    "nt": ("", "", ""),
}


DATASET, DISTRIBUTION = (expand(name) for name in ("dcat:Dataset", "dcat:Distribution"))


def write(path: Path, named: str, size: int) -> int:
    """Write at least *size* bytes of a catalogue to *path* in the syntax *named*; how many datasets are in it."""
    graph = _datasets()
    start, between, end = (text.encode() for text in AROUND[named])
    copies = 0
    with path.open("wb") as file:
        file.write(start)
        while file.tell() < size:
            said = rdfxml.sayable(_copy(graph, copies))
            file.write(between * bool(copies) + syntax.bodies(said)[named])
            copies += 1
        file.write(end)
    return copies * len(graph.instances(DATASET))


def _datasets() -> Graph:
    """What the real catalogue says of its datasets, without the ontologies that lie beside them."""
    graph = syntax.parse(REAL.read_bytes(), "ttl").graph
    nodes = {node: None for item in catalog.items(graph) for node in item.content[2]}
    return Graph.of(graph.about(nodes))


def _copy(graph: Graph, number: int) -> Iterator[Statement]:
    """The statements with another address for each dataset and file, and others for blank nodes."""
    own = set(graph.instances(DATASET, DISTRIBUTION))

    def named(term: Term) -> Term:
        if term[0] == "_":
            return f"{term}x{number}"
        return f"{term[:-1]}x{number}>" if term in own else term

    return ((named(s), p, named(o)) for s, p, o in graph)
