"""From nodes and properties of a graph back to the fields of the record that says them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ckanext.landlab import schemas
from ckanext.landlab.dcat import mapping
from ckanext.landlab.dcat.mapping import Record, Row, Table
from ckanext.landlab.dcat.terms import Term, iri, is_absolute, shorten
from ckanext.landlab.dcat.writing import label_of, local_name, values_of

Path = tuple[str | int, ...]
FILES = {"de": "Datei oder Dienst", "en": "File or service"}


@dataclass(frozen=True)
class Field:
    """A place in a record, and where its row stands in the schema."""

    path: Path
    place: str = ""
    property: str = ""

    def label(self, language: str) -> str:
        """What the form calls it; the property's own name where no field has it."""
        name = next((str(step) for step in reversed(self.path) if isinstance(step, str)), "")
        return (labels().get(self.place) or {}).get(language) or self.property or name


@dataclass
class Fields:
    """The nodes of one record's graph: which part of the record each one is, and which are other records."""

    nodes: dict[Term, tuple[Table, Path]] = field(default_factory=dict)
    foreign: set[Term] = field(default_factory=set)
    record: Record = field(default_factory=dict)

    def field(self, focus: Term, predicate: Term, value: Term = "") -> Field:
        """The field that says *predicate* of *focus*; of several that share it the one that holds *value*."""
        if focus not in self.nodes:
            return Field((), "", shorten(predicate))
        table, path = self.nodes[focus]
        rows = [row for row in (*table.rows, *table.rows_2) if predicate in (row.predicate, row.via)]
        if not rows:
            return Field(path, "", shorten(predicate))
        row = next((row for row in rows if self._holds(path, row, value)), rows[0])
        return Field((*path, row.field), row.place, shorten(predicate))

    def _holds(self, path: Path, row: Row, value: Term) -> bool:
        holder: Any = self.record
        for step in path:
            holder = holder[step]
        return any(
            not row.range.node and row.range.write(held, row.vocabulary) == value
            for held in values_of(holder, row.field)
        )


def fields_of(table: Table, record: Record, address: str) -> Fields:
    """The nodes that *record* makes at *address*, named as `writing.py` names them."""
    fields = Fields(record=record)
    root = iri(address)
    _walk(fields, table, record, root, label_of(root), ())
    fields.foreign -= set(fields.nodes)
    return fields


def _walk(fields: Fields, table: Table, record: Record, node: Term, label: str, path: Path) -> None:
    fields.nodes.setdefault(node, (table, path))
    for row in table.rows:
        if row.via:
            fields.nodes.setdefault(f"{label}v{local_name(row.via)}", (table, path))
        values = values_of(record, row.field)
        if row.binding.range == "sibling":
            fields.foreign |= {iri(str(value)) for value in values if is_absolute(str(value))}
        if row.parts is None:
            continue
        for index, value in enumerate(values if row.binding.many else values[:1]):
            if isinstance(value, dict):
                below = f"{label}{row.field}{index}"
                own = str(value.get("uri") or "").strip()
                target = iri(own) if is_absolute(own) else below
                below = label_of(target) if target[0] == "<" and row.field == "resources" else below
                _walk(fields, row.parts, value, target, below, (*path, row.field, index))


@cache
def labels() -> Mapping[str, Mapping[str, str]]:
    """The labels of all fields by their place in the schemas."""
    found: dict[str, Mapping[str, str]] = {}

    def take(declared: Mapping[str, Any], place: str) -> None:
        merged = {**mapping.presets().get(declared.get("preset", ""), {}), **declared}
        found[place] = merged.get("label", {})
        for part in merged.get("repeating_subfields", ()):
            take(part, f"{place}.{part.get('field_name')}")

    for name in schemas.RECORDS:
        schema = schemas.read(name) if name in schemas.names(".") else {}
        for row in schema.get("dataset_fields", ()):
            take(row, f"{schema['dataset_type']}.{row.get('field_name')}")
        for row in schema.get("resource_fields", ()):
            take(row, f"{schema['dataset_type']}.resources.{row.get('field_name')}")
        found[f"{schema.get('dataset_type', name)}.resources"] = FILES
    return found
