"""Statements and graphs for those who speak rdflib, as ckanext-dcat's profiles do."""

from __future__ import annotations

from collections.abc import Iterable

import rdflib
from ckanext.landlab.dcat.graph import Graph
from ckanext.landlab.dcat.terms import NAMESPACES, Statement, Term, literal, mended, parts
from rdflib.term import Node


def add(statements: Iterable[Statement], graph: rdflib.Graph) -> None:
    """Add *statements* to an rdflib *graph*, with our prefixes bound."""
    for prefix, namespace in NAMESPACES.items():
        graph.bind(prefix, namespace)
    for subject, predicate, value in statements:
        graph.add((_node(subject), _node(predicate), _node(value)))


def taken(graph: rdflib.Graph) -> Graph:
    """The statements of an rdflib *graph*, as `Table.recover` reads them."""
    return Graph.of((_term(s), _term(p), _term(o)) for s, p, o in graph)


def _node(term: Term) -> Node:
    if term[0] == "<":
        return rdflib.URIRef(term[1:-1])
    if term[0] == "_":
        return rdflib.BNode(term[2:])
    text, language, datatype = parts(term)
    # normalize off: rdflib would rewrite 1.50 to 1.5
    return rdflib.Literal(text, lang=language or None, datatype=datatype[1:-1] or None, normalize=False)


def _term(node: Node) -> Term:
    if isinstance(node, rdflib.URIRef):
        return f"<{mended(str(node))}>"
    if isinstance(node, rdflib.Literal):
        return literal(str(node), node.language or "", _datatype(node))
    return f"_:{node}"


def _datatype(node: rdflib.Literal) -> Term:
    """The datatype of a literal; none for a plain string, which N-Triples writes without."""
    datatype = str(node.datatype or "")
    return f"<{datatype}>" if datatype and datatype != f"{NAMESPACES['xsd']}string" else ""
