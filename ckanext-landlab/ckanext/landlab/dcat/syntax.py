"""RDF from bytes and to bytes: RDF/XML, Turtle, JSON-LD and N-Triples.

Reading never opens the network or a file: remote JSON-LD contexts, and XML entities that could grow, are refused.
IRIs with characters that must not be in one are mended one by one and reported: one telephone number does not cost a
whole catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import urljoin
from xml.parsers import expat

import pyoxigraph
from ckanext.landlab.dcat import encoding, jsonld, rdfxml, turtle
from ckanext.landlab.dcat.entities import refuse_bombs
from ckanext.landlab.dcat.graph import Graph
from ckanext.landlab.dcat.pieces import pieces
from ckanext.landlab.dcat.stored import StoredGraph
from ckanext.landlab.dcat.terms import Statement, is_absolute, mended, sound
from ckanext.landlab.errors import TooManyEntities, UnreadableGraph, UnsplittableGraph

FORMATS: dict[str, pyoxigraph.RdfFormat] = {
    "ttl": pyoxigraph.RdfFormat.TURTLE,
    "rdf": pyoxigraph.RdfFormat.RDF_XML,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    "nt": pyoxigraph.RdfFormat.N_TRIPLES,
}
MEDIA_TYPES: dict[str, str] = {
    "ttl": "text/turtle",
    "rdf": "application/rdf+xml",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
}
ALIASES: dict[str, str] = {
    "turtle": "ttl",
    "xml": "rdf",
    "rdfxml": "rdf",
    "json": "jsonld",
    "json-ld": "jsonld",
    "n3": "ttl",
    "text/n3": "ttl",
    "application/x-turtle": "ttl",
    "application/xml": "rdf",
    "text/xml": "rdf",
    "application/json": "jsonld",
    "text/plain": "nt",
    **{media_type: syntax for syntax, media_type in MEDIA_TYPES.items()},
}
WHOLE = 32_000_000  # bytes of a JSON-LD document that is read at once where it has no pieces; costs ten times as much


@dataclass
class Parsed:
    """What a document says, and what had to be mended to read it: pairs of IRIs, as it came and as it is now."""

    graph: Graph
    mended: list[tuple[str, str]] = field(default_factory=list)


def syntax_of(name: str, head: bytes = b"") -> str:
    """The syntax that a file ending, media type or the first bytes of a document point at; empty if none does."""
    name = name.split(";")[0].strip().lower().lstrip(".")
    name = name if name in FORMATS else ALIASES.get(name, "")
    return name or _guess(head.lstrip(b"\xef\xbb\xbf \t\r\n")[:2000])


def _guess(head: bytes) -> str:
    if head.startswith((b"{", b"[")):
        return "jsonld"
    if b"rdf:RDF" in head or (b"22-rdf-syntax-ns#" in head and head.startswith(b"<?xml")):
        return "rdf"
    if re.match(rb"(#|@prefix|@base|prefix\s|base\s|<[a-z]+:|_:)", head, re.IGNORECASE):
        return "ttl"
    return ""


def parse(data: bytes, syntax: str, base: str = "http://localhost/") -> Parsed:
    """The graph in *data*; raises UnreadableGraph with the place of the first error."""
    data = encoding.in_utf_8(data, xml=syntax == "rdf")
    if syntax == "rdf":
        _well_formed(data)
    try:
        if syntax != "jsonld":  # its strict reader drops statements with a wrong IRI without a word
            return Parsed(_graph(data, syntax, base, lenient=False))
    except SyntaxError:
        pass  # read once more, leniently, and mend
    try:
        return _mended(_graph(data, syntax, base, lenient=True), base)
    except SyntaxError as error:
        raise _refused(syntax, error) from error


def parse_file(path: Path, syntax: str, into: Path, base: str = "http://localhost/") -> Parsed:
    """The graph in the file *path*, in UTF-8, kept in the file *into* and not in memory; raises UnreadableGraph."""
    if syntax == "rdf":
        _well_formed_file(path)
    changes: dict[str, str] = {}

    @lru_cache(maxsize=10_000)
    def term(text: str) -> str:
        return _absolute(sound(text), base, changes)

    try:
        lines = ((term(str(s)), term(str(p)), term(str(o))) for s, p, o, _ in _quads(path, syntax, base))
        return Parsed(StoredGraph(into, lines), list(changes.items()))
    except SyntaxError as error:
        raise _refused(syntax, error) from error
    except (UnicodeDecodeError, ValueError) as error:
        raise UnreadableGraph(syntax, str(error)) from error


def _quads(path: Path, syntax: str, base: str) -> Iterator[pyoxigraph.Quad]:
    if syntax == "jsonld":
        for document in _documents(path):
            yield from pyoxigraph.parse(document, format=FORMATS[syntax], base_iri=base, lenient=True)
        return
    with path.open("rb") as file:
        if file.read(3) != b"\xef\xbb\xbf":
            file.seek(0)
        yield from pyoxigraph.parse(file, format=FORMATS[syntax], base_iri=base, lenient=True)


def _documents(path: Path) -> Iterator[bytes]:
    """The JSON-LD document in the file *path*, in pieces where it has them; its parser holds what it reads."""
    try:
        yield from pieces(path)
    except UnsplittableGraph:
        if path.stat().st_size > WHOLE:
            raise
        yield path.read_bytes().removeprefix(b"\xef\xbb\xbf")


def _refused(syntax: str, error: SyntaxError) -> UnreadableGraph:
    return UnreadableGraph(syntax, str(error.msg), error.lineno or 0, error.offset or 0)


def _well_formed(data: bytes) -> None:
    """Refuse XML whose entities could grow, and XML that breaks off: the RDF parser takes half a document for whole."""
    try:
        refuse_bombs(data)
        expat.ParserCreate().Parse(data, True)
    except TooManyEntities as error:
        raise UnreadableGraph("rdf", str(error)) from error
    except expat.ExpatError as error:
        raise _not_xml(error) from error
    except (LookupError, ValueError) as error:  # an encoding that nobody knows
        raise UnreadableGraph("rdf", str(error)) from error


def _well_formed_file(path: Path) -> None:
    """The same for a large file, which may not have any entities."""

    def refused(*_declaration: object) -> None:
        raise UnreadableGraph("rdf", "XML entities are not allowed in a file of this size")

    parser = expat.ParserCreate()
    parser.EntityDeclHandler = refused
    try:
        with path.open("rb") as file:
            parser.ParseFile(file)
    except expat.ExpatError as error:
        raise _not_xml(error) from error
    except (LookupError, ValueError) as error:  # an encoding that nobody knows
        raise UnreadableGraph("rdf", str(error)) from error


def _not_xml(error: expat.ExpatError) -> UnreadableGraph:
    return UnreadableGraph("rdf", expat.ErrorString(error.code), error.lineno, error.offset + 1)


def _graph(data: bytes, syntax: str, base: str, *, lenient: bool) -> Graph:
    try:
        quads = pyoxigraph.parse(data, format=FORMATS[syntax], base_iri=base, lenient=lenient)
        return Graph.of((str(subject), str(predicate), sound(str(value))) for subject, predicate, value, _ in quads)
    except (UnicodeDecodeError, ValueError) as error:
        raise UnreadableGraph(syntax, str(error)) from error


def _mended(graph: Graph, base: str) -> Parsed:
    """*graph* with sound IRIs only; one that is relative, as JSON-LD's unknown terms are, is taken from *base*."""
    changes: dict[str, str] = {}

    mended_graph = Graph.of(
        (_absolute(s, base, changes), _absolute(p, base, changes), _absolute(o, base, changes)) for s, p, o in graph
    )
    return Parsed(mended_graph, list(changes.items()))


