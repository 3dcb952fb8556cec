"""GovData's own SHACL files: which belong to which profile, and how an engine must be given them.

The files are not part of this product: a folder holds them, laid out as upstream does
(`v3.0/*.ttl`, `v2.0/*.ttl`, `mqa/*.ttl`, each with the SEMIC file below `base/`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ckanext.landlab.errors import ShapesMissing
from rdflib import BNode, Graph, Literal, Namespace
from rdflib.namespace import SH
from rdflib.term import Node

# As in config.properties of GovDataOfficial/DCAT-AP.de-SHACL-Validation, without the imports (see closure.py).
_SPEC_30 = (
    "v3.0/base/dcat-ap-3.0.0-SHACL.ttl",
    "v3.0/dcat-ap-SHACL-DE.ttl",
    "v3.0/dcat-ap-de-deprecated.ttl",
    "v3.0/dcat-ap-spec-german-additions.ttl",
    "v3.0/dcat-ap-de-controlledvocabularies.ttl",
)
_SPEC_20 = (
    "v2.0/base/dcat-ap_2.1.1_shacl_shapes.ttl",
    "v2.0/dcat-ap-spec-german-messages.ttl",
    "v2.0/dcat-ap-spec-german-additions.ttl",
    "v2.0/dcat-ap-de-deprecated.ttl",
)
PROFILES = {
    "3.0": _SPEC_30,
    "2.0": _SPEC_20,
    "2.0-conventions": (*_SPEC_20, "v2.0/dcat-ap-konventionen.ttl"),
    "mqa": ("mqa/db-shapes.ttl",),
}
MQA = Namespace("http://govdata.de/mqa/#")


@dataclass(frozen=True)
class Shapes:
    """The shapes of one *profile*, read from files."""

    profile: str
    graph: Graph

    @cached_property
    def cured(self) -> str:
        """The shapes as Turtle for the fast engine, which otherwise overlooks literals.

        It skips a nested property shape when the value is a literal, so that a literal where a
        concept belongs goes unnoticed; a sister shape of the same severity demands a node instead.
        """
        graph = Graph()
        graph += self.graph
        for owner, path, severity in list(_nested(self.graph)):
            sister = BNode()
            graph.add((owner, SH.property, sister))
            graph.add((sister, SH.path, path))
            graph.add((sister, SH.nodeKind, SH.BlankNodeOrIRI))
            graph.add((sister, SH.severity, severity))
        for predicate in (SH.qualifiedValueShape, SH.node):
            for owner, inner in list(self.graph.subject_objects(predicate)):
                _guard(graph, owner, predicate, inner)
        return graph.serialize(format="turtle")


def shapes_of(folder: Path | str, profile: str) -> Shapes:
    """The shapes of *profile* from *folder*.

    Raises ShapesMissing with the names of the files that are not there.
    """
    root = Path(folder)
    if missing := [name for name in PROFILES[profile] if not (root / name).is_file()]:
        raise ShapesMissing(root, missing)
    graph = Graph()
    for name in PROFILES[profile]:
        graph.parse(root / name, format="turtle")
    return Shapes(profile, graph)


def _nested(graph: Graph) -> Iterator[tuple[Node, Node, Node]]:
    """Owner, path and severity of each property shape that holds another property shape."""
    for outer, inner in graph.subject_objects(SH.property):
        path = graph.value(outer, SH.path)
        if path is None or graph.value(outer, SH.deactivated) == Literal(True):
            continue
        severity = graph.value(inner, SH.severity) or SH.Violation
        for owner in graph.subjects(SH.property, outer):
            yield owner, path, severity


def _guard(graph: Graph, owner: Node, predicate: Node, inner: Node) -> None:
    if graph.value(inner, SH.path) is None:
        return
    guard = BNode()
    graph.remove((owner, predicate, inner))
    graph.add((owner, predicate, guard))
    graph.add((guard, SH.nodeKind, SH.BlankNodeOrIRI))
    graph.add((guard, SH.property, inner))
