"""What came in and no row holds: N-Triples beside the record, `_:self` standing for the node that the record is about.

Each level of a record (dataset, distribution, agent …) keeps its own, so that a removed contact takes along what was
said about it, and a contact that moves up the list keeps it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from ckanext.landlab.dcat.fingerprint import colours
from ckanext.landlab.dcat.order import Order
from ckanext.landlab.dcat.terms import TYPE, Statement, Term, expand, is_language

SELF = "_:self"
MOST = 5_000  # statements that one record keeps about what it points at; a whole list of concepts is not told with each
_IRI, _BLANK = r"<[A-Za-z][A-Za-z0-9+.\-]*:[^\x00-\x20<>\"{}|^`\\]*>", r"_:[A-Za-z0-9_]+"
_NEVER = r"00(?:0[0-8BCEFbcef]|1)|[dD][89a-fA-F]|[fF]{3}[eEfF]"  # what XML cannot hold
_ESCAPE = rf"\\[tnr\"'\\]|\\u(?!{_NEVER})[0-9A-Fa-f]{{4}}|\\U000[0-9A-Fa-f]{{5}}|\\U0010[0-9A-Fa-f]{{4}}"
_WORDS = rf'"(?:[^"\\\x00-\x08\x0a-\x1f\ud800-\udfff]|{_ESCAPE})*"'
_LINE = re.compile(
    rf"({_IRI}|{_BLANK}) ({_IRI}) ({_IRI}|{_BLANK}|{_WORDS}(?:@[A-Za-z]{{1,8}}(?:-[A-Za-z0-9]{{1,8}})*|\^\^{_IRI})?) \."
)
_RECORDS = {expand(f"dcat:{name}") for name in ("Catalog", "CatalogRecord", "DataService", "Dataset", "DatasetSeries")}
_NUMBERED = re.compile(r"_:b\d+")


@dataclass
class Allowance:
    """How much a record may still keep about what it points at, and the nodes that were more than that."""

    left: int = MOST
    beyond: list[Term] = field(default_factory=list)


class Keeper:
    """Gathers the statements to be kept with one node."""

    def __init__(
        self, order: Order, node: Term, visited: set[Term], apart: Container[Term], allowance: Allowance
    ) -> None:
        self.order, self.node, self.visited, self.apart, self.allowance = order, node, visited, apart, allowance
        self.statements: list[Statement] = []
        self.labels: dict[Term, Term] = {node: SELF} if node[0] == "_" else {}
        self.closed = {node}
        self.ahead: list[tuple[Term, Term]] = []  # nodes to follow, and the class that their field writes anyway

    def keep(self, subject: Term, predicate: Term, value: Term) -> None:
        """Keep one statement, and later what hangs on its object."""
        self.statements.append((subject, predicate, self.label(value)))
        self.ahead.append((value, ""))

    def follow(self) -> None:
        """Keep what the graph says about the nodes ahead and those behind them, as far as no record says it."""
        for start, implied in self.ahead:
            self.closure(start, implied)

    def closure(self, start: Term, implied: Term) -> None:
        ahead = [start]
        while ahead:
            node = ahead.pop()
            if node[0] == '"' or node in self.apart or node in (self.closed if node[0] == "_" else self.visited):
                continue
            count = self.order.count(node)
            if count > self.allowance.left:
                self.allowance.beyond.append(node)
                continue
            self.allowance.left -= count
            self.closed.add(node)
            self.visited.add(node)
            for predicate, values in self.order.properties(node):
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


def about(text: str) -> dict[Term, bool]:
    """The IRIs of which *text* says something, and whether it makes a record of them: what harvesters take for one."""
    said: dict[Term, bool] = {}
    for subject, predicate, value in read(text):
        if subject[0] == "<":
            said[subject] = said.get(subject, False) or (predicate == TYPE and value in _RECORDS)
    return said


def placed(
    text: str, node: Term, label: str, vias: Mapping[str, Term], skip: Callable[[Term], bool]
) -> list[Statement]:
    """The kept statements of *node*, blank nodes named after *label*; without those whose predicate *skip* names."""
    statements = [line for line in read(text) if not (line[0] == SELF and skip(line[1]))]
    names = _named(text) if "_:b" in text else {}
    reached = _reached(statements) if names else set()

    def term(term: Term) -> Term:
        if term[0] != "_":
            return term
        return node if term == SELF else vias.get(term[2:]) or names.get(term, "").format(label)

    return [
        (term(s), p, term(o)) for s, p, o in statements if s[0] != "_" or s in reached or s == SELF or s[2:] in vias
    ]


@lru_cache(maxsize=2048)
def _named(text: str) -> Mapping[Term, str]:
    """Labels for the blank nodes in *text*, `{0}` where that of the node above belongs.

    They follow from what is said, so the order of the text does not matter, and records that keep the same about an IRI
    write one node; with a node of its own from each, the next reader would keep all of them with every record.
    """
    statements = read(text)
    fixed = [(_fixed(s), p, _fixed(o)) for s, p, o in statements]
    own = _behind([_fixed(SELF), *(s for s, _, _ in fixed if s[:2] == "<>")], _links(fixed))
    names: dict[Term, str] = {}
    alike: Counter[str] = Counter()
    for node, colour in colours(fixed).items():
        name = f"{'{0}' if node in own else '_:'}k{colour[2:14]}"
        names[node] = f"{name}x{alike[name]}" if alike[name] else name
        alike[name] += 1
    return names


def _fixed(term: Term) -> Term:
    """A term in which only the blank nodes that need a name are blank: not the record itself, nor nodes between."""
    return term if term[0] != "_" or _NUMBERED.fullmatch(term) else f"<>{term[2:]}"


def _reached(statements: Iterable[Statement]) -> set[Term]:
    """The blank nodes to which a path leads from the record's own node or from an IRI."""
    links = _links(statements)
    return _behind([SELF, *(subject for subject in links if subject[0] == "<")], links)


def _links(statements: Iterable[Statement]) -> Mapping[Term, list[Term]]:
    links: dict[Term, list[Term]] = {}
    for subject, _, value in statements:
        if value[0] == "_":
            links.setdefault(subject, []).append(value)
    return links


def _behind(ahead: list[Term], links: Mapping[Term, list[Term]]) -> set[Term]:
    reached: set[Term] = set()
    while ahead:
        new = [value for value in links.get(ahead.pop(), ()) if value not in reached]
        reached.update(new)
        ahead += new
    return reached


def tags(text: object) -> dict[str, str]:
    """The language tags as they came, by field: `title= notes=en` is a title without one and notes in English."""
    pairs = (pair.partition("=") for pair in str(text or "").split())
    return {name: tag for name, mark, tag in pairs if mark and (not tag or is_language(tag))}


def tags_written(tags: Mapping[str, str]) -> str:
    return " ".join(f"{name}={tag}" for name, tag in tags.items())
