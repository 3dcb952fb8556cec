"""What a set of statements says, as a short text: the same for the same statements, however they were written down.

Neither the order of the statements nor the labels of blank nodes matter, so a catalogue in another syntax has the
fingerprints that it had.  A blank node is known by what is said about it and where it hangs (the colours of Weisfeiler
and Leman); two nodes that these cannot tell apart are alike for every reader of records.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from hashlib import blake2b

from ckanext.landlab.dcat.graph import Graph
from ckanext.landlab.dcat.terms import Statement, Term

MOST_ROUNDS = 24  # steps from a blank node that are looked at; deeper chains are told apart by what they say


AT_HAND = 5_000  # subjects whose digest is kept: those that many records of a catalogue share


def fingerprint(statements: Iterable[Statement]) -> str:
    """32 hexadecimal digits that stand for *statements*, a set of them."""
    return _digest(_lines({(subject, predicate, _settled(value)) for subject, predicate, value in statements})).hex()


class Fingerprints:
    """The fingerprints of parts of one graph; what is said of a node that many parts share is looked at once."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[Term, bytes | None] = {}  # None: tied to blank nodes, so it depends on the part

    def of(self, nodes: Iterable[Term]) -> str:
        """32 hexadecimal digits that stand for all that is said of *nodes*."""
        digests: list[bytes] = []
        tied: list[Statement] = []
        for node in nodes:
            digest = self._known[node] if node in self._known else self._alone(node)
            if digest is None:
                tied += self._said(node)
            elif digest:
                digests.append(digest)
        lines = _digest(_lines(tied)) if tied else b""
        return blake2b(b"".join([lines, *sorted(digests)]), digest_size=16).hexdigest()

    def _alone(self, node: Term) -> bytes | None:
        """The digest of what is said of *node*, empty if nothing; None if a blank node plays a part in it."""
        said = self._said(node)
        is_tied = any(subject[0] == "_" or value[0] == "_" for subject, _, value in said)
        digest = None if is_tied else _digest(sorted(map(" ".join, said))) if said else b""
        if len(self._known) == AT_HAND:
            self._known.clear()
        self._known[node] = digest
        return digest

    def _said(self, node: Term) -> set[Statement]:
        properties = self._graph.properties(node)
        return {(node, predicate, _settled(value)) for predicate, values in properties.items() for value in values}


def _lines(said: Collection[Statement]) -> list[str]:
    names = colours([line for line in said if line[0][0] == "_" or line[2][0] == "_"])
    return sorted(f"{names.get(s, s)} {p} {names.get(o, o)}" for s, p, o in said)


def _digest(lines: Iterable[str]) -> bytes:
    return blake2b("\n".join(lines).encode(errors="surrogatepass"), digest_size=16).digest()


def _settled(value: Term) -> Term:
    """*value* with its language tag in small letters, as some syntaxes write it and others do not."""
    if value[0] != '"' or value[-1] in '">':
        return value
    end = value.rfind('"')
    return value[:end] + value[end:].lower()


def colours(statements: Collection[Statement]) -> dict[Term, str]:
    """A name for each blank node that follows from what is said about it, and about those it is tied to."""
    nodes = {term for subject, _, value in statements for term in (subject, value) if term[0] == "_"}
    found = dict.fromkeys(nodes, "_:")
    kinds = 1
    for _ in range(min(len(nodes) + 1, MOST_ROUNDS) if nodes else 0):
        seen: dict[Term, list[str]] = {node: [] for node in nodes}
        for subject, predicate, value in statements:
            if subject in nodes:
                seen[subject].append(f"{predicate} {found.get(value, value)}")
            if value in nodes:
                seen[value].append(f"{found.get(subject, subject)} {predicate} ^")
        found = {node: _hashed([found[node], *sorted(lines)]) for node, lines in seen.items()}
        if len(set(found.values())) == kinds:
            break
        kinds = len(set(found.values()))
    return found


def _hashed(lines: Iterable[str]) -> str:
    return "_:" + blake2b("\n".join(lines).encode(errors="surrogatepass"), digest_size=12).hexdigest()
