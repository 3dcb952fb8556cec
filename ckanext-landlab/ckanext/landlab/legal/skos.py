"""The notice vocabulary as SKOS, so that other catalogues and harvesters can name a notice of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ckanext.landlab.legal.notices import LANGUAGES, Edition, Notice, NoticeVocabulary, vocabulary
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

SKOS = "http://www.w3.org/2004/02/skos/core#"
DCT = "http://purl.org/dc/terms/"
OWL = "http://www.w3.org/2002/07/owl#"
XSD_DATE = NamedNode("http://www.w3.org/2001/XMLSchema#date")
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

FORMATS: Mapping[str, tuple[str, RdfFormat]] = {
    "ttl": ("text/turtle", RdfFormat.TURTLE),
    "jsonld": ("application/ld+json", RdfFormat.JSON_LD),
}
PREFIXES = {"skos": SKOS, "dct": DCT, "owl": OWL}


def triples_of(address: str, editions: Mapping[str, Edition]) -> Iterator[Triple]:
    """The vocabulary with *address* as its scheme, each notice in the words of *editions*."""
    known = vocabulary()
    scheme = NamedNode(address)
    yield Triple(scheme, RDF_TYPE, NamedNode(f"{SKOS}ConceptScheme"))
    yield from _labels(scheme, f"{SKOS}prefLabel", known.title)
    yield from _labels(scheme, f"{DCT}title", known.title)
    yield from _labels(scheme, f"{DCT}description", known.description)
    for severity, label in known.severities.items():
        yield from _severity(scheme, address, severity, label)
    for notice in known.notices.values():
        yield from _concept(scheme, address, notice, editions.get(notice.code, notice.edition), known)


def serialized(address: str, editions: Mapping[str, Edition], syntax: str) -> bytes:
    """The vocabulary in Turtle (ttl) or JSON-LD (jsonld)."""
    _, rdf_format = FORMATS[syntax]
    return serialize(triples_of(address, editions), format=rdf_format, prefixes=PREFIXES) or b""


def _concept(
    scheme: NamedNode, address: str, notice: Notice, edition: Edition, known: NoticeVocabulary
) -> Iterator[Triple]:
    node = NamedNode(f"{address}#{notice.code}")
    yield Triple(node, RDF_TYPE, NamedNode(f"{SKOS}Concept"))
    yield Triple(node, NamedNode(f"{SKOS}inScheme"), scheme)
    yield Triple(node, NamedNode(f"{SKOS}topConceptOf"), scheme)
    yield Triple(scheme, NamedNode(f"{SKOS}hasTopConcept"), node)
    yield Triple(node, NamedNode(f"{SKOS}notation"), Literal(notice.code))
    yield Triple(node, NamedNode(f"{SKOS}related"), NamedNode(f"{address}#{notice.severity}"))
    yield from _labels(node, f"{SKOS}prefLabel", notice.label)
    yield from _labels(node, f"{SKOS}definition", edition.text)
    yield from _labels(node, f"{SKOS}scopeNote", notice.trigger)
    yield from _labels(node, f"{SKOS}note", notice.answers)
    yield Triple(node, NamedNode(f"{OWL}versionInfo"), Literal(str(edition.version)))
    yield Triple(node, NamedNode(f"{DCT}modified"), Literal(edition.date.isoformat(), datatype=XSD_DATE))


def _severity(scheme: NamedNode, address: str, severity: str, label: Mapping[str, str]) -> Iterator[Triple]:
    node = NamedNode(f"{address}#{severity}")
    yield Triple(node, RDF_TYPE, NamedNode(f"{SKOS}Concept"))
    yield Triple(node, NamedNode(f"{SKOS}inScheme"), scheme)
    yield from _labels(node, f"{SKOS}prefLabel", label)


def _labels(node: NamedNode, predicate: str, texts: Mapping[str, str]) -> Iterator[Triple]:
    for language in LANGUAGES:
        yield Triple(node, NamedNode(predicate), Literal(texts[language].strip(), language=language))
