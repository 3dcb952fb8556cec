"""A graph too large for memory: statements in a file of their own, read node by node.

`StoredGraph` answers what `graph.Graph` answers, so that records are read from either in the same way.
"""

from __future__ import annotations

import sqlite3
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import blake2b
from pathlib import Path

from ckanext.landlab.dcat.graph import Graph, Properties
from ckanext.landlab.dcat.terms import TYPE, Statement, Term

AT_HAND = 5_000  # nodes that stay in memory
_TABLE = "CREATE TABLE statement (place INTEGER, subject TEXT, predicate TEXT, value TEXT)"
_INSERT = "INSERT INTO statement VALUES (?, ?, ?, ?)"


class StoredGraph(Graph):
    """Statements in the file *path*, each subject found by a number that follows from it."""

    def __init__(self, path: Path, statements: Iterable[Statement]) -> None:
        super().__init__()
        self.near: OrderedDict[Term, Properties] = OrderedDict()
        self.file = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode = off", "synchronous = off", "temp_store = file"):
            self.file.execute(f"PRAGMA {pragma}")
        self.file.execute(_TABLE)
        self.file.execute("BEGIN")
        self.file.executemany(_INSERT, ((_place(s), s, p, o) for s, p, o in statements))
        self.file.execute("CREATE INDEX about ON statement (place)")
        self.file.execute("CREATE INDEX kinds ON statement (value) WHERE predicate = '" + TYPE + "'")
        self.file.execute("CREATE INDEX above ON statement (value) WHERE substr(value, 1, 1) = '_'")
        self.file.execute("COMMIT")

    def __iter__(self) -> Iterator[Statement]:
        yield from self.file.execute("SELECT subject, predicate, value FROM statement ORDER BY rowid")

    def __len__(self) -> int:
        return self.file.execute("SELECT count(*) FROM statement").fetchone()[0]

    def properties(self, node: Term) -> Properties:
        if node in self.near:
            self.near.move_to_end(node)
            return self.near[node]
        found: Properties = {}
        query = "SELECT predicate, value FROM statement WHERE place = ? AND subject = ? ORDER BY rowid"
        for predicate, value in self.file.execute(query, (_place(node), node)):
            found.setdefault(predicate, []).append(value)
        found = {predicate: list(dict.fromkeys(values)) for predicate, values in found.items()}
        self.near[node] = found
        if len(self.near) > AT_HAND:
            self.near.popitem(last=False)
        return found

    def values(self, node: Term, predicate: Term) -> list[Term]:
        return self.properties(node).get(predicate, [])

    def instances(self, *classes: Term) -> list[Term]:
        marks = ", ".join("?" * len(classes))
        query = f"SELECT subject FROM statement WHERE predicate = '{TYPE}' AND value IN ({marks}) ORDER BY rowid"  # noqa: S608 our own words
        return list(dict.fromkeys(subject for (subject,) in self.file.execute(query, classes)))

    def parents(self, nodes: Iterable[Term]) -> dict[Term, list[Term]]:
        query = "SELECT subject FROM statement WHERE substr(value, 1, 1) = '_' AND value = ?"
        return {node: [subject for (subject,) in self.file.execute(query, (node,))] for node in nodes}

    def renamed(self, names: Mapping[Term, Term]) -> StoredGraph:
        """The same graph, changed in place: it cannot be held twice."""
        self.file.execute("BEGIN")
        for old, new in names.items():
            self.file.execute(
                "UPDATE statement SET subject = ?, place = ? WHERE place = ? AND subject = ?",
                (new, _place(new), _place(old), old),
            )
            self.file.execute(
                "UPDATE statement SET value = ? WHERE substr(value, 1, 1) = '_' AND value = ?", (new, old)
            )
        self.file.execute("COMMIT")
        self.near.clear()
        return self

    def close(self) -> None:
        self.file.close()


def _place(node: Term) -> int:
    return int.from_bytes(blake2b(node.encode(errors="surrogatepass"), digest_size=8).digest(), "big", signed=True)
