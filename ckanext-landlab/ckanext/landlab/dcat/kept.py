"""What came in and no row holds: N-Triples beside the record, `_:self` standing for the node that the record is about.

Each level of a record (dataset, distribution, agent …) keeps its own, so that a removed contact takes along what was
said about it, and a contact that moves up the list keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Iterable, Mapping
from functools import lru_cache

from ckanext.landlab.dcat.graph import Graph
from ckanext.landlab.dcat.terms import TYPE, Statement, Term

SELF = "_:self"
_LINE = re.compile(
    r"(<[^<>\s]*>|_:\S+) (<[^<>\s]*>) "
    r'(<[^<>\s]*>|_:\S+|"(?:[^"\\]|\\.)*"(?:@[A-Za-z0-9\-]+|\^\^<[^<>\s]*>)?) \.'
)


class Keeper:
    """Gathers the statements to be kept with one node."""

    def __init__(self, graph: Graph, node: Term, visited: set[Term], apart: Container[Term]) -> None:
        self.graph, self.node, self.visited, self.apart = graph, node, visited, apart
        self.statements: list[Statement] = []
        self.labels: dict[Term, Term] = {node: SELF} if node[0] == "_" else {}
        self.closed = {node}

    def keep(self, subject: Term, predicate: Term, value: Term) -> None:
        """Keep one statement, and what hangs on its object."""
        self.statements.append((subject, predicate, self.label(value)))
        self.closure(value)

    def closure(self, start: Term, implied: Term = "") -> None:
        """Keep what the graph says about *start* and the nodes behind it, as far as no record of its own says it.

        *implied* is the class of *start* that its field writes anyway.
        """
        ahead = [start]
        while ahead:
            node = ahead.pop()
            if node[0] == '"' or node in self.apart or node in (self.closed if node[0] == "_" else self.visited):
                continue
            self.closed.add(node)
            self.visited.add(node)
            for predicate, values in self.graph.properties(node).items():
                for value in values:
                    if predicate != TYPE or value != implied or node != start:
                        self.statements.append((self.label(node), predicate, self.label(value)))
                        ahead.append(value)

    def label(self, term: Term) -> Term:
        """*term* as the kept text names it."""
        if term == self.node:
            return SELF
        return self.labels.setdefault(term, f"_:b{len(self.labels)}") if term[0] == "_" else term


def written(statements: Iterable[Statement]) -> str:
    """*statements* as the text that a record keeps."""
    return "\n".join(f"{s} {p} {o} ." for s, p, o in dict.fromkeys(statements))


@lru_cache(maxsize=2048)
def read(text: str) -> tuple[Statement, ...]:
    """The statements in a record's kept text; lines that are no statement are passed over."""
    matches = (_LINE.fullmatch(line.strip()) for line in text.split("\n"))
    return tuple((match[1], match[2], match[3]) for match in matches if match)


def placed(
    text: str, node: Term, label: str, vias: Mapping[str, Term], skip: Callable[[Term], bool]
) -> list[Statement]:
    """The kept statements of *node*, blank nodes named after *label*; without those whose predicate *skip* names."""
    statements = [line for line in read(text) if not (line[0] == SELF and skip(line[1]))]
    reached = _reached(statements) if "_:b" in text else {SELF}

    def term(term: Term) -> Term:
        if term[0] != "_":
            return term
        return node if term == SELF else vias.get(term[2:]) or f"{label}k{term[2:]}"

    return [(term(s), p, term(o)) for s, p, o in statements if s[0] != "_" or s in reached or s[2:] in vias]


def _reached(statements: list[Statement]) -> set[Term]:
    """The blank nodes to which a path leads from the record's own node or from an IRI."""
    links: dict[Term, list[Term]] = {}
    for subject, _, value in statements:
        if value[0] == "_":
            links.setdefault(subject, []).append(value)
    reached = {SELF}
    ahead = [SELF, *(subject for subject in links if subject[0] == "<")]
    while ahead:
        new = [value for value in links.get(ahead.pop(), ()) if value not in reached]
        reached.update(new)
        ahead += new
    return reached


def tags(text: object) -> dict[str, str]:
    """The language tags as they came, by field: `title= notes=en`: a title without, notes in English."""
    pairs = (pair.partition("=") for pair in str(text or "").split())
    return {name: tag for name, mark, tag in pairs if mark}


def tags_written(tags: Mapping[str, str]) -> str:
    return " ".join(f"{name}={tag}" for name, tag in tags.items())
