"""What must be known beside a record to judge it: vocabularies and class hierarchy, offline.

The official shapes import ontologies and lists of 136,000 statements from eight hosts.  Only a few of
them matter for a given record: which scheme each concept that it names belongs to, and which class is a
kind of which.  `closure` gives exactly those; what no vocabulary holds stands in `schemas/closure.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

from ckanext.landlab import schemas
from pyoxigraph import Literal, NamedNode, Quad, Triple

IN_SCHEME = NamedNode("http://www.w3.org/2004/02/skos/core#inScheme")
SUBCLASS = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
ALGORITHM = NamedNode("http://spdx.org/rdf/terms#ChecksumAlgorithm")
OPEN = NamedNode("http://govdata.de/mqa/#isOpenLicense")
# GovData's list of open licences writes the datatype like this, and its shape wants exactly that.
MQA_BOOLEAN = NamedNode("xsd:boolean")

NAMESPACES = {
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
}


def closure(statements: Iterable[Triple | Quad]) -> list[Triple]:
    """The statements about concepts and classes that *statements* depend on, in a fixed order."""
    named = {term.value for statement in statements for term in _nodes(statement)}
    scheme_of = schemes()
    concepts = (triple for iri in sorted(named) for triple in _facts(iri, scheme_of(iri)))
    return [*(Triple(NamedNode(kind), SUBCLASS, NamedNode(above)) for kind, above in classes().items()), *concepts]


def schemes() -> Callable[[str], str]:
    """A function from a concept's IRI to the IRI of the list that holds it (empty where none does)."""
    vocabularies = [schemas.vocabulary(name) for name in schemas.vocabularies()]
    old, keys = _declared()

    def scheme_of(iri: str) -> str:
        prefix, _, key = iri.rpartition("/")
        if prefix in keys:
            return prefix if len(key) == keys[prefix] and key.isdigit() else ""
        return old.get(iri) or next((found.scheme for found in vocabularies if iri in found), "")

    return scheme_of


@cache
def classes() -> Mapping[str, str]:
    """What a class is a kind of, IRI by IRI."""

    def expand(name: str) -> str:
        prefix, _, local = name.partition(":")
        return NAMESPACES[prefix] + local

    return {expand(kind): expand(above) for kind, above in schemas.read("closure")["classes"].items()}


@cache
def _declared() -> tuple[Mapping[str, str], Mapping[str, int]]:
    content = schemas.read("closure")
    old = {entry["base"] + code: entry["scheme"] for entry in content["lists"] for code in entry["codes"]}
    return old, content["keys"]


def _nodes(statement: Triple | Quad) -> Iterator[NamedNode]:
    for term in (statement.subject, statement.object):
        if isinstance(term, NamedNode):
            yield term


def _facts(iri: str, scheme: str) -> Iterator[Triple]:
    node = NamedNode(iri)
    if scheme:
        yield Triple(node, IN_SCHEME, NamedNode(scheme))
    if iri in schemas.vocabulary("checksum-algorithm"):
        yield Triple(node, TYPE, ALGORITHM)
    if licence := schemas.vocabulary("licenses").concepts.get(iri):
        yield Triple(node, OPEN, Literal("true" if licence.facts["open"] else "false", datatype=MQA_BOOLEAN))
