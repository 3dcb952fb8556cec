"""What must be known beside a record to judge it: vocabularies and class hierarchy, offline.

The official shapes import ontologies and lists of 136,000 statements from eight hosts.  Only a few of
them matter for a given record: which scheme each concept that it names belongs to, and which class is a
kind of which.  `closure` gives exactly those; what no vocabulary holds stands in `schemas/closure.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache

from ckanext.landlab import schemas
from ckanext.landlab.dcat.terms import NAMESPACES, TYPE, Statement, expand

IN_SCHEME = expand("skos:inScheme")
SUBCLASS = expand("rdfs:subClassOf")
ALGORITHM = expand("spdx:ChecksumAlgorithm")
ORG = "http://www.w3.org/ns/org#"
# GovData's list of open licences writes the datatype like this, and its shape wants exactly that.
OPEN, MQA_BOOLEAN = "<http://govdata.de/mqa/#isOpenLicense>", "<xsd:boolean>"


def closure(statements: Iterable[Statement]) -> list[Statement]:
    """The statements about concepts and classes that *statements* depend on, in a fixed order."""
    named = {term[1:-1] for statement in statements for term in (statement[0], statement[2]) if term[0] == "<"}
    scheme_of = schemes()
    algorithms, licences = (schemas.vocabulary(name) for name in ("checksum-algorithm", "licenses"))
    concepts = (statement for iri in sorted(named) for statement in _facts(iri, scheme_of(iri), algorithms, licences))
    return [*((f"<{kind}>", SUBCLASS, f"<{above}>") for kind, above in classes().items()), *concepts]


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
        return {"org": ORG, **NAMESPACES}[prefix] + local

    return {expand(kind): expand(above) for kind, above in schemas.read("closure")["classes"].items()}


@cache
def _declared() -> tuple[Mapping[str, str], Mapping[str, int]]:
    content = schemas.read("closure")
    old = {entry["base"] + code: entry["scheme"] for entry in content["lists"] for code in entry["codes"]}
    return old, content["keys"]


def _facts(iri: str, scheme: str, algorithms: schemas.Vocabulary, licences: schemas.Vocabulary) -> Iterator[Statement]:
    if scheme:
        yield f"<{iri}>", IN_SCHEME, f"<{scheme}>"
    if iri in algorithms:
        yield f"<{iri}>", TYPE, ALGORITHM
    if licence := licences.concepts.get(iri):
        yield f"<{iri}>", OPEN, f'"{"true" if licence.facts["open"] else "false"}"^^{MQA_BOOLEAN}'
