"""GovData's official shapes as the judge: pyshacl for a dataset, pyrudof for a whole catalogue.

pyshacl is the reference.  pyrudof is eight to ten times faster and gives the same severities with the
cure of `shapes.py`.  Both get the record's statements and their `closure`; nothing is fetched.
Like GovData's own validator a graph is valid when no result is a Violation.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyrudof
import pyshacl
from ckanext.landlab.dcat.closure import closure
from ckanext.landlab.dcat.fields import Field, Fields
from ckanext.landlab.dcat.shapes import Shapes
from ckanext.landlab.dcat.terms import Statement, Term, is_absolute
from rdflib import Graph
from rdflib.namespace import RDF, SH

VIOLATION, WARNING, INFO = "Violation", "Warning", "Info"
IN_SCHEME = "http://www.w3.org/2004/02/skos/core#inScheme"


FEW = 3000  # statements up to which staging is quicker than parsing
_NOTHING = "<urn:nothing> <urn:nothing> <urn:nothing> .\n"


@dataclass(frozen=True, order=True)
class Result:
    """One thing that the official shapes say about one node."""

    severity: str
    focus: str
    path: str
    value: str
    component: str
    message: str


def conforms(results: Iterable[Result]) -> bool:
    """Whether GovData's validator would let the graph pass."""
    return all(result.severity != VIOLATION for result in results)


def judge(statements: Iterable[Statement], shapes: Shapes) -> list[Result]:
    """What pyshacl, the reference, says of *statements*, sorted."""
    data = Graph().parse(data="".join(f"{s} {p} {o} .\n" for s, p, o in _sound(statements)), format="nt")
    # meta_shacl off: the official shapes fail SHACL-SHACL; imports off: they would be fetched.
    _, report, _ = pyshacl.validate(
        data, shacl_graph=shapes.graph, inference="none", advanced=False, meta_shacl=False, do_owl_imports=False
    )
    assert isinstance(report, Graph)  # noqa: S101 pyshacl gives bytes or an error only when asked to
    return sorted(_from_report(report, node) for node in report.subjects(RDF.type, SH.ValidationResult))


class Catalogue:
    """The fast judge: shapes loaded once, then graph after graph; for one thread at a time."""

    def __init__(self, shapes: Shapes) -> None:
        self._engine = pyrudof.Rudof(pyrudof.RudofConfig())
        self._engine.read_shacl(shapes.cured, pyrudof.ShaclFormat.Turtle)
        self._lock = threading.Lock()
        self._empty = False

    def judge(self, statements: Iterable[Statement]) -> list[Result]:
        """What pyrudof says of *statements*, sorted."""
        said = _sound(statements)
        with self._lock:
            entries = self._staged(said) if len(said) < FEW else self._read(said)
        return sorted(_from_entry(entry) for entry in entries)

    def _staged(self, statements: list[Statement]) -> list[pyrudof.ShaclValidationEntry]:
        """Put *statements* beside the empty graph, and take them away again: no cost beyond their number."""
        if not self._empty:
            self._engine.reset_data()
            self._engine.read_data(_NOTHING, pyrudof.RDFFormat.NTriples)
            self._empty = True
        self._engine.begin_staging()
        try:
            self._engine.add_triples(statements)
            return self._engine.validate_shacl().violations
        finally:
            self._engine.rollback_staging()

    def _read(self, statements: list[Statement]) -> list[pyrudof.ShaclValidationEntry]:
        """Parse *statements* anew: a quarter of a second to begin with, but quicker for many."""
        self._engine.reset_data()
        self._engine.read_data("".join(f"{s} {p} {o} .\n" for s, p, o in statements), pyrudof.RDFFormat.NTriples)
        self._empty = False
        return self._engine.validate_shacl().violations


def _sound(statements: Iterable[Statement]) -> list[Statement]:
    """*statements* and what they depend on; relative IRIs, which portals send, made absolute."""
    said = list(statements)
    return [(_absolute(s), _absolute(p), _absolute(o)) for s, p, o in [*said, *closure(said)]]


def _absolute(term: Term) -> Term:
    return term if term[0] != "<" or is_absolute(term[1:-1]) else f"<urn:relative:{term[1:-1]}>"


def _from_report(report: Graph, node: Any) -> Result:
    def text(predicate: Any) -> str:
        value = report.value(node, predicate)
        return "" if value is None else str(value)

    return Result(
        severity=_local(text(SH.resultSeverity)),
        focus=text(SH.focusNode),
        path=text(SH.resultPath),
        value=text(SH.value),
        component=_local(text(SH.sourceConstraintComponent)),
        message=text(SH.resultMessage),
    )


def _from_entry(entry: pyrudof.ShaclValidationEntry) -> Result:
    return Result(
        severity=_local(str(entry.severity)),
        focus=_bare(entry.focus_node),
        path=_bare(entry.path),
        value=_bare(entry.value),
        component=_local(_bare(entry.constraint_component)),
        message=_german(str(entry.message or "")),
    )


def _german(message: str) -> str:
    """The shape's own words, where the engine has put its remark before them."""
    said = re.findall(r'"((?:[^"\\]|\\.)*)"@de', message)
    return said[-1] if said else message


def _bare(term: Any) -> str:
    text = "" if term is None else str(term)
    return text[1:-1] if text.startswith("<") and text.endswith(">") else text


def _local(iri: str) -> str:
    return iri.rstrip(")").rpartition("#")[2].rpartition(":")[2]  # rudof: Generic(http://…#no_license)


def located(result: Result, statements: Iterable[Statement], fields: Fields) -> Field | None:
    """The field that *result* means; None for a node that is another record.

    A concept outside its list is reported at the concept: then the field is the one that names it.
    """
    focus = _term(result.focus)
    if result.path != IN_SCHEME:
        return None if focus in fields.foreign else fields.field(focus, f"<{result.path}>", _term(result.value))
    naming = ((s, p) for s, p, o in statements if o == focus and s in fields.nodes)
    subject, predicate = next(naming, ("", ""))
    return fields.field(subject, predicate, focus) if subject else None


def _term(text: str) -> Term:
    return text if text[:1] in ("_", '"', "") else f"<{text}>"
