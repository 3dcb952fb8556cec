"""From a record to statements: the half of the mapping that is strict."""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from ckanext.landlab.dcat import kept
from ckanext.landlab.dcat.ranges import GERMAN, NO_LANGUAGE, Labelled
from ckanext.landlab.dcat.terms import TYPE, Statement, Term, expand, iri, is_absolute, literal

if TYPE_CHECKING:
    from ckanext.landlab.dcat.mapping import Record, Row, Table

LABEL = expand("rdfs:label")
_LOCAL = str.maketrans({"<": None, ">": None})


class Writing:
    """Collects the statements of one record in one version of DCAT-AP.de."""

    def __init__(self, version: str) -> None:
        self.version = version
        self.statements: list[Statement] = []

    def described(self, table: Table, record: Record, node: Term, only: frozenset[str]) -> list[Statement]:
        self.record(table, record, node, label_of(node), only)
        return self.statements

    def record(self, table: Table, record: Record, node: Term, label: str, only: frozenset[str] = frozenset()) -> None:
        """Everything that *record* says about *node*: its class, its fields, what is kept with it."""
        add = self.statements.append
        add((node, TYPE, table.type))
        tags = kept.tags(record["language_tags"]) if record.get("language_tags") else {}
        vias: dict[str, Term] = {}
        start = len(self.statements)
        for row in table.in_version(self.version):
            value = tags_of(record) if row.keywords else record.get(row.field)
            if (not value and value != 0) or (only and row.field not in only):
                continue
            if row.plain and type(value) is str:
                term = row.write(value)
                if term:
                    add((node, row.predicate, term))
            elif values := as_list(value):
                self.field(row, values, self.via(row, node, label, vias) if row.via else node, label, tags)
        text = str(record.get("kept_statements") or "")
        if text and not only:
            # an agent or place with an address is described by several records: what they keep alike is one node
            self.kept(table, text, node, label_of(node) if node[0] == "<" else label, vias, start)

    def via(self, row: Row, node: Term, label: str, vias: dict[str, Term]) -> Term:
        """The node that lies between *node* and the value; made once for all fields that share it."""
        name = local_name(row.via)
        if name not in vias:
            # below an address the label follows from it, so that two records that speak of it mean the same node
            vias[name] = f"{label_of(node) if node[0] == '<' else label}v{name}"
            self.statements.append((node, row.via, vias[name]))
            if row.type:
                self.statements.append((vias[name], TYPE, row.type))
        return vias[name]

    def field(self, row: Row, values: list[Any], node: Term, label: str, tags: dict[str, str]) -> None:
        add = self.statements.append
        predicate = row.predicate
        if row.range.node:
            for index, value in enumerate(values if row.binding.many else values[:1]):
                self.node(row, value, node, f"{label}{row.field}{index}")
            return
        if row.range.tagged:
            language = tags.get(row.field, GERMAN)
            language = "" if language == NO_LANGUAGE else language
            written = [row.range.write(value, row.vocabulary, language) for value in values]
        else:
            written = [row.write(value if type(value) is str else str(value)) for value in values]
        for term in written if row.binding.many else written[:1]:
            if term:
                add((node, predicate, term))
                if row.type and row.binding.range == "iri" and term[0] == "<" and not row.via:
                    add((term, TYPE, row.type))

    def node(self, row: Row, value: Any, node: Term, label: str) -> None:
        """A value that is a node: a record of its own, an address, or words that label a node without address."""
        if row.parts is None:
            self.labelled(row, str(value).strip(), node, label)
            return
        if not isinstance(value, dict):
            return
        address = str(value.get("uri") or "").strip()
        target = iri(address) if is_absolute(address) else label
        before = len(self.statements)
        self.record(
            row.parts, value, target, label_of(target) if row.field == "resources" and target[0] == "<" else label
        )
        if len(self.statements) > before + 1 or target[0] == "<":
            self.statements.insert(before, (node, row.predicate, target))
        else:
            del self.statements[before:]

    def labelled(self, row: Row, text: str, node: Term, label: str) -> None:
        if Labelled.is_address(text):
            self.statements.append((node, row.predicate, iri(text)))
        elif text:
            self.statements.append((node, row.predicate, label))
            if row.type:
                self.statements.append((label, TYPE, row.type))
            self.statements.append((label, LABEL, literal(text, GERMAN)))

    def kept(self, table: Table, text: str, node: Term, label: str, vias: dict[str, Term], start: int) -> None:
        """What came in and has no row; but no second value where one is allowed and a field has written it."""
        written = {p for s, p, _ in self.statements[start:] if s == node and p in table.only_one}
        taken = {name for p in written for name in table.only_one[p]}
        if self.version == "3.0":
            taken |= table.only_older
        self.statements += kept.placed(text, node, label, vias, taken.__contains__)


def values_of(record: Record, name: str) -> list[Any]:
    """The values of a field as a list, whatever form CKAN keeps them in; empty ones left out."""
    value = tags_of(record) if name == "tag_string" else record.get(name)
    return [] if value is None or value == "" else as_list(value)


def as_list(value: Any) -> list[Any]:
    return [item for item in value if item not in ("", None)] if isinstance(value, list) else [value]


def tags_of(record: Record) -> list[str]:
    """The keywords of a record: CKAN's tags, or the line that a form sends."""
    tags = record.get("tags")
    return [tag["name"] for tag in tags] if tags else split_tags(record.get("tag_string"))


def split_tags(line: Any) -> list[str]:
    values = line if isinstance(line, list) else str(line or "").split(",")
    return [tag.strip() for tag in values if isinstance(tag, str) and tag.strip()]


def label_of(node: Term) -> str:
    """The stable beginning of the labels of blank nodes below *node*."""
    return f"_:n{blake2b(node.encode(), digest_size=6).hexdigest()}"


def local_name(term: Term) -> str:
    return term[1:-1].replace("#", "/").rpartition("/")[2]
