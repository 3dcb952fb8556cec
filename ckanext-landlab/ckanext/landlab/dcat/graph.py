"""A graph as a reader of records needs it: statements by subject, in the order in which they came."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping

from ckanext.landlab.dcat.terms import TYPE, Statement, Term

Properties = dict[Term, list[Term]]  # predicate → objects


class Graph:
    """Statements, each once, found by their subject."""

    def __init__(self) -> None:
        self.subjects: dict[Term, Properties] = {}

    @classmethod
    def of(cls, statements: Iterable[Statement]) -> Graph:
        graph = cls()
        subjects, names = graph.subjects, {}
        several: dict[int, tuple[Properties, Term]] = {}  # where a statement may stand twice
        for subject, predicate, value in statements:
            properties = subjects.get(subject)
            if properties is None:
                properties = subjects[subject] = {}
            values = properties.get(predicate)
            if values is None:
                properties[names.setdefault(predicate, predicate)] = [value]
            else:
                values.append(value)
                several[id(values)] = properties, predicate
        for properties, predicate in several.values():
            properties[predicate] = list(dict.fromkeys(properties[predicate]))
        return graph

    def __iter__(self) -> Iterator[Statement]:
        for subject, properties in self.subjects.items():
            for predicate, values in properties.items():
                for value in values:
                    yield subject, predicate, value

    def __len__(self) -> int:
        return sum(len(values) for properties in self.subjects.values() for values in properties.values())

    def properties(self, node: Term) -> Properties:
        return self.subjects.get(node, {})

    def values(self, node: Term, predicate: Term) -> list[Term]:
        return self.subjects.get(node, {}).get(predicate, [])

    def types(self, node: Term) -> list[Term]:
        return self.values(node, TYPE)

    def about(self, nodes: Iterable[Term]) -> Iterator[Statement]:
        """Every statement whose subject is one of *nodes*."""
        return ((s, p, o) for s in nodes for p, values in self.properties(s).items() for o in values)

    def reached(self, node: Term, apart: Container[Term]) -> list[Term]:
        """*node* and all nodes to which a path leads from it that does not pass one of those *apart*."""
        found = {node: None}
        ahead = [node]
        while ahead:
            for values in self.properties(ahead.pop()).values():
                for value in values:
                    if value[0] != '"' and value not in found and value not in apart:
                        found[value] = None
                        ahead.append(value)
        return list(found)

    def parents(self, nodes: Iterable[Term]) -> dict[Term, list[Term]]:
        """For each of *nodes*, blank ones, the subjects that point at it."""
        above: dict[Term, list[Term]] = {node: [] for node in nodes}
        for subject, _, value in self:
            if value in above:
                above[value].append(subject)
        return above

    def renamed(self, names: Mapping[Term, Term]) -> Graph:
        """The graph with other *names* for some nodes."""
        return Graph.of((names.get(s, s), p, names.get(o, o)) for s, p, o in self)

    def close(self) -> None:
        """Give back what the graph holds."""

    def instances(self, *classes: Term) -> list[Term]:
        """The nodes of any of *classes*, in the order in which they came."""
        wanted = set(classes)
        return [node for node, properties in self.subjects.items() if not wanted.isdisjoint(properties.get(TYPE, ()))]
