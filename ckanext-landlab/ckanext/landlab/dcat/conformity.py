"""What is wrong with a graph by the demands of DCAT-AP.de 3.0, in about a millisecond a dataset and without an engine.

The measure is GovData's official shapes: every fault has the severity that they give it.  Where they are wrong the
specification counts; those differences stand in `conformity.yaml` and are tested one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from ckanext.landlab import schemas
from ckanext.landlab.dcat.closure import classes
from ckanext.landlab.dcat.demands import (
    VIOLATION,
    WARNING,
    Demand,
    Demands,
    demands,
    deprecated,
    deprecated_values,
)
from ckanext.landlab.dcat.graph import Graph, Properties
from ckanext.landlab.dcat.terms import TYPE, Term, expand

MEDIA_TYPE = re.compile(r"<https?://www.iana.org/assignments/media-types/")
SUBCLASS = expand("rdfs:subClassOf")
ALGORITHM = expand("spdx:ChecksumAlgorithm")


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong with one property of one node."""

    severity: str
    focus: Term
    predicate: Term
    rule: str  # missing, surplus, kind, class, datatype, list, any, deprecated, deprecated-list
    value: Term = ""
    demand: Demand | None = None
    about: str = ""  # what should be there instead, or the list that is meant

    @property
    def official(self) -> bool:
        """Whether the official shapes say so too."""
        ours = self.demand.ours if self.demand else ""
        return ours != "all" and (ours, self.rule) not in (("list", "list"), ("least", "missing"))


def faults(graph: Graph) -> list[Fault]:
    """Everything that is wrong with the nodes of *graph*, in the order of the graph."""
    check = _Check(graph)
    return [fault for node, properties in graph.subjects.items() for fault in check.node(node, properties)]


class _Check:
    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.lists: dict[str, schemas.Vocabulary] = {}
        # Some catalogues bring an ontology along, which makes a Catalog a Dataset.
        self.own = {node: frozenset(kinds[SUBCLASS]) for node, kinds in graph.subjects.items() if SUBCLASS in kinds}

    def node(self, node: Term, properties: Properties) -> Iterator[Fault]:
        types = properties.get(TYPE)
        if types:
            for demanded in _demanded(self.kinds(types)):
                yield from self.demanded(node, properties, demanded)
        yield from self.outdated(node, properties, types or ())

    def demanded(self, node: Term, properties: Properties, demanded: Demands) -> Iterator[Fault]:
        for demand in demanded.of:
            values = properties.get(demand.predicate)
            if values is not None:
                yield from self.values(node, demand, values)
            elif demand.least:
                yield Fault(demand.severity, node, demand.predicate, "missing", demand=demand)
        if demanded.any and not any(predicate in properties for predicate in demanded.any):
            yield Fault(VIOLATION, node, demanded.any[0], "any")

    def values(self, node: Term, demand: Demand, values: list[Term]) -> Iterator[Fault]:
        if demand.most and len(values) > demand.most:
            yield Fault(demand.severity, node, demand.predicate, "surplus", values[1], demand)
        for value in values:
            kind = value[0]
            if ((kind == '"') != (demand.kind == "literal") and demand.kind) or (kind == "_" and demand.kind == "iri"):
                yield Fault(demand.severity, node, demand.predicate, "kind", value, demand)
            if demand.datatype and not value.endswith(f"^^{demand.datatype}"):
                yield Fault(demand.severity, node, demand.predicate, "datatype", value, demand)
            if demand.type and not self.is_a(value, demand.type):
                yield Fault(demand.type_severity, node, demand.predicate, "class", value, demand)
            if demand.vocabulary and not self.listed(demand.vocabulary, value):
                yield Fault(demand.list_severity, node, demand.predicate, "list", value, demand, demand.vocabulary)

    def outdated(self, node: Term, properties: Properties, types: Iterable[Term]) -> Iterator[Fault]:
        for predicate in properties.keys() & deprecated().keys():
            instead, class_ = deprecated()[predicate]
            if not class_ or expand(class_) in types:
                yield Fault(WARNING, node, predicate, "deprecated", about=instead)
        for predicate in properties.keys() & deprecated_values().keys():
            part, instead = deprecated_values()[predicate]
            for value in properties[predicate]:
                if value[0] != "_" and part in value:
                    yield Fault(WARNING, node, predicate, "deprecated-list", value, about=instead)

    def is_a(self, value: Term, type_: Term) -> bool:
        if type_ == ALGORITHM and value[1:-1] in self.list("checksum-algorithm"):
            return True
        types = self.graph.subjects.get(value, {}).get(TYPE, ())
        return type_ in types or type_ in self.kinds(types)

    def kinds(self, types: Iterable[Term]) -> frozenset[Term]:
        """*types* and what they are kinds of."""
        kinds = _kinds(frozenset(types))
        while self.own and (more := frozenset[Term]().union(*(self.own.get(kind, ()) for kind in kinds)) - kinds):
            kinds = _kinds(kinds | more)
        return kinds

    def listed(self, name: str, value: Term) -> bool:
        if name == "media-type":
            return bool(MEDIA_TYPE.match(value))
        return value[0] == "<" and value[1:-1] in self.list(name)

    def list(self, name: str) -> schemas.Vocabulary:
        if name not in self.lists:
            self.lists[name] = schemas.vocabulary(name)
        return self.lists[name]


@cache
def _demanded(kinds: frozenset[Term]) -> tuple[Demands, ...]:
    """The demands on a node of these classes."""
    table = demands()
    return tuple(table[kind] for kind in sorted(kinds) if kind in table)


@cache
def _kinds(types: frozenset[Term]) -> frozenset[Term]:
    above = {f"<{classes()[kind[1:-1]]}>" for kind in types if kind[1:-1] in classes()}
    return types if above <= types else _kinds(types | above)
