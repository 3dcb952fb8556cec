"""Reading what is published: a SKOS list in RDF, the CSV of model datasets, the list of municipalities."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from io import StringIO
from typing import Any

from ckanext.landlab import schemas
from ckanext.landlab.dcat import gazetteer
from ckanext.landlab.dcat.entities import refuse_bombs
from ckanext.landlab.dcat.renewal import MAX_BYTES, Published
from ckanext.landlab.errors import VocabularyUnreadable
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

SKOS = "http://www.w3.org/2004/02/skos/core#"
TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
LABELS = (f"{SKOS}prefLabel", "http://www.w3.org/2000/01/rdf-schema#label")
CONCEPTS = {f"{SKOS}Concept", "http://spdx.org/rdf/terms#ChecksumAlgorithm"}
VERSION = "http://www.w3.org/2002/07/owl#versionInfo"
DEPRECATED = (
    "http://publications.europa.eu/ontology/authority/deprecated",
    "http://www.w3.org/2002/07/owl#deprecated",
)
STATUS = "http://publications.europa.eu/ontology/euvoc#status"
GONE = ("/DEPRECATED", "/RETIRED")

_SYNTAXES = (RdfFormat.RDF_XML, RdfFormat.TURTLE, RdfFormat.JSON_LD)

Values = Mapping[str, list[NamedNode | Literal]]


def read(name: str, content: bytes, origin: str) -> Published:
    """The published edition of the vocabulary *name* in *content*; *origin* names it in errors.

    Raises VocabularyUnreadable.
    """
    if len(content) > MAX_BYTES:
        raise VocabularyUnreadable(origin, f"larger than {MAX_BYTES // 1_000_000} MB")
    if name == "regions":
        listed = gazetteer.read(content, origin)
        head = {key: value for key, value in listed.items() if key != "concepts"}
        return Published(listed["version"], {entry["iri"]: entry for entry in listed["concepts"]}, head)
    if content.lstrip(b"\xef\xbb\xbf").startswith(b"MUSTERDATENSATZ,"):
        return _model_datasets(schemas.vocabulary(name), content.decode("utf-8-sig"))
    return _from_rdf(schemas.vocabulary(name), _statements(content, origin), origin)


def _statements(content: bytes, origin: str) -> list[Quad]:
    """The statements of *content*, whichever of the usual syntaxes it is in."""
    refuse_bombs(content)
    read = (_parsed(content, syntax) for syntax in _likely(content))
    statements = next((found for found in read if found is not None), None)
    if statements is None:
        raise VocabularyUnreadable(origin, "neither RDF/XML nor Turtle nor JSON-LD; is it the file of the list?")
    return statements


def _parsed(content: bytes, syntax: RdfFormat) -> list[Quad] | None:
    try:
        return list(parse(content, format=syntax, base_iri="http://example.org/"))
    except (SyntaxError, ValueError):
        return None


def _likely(content: bytes) -> Iterable[RdfFormat]:
    start = content.lstrip(b"\xef\xbb\xbf \r\n\t")[:1]
    first = {b"<": RdfFormat.RDF_XML, b"{": RdfFormat.JSON_LD, b"[": RdfFormat.JSON_LD}.get(start, RdfFormat.TURTLE)
    return (first, *(syntax for syntax in _SYNTAXES if syntax != first))


def _from_rdf(vocabulary: schemas.Vocabulary, statements: Iterable[Quad], origin: str) -> Published:
    nodes: dict[str, dict[str, list[NamedNode | Literal]]] = {}
    for statement in statements:
        if isinstance(statement.subject, NamedNode) and isinstance(statement.object, NamedNode | Literal):
            values = nodes.setdefault(statement.subject.value, {})
            values.setdefault(statement.predicate.value, []).append(statement.object)
    base = vocabulary.base
    concepts = {
        iri: _entry(iri, values, base)
        for iri, values in sorted(nodes.items())
        if iri.startswith(base) and iri != base and _is_concept(values, vocabulary.scheme)
    }
    if not concepts:
        raise VocabularyUnreadable(origin, f"no concepts of {vocabulary.scheme} in it")
    return Published(_version(nodes, vocabulary), concepts)


def _is_concept(values: Values, scheme: str) -> bool:
    kinds = {term.value for term in values.get(TYPE, ())}
    return bool(kinds & CONCEPTS) or any(term.value == scheme for term in values.get(f"{SKOS}inScheme", ()))


def _entry(iri: str, values: Values, base: str) -> dict[str, Any]:
    code = iri.removeprefix(base)
    labels = dict(_labels(values))
    known = {language: labels[language] for language in ("de", "en") if language in labels}
    entry: dict[str, Any] = {"code": code, "label": known or {"en": labels.get("", code)}}
    if broader := [t.value for t in values.get(f"{SKOS}broader", ()) if t.value.startswith(base)]:
        entry["broader"] = broader[0].removeprefix(base)
    if _is_gone(values):
        entry["deprecated"] = True
    return entry


def _labels(values: Values) -> Iterator[tuple[str, str]]:
    for predicate in reversed(LABELS):
        for term in values.get(predicate, ()):
            if isinstance(term, Literal) and term.value.strip():
                yield (term.language or "").partition("-")[0], " ".join(term.value.split())


def _is_gone(values: Values) -> bool:
    marked = any(term.value == "true" for predicate in DEPRECATED for term in values.get(predicate, ()))
    return marked or any(term.value.endswith(GONE) for term in values.get(STATUS, ()))


def _version(nodes: Mapping[str, Values], vocabulary: schemas.Vocabulary) -> str:
    """What the list says of its own version, first of the scheme, then of anything that is no concept."""
    others = (values for iri, values in nodes.items() if iri not in vocabulary.concepts)
    for values in (nodes.get(vocabulary.scheme, {}), *others):
        if found := values.get(VERSION):
            return found[0].value
    return ""


def _model_datasets(vocabulary: schemas.Vocabulary, text: str) -> Published:
    """The CSV of the catalogue of model datasets: theme and names are the steps of the IRI."""
    base = vocabulary.base
    concepts: dict[str, dict[str, Any]] = {}
    for row in csv.DictReader(StringIO(text)):
        steps = [step for key in ("thema", "Bezeichnung", "Bezeichnung2") if (step := (row.get(key) or "").strip())]
        label = (row.get("MUSTERDATENSATZ") or "").strip()
        if len(steps) > 1 and label:
            english = " - ".join(part for key in ("Topic", "Label") if (part := (row.get(key) or "").strip()))
            code = "/".join(steps)
            concepts[base + code] = {"code": code, "label": {"de": label, "en": english or label}, "broader": steps[0]}
    return Published("", concepts)
