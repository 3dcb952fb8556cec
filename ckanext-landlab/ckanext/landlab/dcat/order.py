"""The order in which statements are read, so that the same statements always make the same record.

RDF knows no order, and every syntax and every portal has its own.  Here it follows from what is said: words before
nodes, nodes that have a title by it, and blank nodes by what is said about them, never by their labels.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ckanext.landlab.dcat.fingerprint import colours
from ckanext.landlab.dcat.graph import Graph
from ckanext.landlab.dcat.terms import Statement, Term, expand, parts, text_of

_TITLE = expand("dct:title")
_NUMBER = re.compile(r"(\d{1,18})")

Key = tuple[bool, list[tuple[int, str]], Term]


class Order:
    """Gives the statements of one graph in an order of their own."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._blank: dict[Term, str] = {}

    def properties(self, node: Term) -> Iterator[tuple[Term, list[Term]]]:
        """What is said about *node*: each predicate with its values."""
        for predicate, values in sorted(self._graph.properties(node).items()):
            yield predicate, values if len(values) == 1 else self.sorted(values)

    def count(self, node: Term) -> int:
        """How many statements there are about *node*."""
        return sum(map(len, self._graph.properties(node).values()))

    def sorted(self, values: Iterable[Term]) -> list[Term]:
        """*values* in their order."""
        values = list(values)
        self._look_at([value for value in values if value[0] == "_"])
        return sorted(values, key=self._key)

    def _key(self, term: Term) -> Key:
        if term[0] == '"':
            text, language, _ = parts(term)
            return False, [(-1, language), *natural(text)], term
        titles = (text_of(title) for title in self._graph.values(term, _TITLE) if title[0] == '"')
        return True, natural(min(titles, default="")), self._blank.get(term, term)

    def _look_at(self, nodes: list[Term]) -> None:
        """Find a name for each of the blank *nodes* and all behind them; what is said of one is looked at once."""
        if len(nodes) < 2 or all(node in self._blank for node in nodes):
            return
        seen, ahead, said = set(nodes), list(nodes), []
        while ahead:
            for statement in self._graph.about([ahead.pop()]):
                said.append(statement)
                if statement[2][0] == "_" and statement[2] not in seen:
                    seen.add(statement[2])
                    ahead.append(statement[2])
        self._blank |= colours(said)
        self._blank |= {node: "_:" for node in nodes if node not in self._blank}


def natural(text: str) -> list[tuple[int, str]]:
    """A key that has 9 before 10, and 2019 before 2020."""
    steps = _NUMBER.split(text.casefold())
    return [(int(step), "") if place % 2 else (-1, step) for place, step in enumerate(steps)]


def settled(statements: Iterable[Statement]) -> list[Statement]:
    """*statements* in an order of their own, blank nodes named after what is said about them."""
    statements = list(statements)
    names = _names(statements)
    return sorted((names.get(s, s), p, names.get(o, o)) for s, p, o in statements)


def _names(statements: list[Statement]) -> dict[Term, Term]:
    """Numbers for the blank nodes, from those at which nothing points down to what hangs on them."""
    found = colours([line for line in statements if line[0][0] == "_" or line[2][0] == "_"])
    links: dict[Term, list[tuple[Term, str, Term]]] = {}
    for subject, predicate, value in statements:
        if value in found:
            links.setdefault(subject, []).append((predicate, found[value], value))
    behind = {value for subject, held in links.items() if subject in found for _, _, value in held}
    names: dict[Term, Term] = {}
    ahead = sorted(found, key=lambda node: (node in behind, found[node]), reverse=True)
    while ahead:
        node = ahead.pop()
        if node not in names:
            names[node] = f"_:b{len(names)}"
            ahead += [value for _, _, value in sorted(links.get(node, ()), reverse=True)]
    return names
