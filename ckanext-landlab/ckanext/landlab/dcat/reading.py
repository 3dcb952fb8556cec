"""From a graph to records: the half of the mapping that is lenient.

Whatever a graph says, reading ends: each value goes into its field, or is converted and remarked, or is kept with the
record as it came.  A remark says which of the three.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckanext.landlab.dcat import concepts, kept, nodes
from ckanext.landlab.dcat.choice import Taken, picked, same_statement
from ckanext.landlab.dcat.graph import Graph
from ckanext.landlab.dcat.kept import SELF, Keeper
from ckanext.landlab.dcat.licences import licence_of
from ckanext.landlab.dcat.order import Order
from ckanext.landlab.dcat.ranges import GERMAN, Keywords, Labelled
from ckanext.landlab.dcat.terms import TYPE, Statement, Term, is_empty, text_of
from ckanext.landlab.dcat.wording import Found, implied, instead_of_node, shared_out
from ckanext.landlab.dcat.writing import local_name

if TYPE_CHECKING:
    from ckanext.landlab.dcat.mapping import Record, Row, Table

KINDS = ("converted", "kept", "surplus", "older", "beyond")  # of remarks
MOST_DEPTH = 12
SOURCE = "licenseAttributionByText"


@dataclass(frozen=True)
class Remark:
    """What became of one statement that did not simply go into its field.

    *kind*: `converted` (the field says it in another way), `kept` (no field holds it; it is written again as it came),
    `surplus` (a second value where one is allowed; kept, but not written), `older` (only 2.0 can say it; the record
    holds it, and 3.0 has the successor that conversions.yaml names, or none), `beyond` (what is said of its subject is
    more than a record keeps about what it points at).
    """

    kind: str
    field: str
    statement: Statement
    value: str = ""


class Reading:
    """Reads records out of one graph; one reading for each record of its own."""

    def __init__(self, graph: Graph, apart: frozenset[Term] = frozenset()) -> None:
        self.graph = graph
        self.order = Order(graph)
        self.apart = apart
        self.remarks: list[Remark] = []
        self.visited: set[Term] = set()  # nodes whose statements are in the record already
        self.levels: list[_Level] = []
        self.allowance = kept.Allowance()

    def record(self, table: Table, node: Term, above: tuple[Term, ...] = ()) -> Record:
        """The record about *node*; what hangs on it besides is kept when all fields are read, or it came in twice."""
        level = _Level(self, table, node, above)
        self.levels.append(level)
        record = level.read()
        if not above:
            for level in self.levels:
                level.keep_the_rest()
            self.remarks += [Remark("beyond", "", (node, "", "")) for node in dict.fromkeys(self.allowance.beyond)]
        return record


class _Level:
    """One node and its fields."""

    def __init__(self, reading: Reading, table: Table, node: Term, above: tuple[Term, ...]) -> None:
        self.reading, self.table, self.node, self.above = reading, table, node, above
        self.graph, self.properties = reading.graph, reading.order.properties
        self.record: Record = {}
        self.tags: dict[str, str] = {}
        self.source = ""  # the text to name, where a licence brought it along
        self.keeper = Keeper(reading.order, node, reading.visited, reading.apart, reading.allowance)
        reading.visited.add(node)

    def read(self) -> Record:
        if self.node[0] == "<":
            self.record["uri"] = self.node[1:-1]
        for rows, pairs in self.shares().items():
            self.settle(rows, pairs)
        if self.source and not self.record.get(SOURCE):
            self.record[SOURCE] = self.source
        if self.tags:
            self.record["language_tags"] = kept.tags_written(self.tags)
        return self.record

    def keep_the_rest(self) -> None:
        self.keeper.follow()
        if self.keeper.statements:
            self.record["kept_statements"] = kept.written(self.keeper.statements)

    def shares(self) -> dict[tuple[Row, ...], Found]:
        """The statements about the node by the field or fields that they belong to; the others are kept at once."""
        shares: dict[tuple[Row, ...], Found] = {}
        for predicate, values in self.properties(self.node):
            if predicate == TYPE:
                values = [value for value in values if value != self.table.type]
            rows = self.table.readers.get(predicate)
            said = [value for value in values if not self.is_empty(value, rows)]
            if len(said) < len(values):
                for value in values:
                    if self.is_empty(value, rows):
                        self.remark("converted", "", predicate, value)  # it says nothing, and nothing is written
                values = said
            if rows is not None:
                shares.setdefault(rows, []).extend([(predicate, value) for value in values])
                continue
            for value in values:
                self.keep(predicate, value)
        return shares

    def is_empty(self, value: Term, rows: tuple[Row, ...] | None) -> bool:
        return is_empty(value) or (rows is not None and nodes.is_hollow(self.graph, value, self.reading.visited))

    def settle(self, rows: tuple[Row, ...], pairs: Found) -> None:
        """Give the values of one property, under whatever names they came, to the field or fields that hold them."""
        if rows[0].range.tagged:
            self.texts(rows, pairs)
            return
        if rows[0].via:
            pairs = self.through(rows, pairs)
        for row in rows:
            pairs = self.offer(row, pairs, shared=row is not rows[-1])
        for predicate, term in pairs:
            second = rows[0].binding.one and rows[0].field in self.record
            self.keep(predicate, term, rows[0].field, "surplus" if second else "kept")

    def offer(self, row: Row, pairs: Found, *, shared: bool) -> Found:
        """Let *row* take what it can hold; give back the rest."""
        if row.parts and row.single:
            pairs = self.first(row, pairs)
        taken: list[Taken] = []
        left: Found = []
        for predicate, term in pairs:
            value = self.value(row, term, shared=shared)
            if value is None:
                left.append((predicate, term))
            else:
                taken.append(Taken(predicate, term, value))
        if taken:
            self.store(row, taken)
        return left

    def first(self, row: Row, pairs: Found) -> Found:
        """Of several nodes where one is allowed the one to read: 3.0's own property first, then by address."""

        def rank(pair: tuple[Term, Term]) -> tuple[bool, Term, list[str]]:
            predicate, term = pair
            said = sorted(f"{p} {o}" for _, p, o in self.graph.about([term]) if o[0] != "_")
            return predicate != row.predicate, term if term[0] == "<" else "_", said  # never by its label

        ordered = sorted(pairs, key=rank) if len(pairs) > 1 else pairs
        for predicate, term in ordered[1:]:
            self.keep(predicate, term, row.field, kind="surplus" if row.binding.one else "kept")
        return ordered[:1]

    def value(self, row: Row, term: Term, *, shared: bool) -> Any:
        """What *row* makes of *term*; None if it cannot hold it or leaves it to the next row of the property."""
        if shared and row.vocabulary and not (term[0] == "<" and concepts.listed(row.vocabulary, term[1:-1])):
            return None
        if row.parts is not None:
            return self.nested(row, row.parts, term)
        if isinstance(row.range, Labelled):
            return nodes.labelled(self.graph, row, term, self.reading.visited)
        if term[0] == "_":
            return nodes.behind(row, term, dict(self.properties(term)), self.reading.visited)
        value = row.range.read(term, row.vocabulary)
        return nodes.by_label(self.graph, row, term) or value

    def nested(self, row: Row, table: Table, term: Term) -> Any:
        if term[0] == '"':
            return instead_of_node(table, text_of(term).strip())
        if term == self.node or term in self.above or len(self.above) > MOST_DEPTH:
            return None
        if term in self.reading.apart:
            return {"uri": term[1:-1]} if row.field != "resources" and term[0] == "<" else None
        if term[0] == "_" and not self.graph.properties(term):
            return None
        record = self.reading.record(table, term, (*self.above, self.node))
        for name, value in implied(table, term).items():
            record.setdefault(name, value)
        return record or None

    def through(self, rows: tuple[Row, ...], pairs: Found) -> Found:
        """Read the first blank node that lies between; give back what is no such node, and any further one."""
        for index, (_, term) in enumerate(pairs):
            if term[0] == "_" and self.graph.properties(term):
                self.between(rows, term)
                return pairs[:index] + pairs[index + 1 :]
        return pairs

    def between(self, rows: tuple[Row, ...], term: Term) -> None:
        name = f"_:{local_name(rows[0].via)}"
        self.keeper.labels[term] = name
        self.keeper.closed.add(term)
        self.reading.visited.add(term)
        inner = {row.predicate: row for row in rows if row.via}
        for predicate, values in self.properties(term):
            row = inner.get(predicate)
            read = [Taken(predicate, value, row.range.read(value, row.vocabulary) if row else None) for value in values]
            for taken in read:
                if taken.value is None and (predicate, taken.term) != (TYPE, rows[0].type):
                    self.keep(predicate, taken.term, subject=name)
            if row and (held := [taken for taken in read if taken.value is not None]):
                self.store(row, held, name, term)

    def store(self, row: Row, taken: list[Taken], subject: Term = SELF, about: Term = "") -> None:
        """Put what was read about *about* (this level's node if empty) into the field; keep what is one too many."""
        if row.single:
            taken = picked(row, taken)
            self.record[row.field] = [taken[0].value] if row.parts else taken[0].value
            for item in taken[1:]:
                self.beside(row, item, subject, about)
            taken = taken[:1]
        else:
            values = [item.value for item in taken]
            self.record[row.field] = values if row.parts else list(dict.fromkeys(values))
        for item in taken:
            if row.older or not same_statement(row, item):
                self.remark(
                    "older" if row.older else "converted", row.field, item.predicate, item.term, item.value, about
                )
            if row.vocabulary == "licenses" and item.term[0] == '"':
                recognised = licence_of(text_of(item.term))
                self.source = recognised.attribution if recognised else ""
            if item.term[0] == "<" and row.parts is None:
                self.keeper.ahead.append((item.term, row.type if row.binding.range == "iri" else ""))

    def beside(self, row: Row, item: Taken, subject: Term, about: Term) -> None:
        """Keep a value for which the field has no room: as the field would write it, where several are allowed."""
        if row.binding.one or row.older or row.parts or row.range.node or same_statement(row, item):
            self.keep(item.predicate, item.term, row.field, "surplus" if row.binding.one else "kept", subject)
            return
        self.remark("converted", row.field, item.predicate, item.term, item.value, about)
        self.keeper.keep(subject, row.predicate, row.write(str(item.value)))

    def texts(self, rows: tuple[Row, ...], pairs: Found) -> None:
        """Give words to the field of the main language and to the field of translations beside it, if there is one."""
        words = shared_out(rows, pairs)
        row, others = words.main, words.others
        for predicate, term in words.left:
            self.keep(predicate, term, row.field)
        if words.own:
            texts = [row.range.read(term) for _, term in words.own]
            self.words(row, list(dict.fromkeys(texts)), words.language)
            for (predicate, term), text in zip(words.own, texts, strict=True):
                if row.older or predicate != row.predicate or row.range.write(text, "", words.language) != term:
                    self.remark("older" if row.older else "converted", row.field, predicate, term, text)
        for predicate, term in words.rest:
            if others is None:
                self.another(row, predicate, term)
                continue
            value = others.range.read(term)
            self.record.setdefault(others.field, []).append(value)
            if predicate != others.predicate or others.range.write(value) != term:
                self.remark("converted", others.field, predicate, term, value["text"])

    def another(self, row: Row, predicate: Term, term: Term) -> None:
        """Keep a text for which the field has no room, under the name that its property has today."""
        older = predicate != row.predicate and local_name(predicate) == local_name(row.predicate)
        if not (older or row.older) or row.binding.one:
            self.keep(predicate, term, row.field, "surplus" if row.binding.one else "kept")
            return
        self.remark("older" if row.older else "converted", row.field, predicate, term, text_of(term))
        self.keeper.keep(SELF, row.predicate, term)

    def words(self, row: Row, texts: list[str], language: str) -> None:
        if isinstance(row.range, Keywords):
            self.record["tags"] = [{"name": text} for text in texts]
        else:
            self.record[row.field] = texts if row.binding.many else texts[0]
        if language != GERMAN:
            self.tags[row.field] = language

    def keep(self, predicate: Term, value: Term, field: str = "", kind: str = "kept", subject: Term = SELF) -> None:
        self.remark("older" if predicate in self.table.only_older else kind, field, predicate, value)
        self.keeper.keep(subject, predicate, value)

    def remark(self, kind: str, field: str, predicate: Term, term: Term, value: Any = "", about: Term = "") -> None:
        self.reading.remarks.append(Remark(kind, field, (about or self.node, predicate, term), str(value)))
