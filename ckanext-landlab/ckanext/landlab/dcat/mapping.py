"""The annotated schema as a table, read in both directions: `describe(record, node)` and `recover(node, graph)`.

    table = table_of(schemas.read("dataset"))
    statements = table.describe(record, "https://daten.musterstadt.de/dataset/baeume")          # 3.0
    statements = table.describe(record, "https://…/dataset/baeume", version="2.0")
    record, remarks = table.recover("https://…/dataset/baeume", graph)

A record is a dataset as CKAN's API gives it; a statement is a triple of N-Triples terms (see terms.py); a graph comes
from `syntax.parse`.  The specification is the round trip: what `recover` cannot put into a field it keeps in
`kept_statements`, and `describe` writes it again.  The keys of an annotation are the fields of `Binding`, no others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from typing import Any

from ckanext.landlab import schemas
from ckanext.landlab.dcat import concepts
from ckanext.landlab.dcat.graph import Graph
from ckanext.landlab.dcat.ranges import RANGES, Range
from ckanext.landlab.dcat.reading import Reading, Remark
from ckanext.landlab.dcat.terms import NAMESPACES, Statement, Term, expand, iri
from ckanext.landlab.dcat.writing import Writing
from ckanext.landlab.errors import DeclarationError

Record = dict[str, Any]

HIDDEN = ("kept_statements", "language_tags", "uri")


@dataclass(frozen=True, kw_only=True)
class Binding:
    """What a field is in RDF; the head of dataset.yaml says what each key means."""

    property: str | None = None
    range: str = "literal"
    many: bool = False
    one: bool = False
    type: str | None = None
    via: str | None = None
    also: tuple[str, ...] = ()
    v2: str | Mapping[str, Any] | bool | None = None
    pick: str = "latest"

    def in_version(self, version: str) -> Binding | None:
        """This binding as *version* says it; None if it cannot."""
        form = self
        if version == "2.0" and self.v2 is not None:
            change = {"property": self.v2} if isinstance(self.v2, str) else self.v2
            if not isinstance(change, Mapping):
                return None
            form = replace(self, **({"via": None, "type": None} | dict(change) if self.via else dict(change)))
        return form if form.property else None


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)
class Row:
    """One field of a record and its place in a graph."""

    field: str
    binding: Binding
    predicate: Term
    range: Range
    vocabulary: str = ""
    type: Term = ""
    via: Term = ""
    obligation: str = "optional"
    parts: Table | None = None
    place: str = ""  # where it stands in the schema, for messages
    older: bool = False  # 3.0 cannot say it
    keywords: bool = False  # CKAN keeps its values as tags
    plain: bool = False  # one value, one term, and nothing more to say
    write: Callable[[str], Term] = str  # of its range, with the latest answers kept

    def __repr__(self) -> str:
        return f"<row {self.place}>"

    @property
    def single(self) -> bool:
        return not self.binding.many


@dataclass(eq=False, repr=False)
class Table:
    """The rows of one class, and which of them a predicate belongs to."""

    type: Term
    rows: tuple[Row, ...]  # as 3.0 says them
    rows_2: tuple[Row, ...] = ()
    readers: dict[Term, tuple[Row, ...]] = field(default_factory=dict)
    only_one: Mapping[Term, frozenset[Term]] = field(default_factory=dict)  # and its names in 2.0 and 3.0
    only_older: frozenset[Term] = frozenset()  # predicates of fields that 3.0 cannot say
    words: Row | None = None  # the part that takes the words which came where a node belongs

    def __repr__(self) -> str:
        return f"<table of {self.type}>"

    def in_version(self, version: str) -> tuple[Row, ...]:
        return self.rows_2 if version == "2.0" else self.rows

    def row(self, name: str) -> Row:
        """The row of the field *name*."""
        return next(row for row in (*self.rows, *self.rows_2) if row.field == name)

    def describe(self, record: Record, node: str, version: str = "3.0", only: Iterable[str] = ()) -> list[Statement]:
        """What *record* says about *node* (an IRI), in a stable order; *only* names the fields if not all."""
        return Writing(version).described(self, record, iri(node), frozenset(only))

    def recover(self, node: str, graph: Graph, apart: Iterable[Term] = ()) -> tuple[Record, list[Remark]]:
        """The record about *node* and remarks on it; *apart* are the nodes that have records of their own."""
        return self.recover_term(node if node.startswith("_:") else iri(node), graph, apart)

    def recover_term(self, node: Term, graph: Graph, apart: Iterable[Term] = ()) -> tuple[Record, list[Remark]]:
        return self.recover_seen(node, graph, frozenset(apart))[:2]

    def recover_seen(self, node: Term, graph: Graph, apart: frozenset[Term]) -> tuple[Record, list[Remark], set[Term]]:
        """The same, and the nodes of the graph whose statements are now in the record."""
        reading = Reading(graph, apart)
        return reading.record(self, node), reading.remarks, reading.visited


def table_of(schema: Mapping[str, Any]) -> Table:
    """The table of *schema*, a scheming schema with annotated fields; raises DeclarationError naming the field."""
    kind = schema.get("dataset_type") or schema.get("organization_type") or "catalog"
    fields = schema.get("dataset_fields") or schema.get("fields") or []
    rows = [(row, form) for row in fields for form in _forms(row, f"{kind}.{row.get('field_name')}")]
    if schema.get("resource_fields"):
        rows += _resources(schema["resource_fields"], f"{kind}.resources")
    return _table(expand(schema["rdf"]["type"]), rows)


def _resources(fields: list[Mapping[str, Any]], place: str) -> list[tuple[Mapping[str, Any], _Forms]]:
    annotation = {"property": "dcat:distribution", "range": "node", "many": True, "type": "dcat:Distribution"}
    row = {"field_name": "resources", "rdf": annotation, "repeating_subfields": fields, "obligation": "recommended"}
    return [(row, form) for form in _forms(row, place)]


_Forms = dict[str, Row]


def _forms(declared: Mapping[str, Any], place: str) -> list[_Forms]:
    """The row of a declared field in each version that can say it; none for a field without annotation."""
    merged = {**presets().get(declared.get("preset", ""), {}), **declared}
    if "rdf" not in merged:
        return []
    try:
        binding = Binding(**{**merged["rdf"], "also": tuple(merged["rdf"].get("also", ()))})
        parts = _parts(merged, binding, place)
        forms = {version: binding.in_version(version) for version in ("3.0", "2.0")}
        older = forms["3.0"] is None
        return [{version: _row(merged, form, parts, place, older=older) for version, form in forms.items() if form}]
    except TypeError as error:
        raise DeclarationError("schemas", place, f"rdf: {error}") from error
    except KeyError as error:
        raise DeclarationError("schemas", place, f"rdf: unknown name {error}") from error


def _parts(declared: Mapping[str, Any], binding: Binding, place: str) -> Table | None:
    if binding.range != "node":
        return None
    rows = [
        (part, form)
        for part in declared["repeating_subfields"]
        for form in _forms(part, f"{place}.{part['field_name']}")
    ]
    return _table(expand(binding.type or "rdfs:Resource"), rows)


def _row(declared: Mapping[str, Any], binding: Binding, parts: Table | None, place: str, *, older: bool) -> Row:
    range_, vocabulary = RANGES[binding.range], declared.get("vocabulary", "")

    @lru_cache(maxsize=512)
    def write(value: str) -> Term:
        return range_.write(value, vocabulary)

    return Row(
        field=declared["field_name"],
        binding=binding,
        predicate=expand(binding.property or ""),
        range=range_,
        vocabulary=vocabulary,
        keywords=binding.range == "keywords",
        plain=not (range_.node or range_.tagged or binding.many or binding.via or binding.type),
        write=write,
        type=expand(binding.type) if binding.type else "",
        via=expand(binding.via) if binding.via else "",
        obligation=declared.get("obligation", "optional"),
        parts=parts,
        place=place,
        older=older,
    )


def _table(type_: Term, declared: list[tuple[Mapping[str, Any], _Forms]]) -> Table:
    table = Table(type=type_, rows=(), rows_2=())
    forms = [form for _, form in declared]
    table.rows = tuple(form["3.0"] for form in forms if "3.0" in form)
    table.rows_2 = tuple(form["2.0"] for form in forms if "2.0" in form)
    for form in forms:
        home = form.get("3.0") or form["2.0"]
        for predicate in _read_from(form):
            table.readers[predicate] = (*table.readers.get(predicate, ()), home)
    for form in forms:
        names = frozenset(row.via or row.predicate for row in form.values() if row.binding.one)
        table.only_one = {**table.only_one, **dict.fromkeys(names, names)}
    table.only_older = frozenset(row.predicate for form in forms for row in form.values() if row.older)
    table.words = next((row for row in table.rows if row.range.words), None)
    return table


def _read_from(form: _Forms) -> list[Term]:
    """Every predicate under which a field's values may come: 3.0's, 2.0's, older ones, and old namespaces of them."""
    names = {row.binding.via or row.binding.property: None for row in form.values()}
    names |= {name: None for row in form.values() for name in row.binding.also}
    predicates = [expand(name) for name in names if name]
    older = [_older(entry, name) for entry in concepts.conversions()["namespaces"] for name in names if name]
    return list(dict.fromkeys([*predicates, *filter(None, older)]))


def _older(entry: Mapping[str, str], name: str) -> Term:
    prefix, _, local = name.partition(":")
    return f"<{entry['was']}{local}>" if prefix == entry["prefix"] and entry["was"] != NAMESPACES[prefix] else ""


@cache
def presets() -> Mapping[str, Mapping[str, Any]]:
    """The values of every preset of ours, by name."""
    return {
        preset["preset_name"]: preset["values"]
        for file in ("presets", "groups")
        for preset in schemas.read(file)["presets"]
    }


@cache
def table(name: str) -> Table:
    """The table of one of our schemas: dataset, dataset_series, data_service or catalog."""
    return table_of(schemas.read(name))
