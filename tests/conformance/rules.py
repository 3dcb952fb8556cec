"""The active rules of the official shapes, one by one."""

from __future__ import annotations

from collections.abc import Iterator

from ckanext.landlab import schemas
from ckanext.landlab.dcat.terms import shorten
from rdflib import Graph, URIRef
from rdflib.namespace import RDF, SH
from rdflib.term import Node

Rule = tuple[str, ...]  # class, property, kind of rule, value, severity
PLAIN = {
    SH.minCount: "least",
    SH.maxCount: "most",
    SH.nodeKind: "kind",
    SH["class"]: "class",
    SH.datatype: "datatype",
}
KINDS = {SH.BlankNodeOrIRI: "node", SH.IRI: "iri", SH.Literal: "literal"}


def official_rules(graph: Graph) -> set[Rule]:
    """Every rule on a property of a class; not those on datatypes, on several properties at once, and on old ones."""
    return {
        (shorten(f"<{class_}>"), shorten(f"<{path}>"), *rule)
        for class_, shape in _shapes(graph)
        if isinstance(path := graph.value(shape, SH.path), URIRef)
        for rule in (*_plain(graph, shape), *_listed(graph, shape))
    }


def _shapes(graph: Graph) -> Iterator[tuple[Node, Node]]:
    """The active property shapes with the class that they are said of."""
    for node in graph.subjects(RDF.type, SH.NodeShape):
        for class_ in graph.objects(node, SH.targetClass):
            for shape in graph.objects(node, SH.property):
                if not _is_off(graph, node) and not _is_off(graph, shape):
                    yield class_, shape


def _is_off(graph: Graph, shape: Node) -> bool:
    return str(graph.value(shape, SH.deactivated)) == "true"


def _plain(graph: Graph, shape: Node) -> Iterator[Rule]:
    severity = _local(graph.value(shape, SH.severity) or SH.Violation)
    names = {
        SH.minCount: "least",
        SH.maxCount: "most",
        SH.nodeKind: "kind",
        SH["class"]: "class",
        SH.datatype: "datatype",
    }
    for predicate, what in names.items():
        value = graph.value(shape, predicate)
        if value is not None and not (what == "most" and int(str(value)) == 0):
            is_name = what in ("class", "datatype")
            yield what, KINDS.get(value) or (shorten(f"<{value}>") if is_name else str(value)), severity


def _listed(graph: Graph, shape: Node) -> Iterator[Rule]:
    if "iana" in str(graph.value(shape, SH.pattern)):
        yield "list", "media-type", _local(graph.value(shape, SH.severity))
    schemes = {schemas.vocabulary(name).scheme: name for name in schemas.vocabularies()}
    for inner in graph.objects(shape, SH.property):
        yield "list", schemes[str(graph.value(inner, SH.hasValue))], _local(graph.value(inner, SH.severity))


def _local(iri: object) -> str:
    return str(iri).rpartition("#")[2]