def _absolute(term: str, base: str, changes: dict[str, str]) -> str:
    """*term*, if it is an IRI a sound one; what that changed is noted in *changes*."""
    if term[0] != "<":
        return term
    new = f"<{mended(term[1:-1])}>"
    if not is_absolute(new[1:-1]):
        new = f"<{mended(urljoin(base, new[1:-1]))}>"
    if new != term:
        changes[term[1:-1]] = new[1:-1]
    return new


def serialise(statements: Iterable[Statement], syntax: str) -> bytes:
    """The document that says *statements*: the same statements in the same order give the same bytes."""
    unique = dict.fromkeys(statements)
    match syntax:
        case "ttl":
            return turtle.document(unique).encode()
        case "rdf":
            return rdfxml.document(unique).encode()
        case "jsonld":
            return jsonld.document(unique).encode()
        case _:
            return "".join(f"{s} {p} {o} .\n" for s, p, o in unique).encode()


def bodies(statements: Iterable[Statement]) -> dict[str, bytes]:
    """What *statements*, all of them sayable and each once, say in every syntax; without what stands around it."""
    statements = list(statements)
    subjects = turtle.by_subject(statements)
    return {
        "ttl": turtle.body(subjects).encode(),
        "rdf": rdfxml.body(subjects).encode(),
        "jsonld": jsonld.body(subjects).encode(),
        "nt": "".join([f"{s} {p} {o} .\n" for s, p, o in statements]).encode(),
    }
