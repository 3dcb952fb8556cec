"""What DCAT-AP.de 3.0 demands of each property of each class, as a table derived from the rows.

Property, number, range, class, vocabulary and obligation come from the rows of `dataset.yaml` and its siblings;
severities, exceptions and what has no row from `conformity.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

from ckanext.landlab import schemas
from ckanext.landlab.dcat import mapping
from ckanext.landlab.dcat.mapping import Row, Table
from ckanext.landlab.dcat.ranges import Count, Date, Geometry, Number, Pattern, Text, Typed
from ckanext.landlab.dcat.terms import Term, expand

VIOLATION, WARNING, INFO = "Violation", "Warning", "Info"

# Schemas with rows; those of series and services count as soon as they are declared.
SCHEMAS = (*schemas.RECORDS, "catalog")


@dataclass(frozen=True, kw_only=True)
class Demand:
    """What is demanded of the values of one property of one class."""

    predicate: Term
    field: str = ""
    obligation: str = "optional"
    least: int = 0
    most: int = 0  # 0: any number
    kind: str = ""  # literal, node, iri; empty: either
    severity: str = VIOLATION  # of number, kind and datatype
    type: Term = ""
    type_severity: str = VIOLATION
    datatype: Term = ""
    vocabulary: str = ""
    list_severity: str = VIOLATION
    ours: str = ""  # what of it the official shapes do not say: all, list or least


@dataclass(frozen=True)
class Demands:
    """The demands of one class, and the properties of which one at least must be there."""

    of: tuple[Demand, ...] = ()
    any: tuple[Term, ...] = ()
    by_predicate: Mapping[Term, Demand] = field(default_factory=dict)


@cache
def demands() -> Mapping[Term, Demands]:
    """The demands by class."""
    exceptions = schemas.read("conformity")
    found: dict[Term, dict[Term, Demand]] = {}
    for type_, row in _rows():
        table = found.setdefault(type_, {})
        before = table.get(row.via or row.predicate)
        table[row.via or row.predicate] = _shared(before, _of_row(type_, row, exceptions))
        if row.via and row.type:
            found.setdefault(row.type, {})[row.predicate] = _within(row, exceptions)
    for name, properties in exceptions["more"].items():
        for predicate, said in properties.items():
            declared = found.setdefault(expand(name), {})
            base = declared.get(expand(predicate))
            declared[expand(predicate)] = _declared(expand(predicate), said, base, exceptions)
    for name, properties in exceptions["ours"].items():
        table = found.get(expand(name), {})
        table |= {expand(p): replace(table[expand(p)], ours=what) for p, what in properties.items()}
    any_ = {expand(name): tuple(map(expand, names)) for name, names in exceptions["any"].items()}
    return {type_: Demands(tuple(table.values()), any_.get(type_, ()), table) for type_, table in found.items()}


def _shared(before: Demand | None, demand: Demand) -> Demand:
    """The demand of a property that several rows share: no list that one of them does not ask for."""
    if before is None:
        return demand
    return replace(before, vocabulary=before.vocabulary if before.vocabulary == demand.vocabulary else "")


@cache
def deprecated() -> Mapping[Term, tuple[str, str]]:
    """The properties not to be used any more: what takes their place, and the class they are looked for in."""
    entries = schemas.read("conformity")["deprecated"]
    return {expand(entry["property"]): (entry["instead"], entry.get("class", "")) for entry in entries}


@cache
def deprecated_values() -> Mapping[Term, tuple[str, str]]:
    """Properties whose values must not contain a text, and the vocabulary to be used instead."""
    entries = schemas.read("conformity")["deprecated_values"]
    return {expand(entry["property"]): (entry["part"], entry["instead"]) for entry in entries}


def declared_tables() -> dict[str, Table]:
    """The tables of the schemas that there are, by schema."""
    return {name: mapping.table(name) for name in SCHEMAS if name in schemas.names(".")}


def _rows() -> Iterator[tuple[Term, Row]]:
    """Every row with the class of the node it is said of, each class once."""
    seen: set[Term] = set()

    def walk(table: Table) -> Iterator[tuple[Term, Row]]:
        if table.type in seen:
            return
        seen.add(table.type)
        for row in table.rows:
            yield table.type, row
            if row.parts:
                yield from walk(row.parts)

    for table in declared_tables().values():
        yield from walk(table)


def _of_row(type_: Term, row: Row, exceptions: Mapping[str, Any]) -> Demand:
    if row.via:
        # The node between: what stands on it is demanded of its own class.
        return Demand(predicate=row.via, field=row.field, most=1, kind="node", **_class(row.type, exceptions))
    unchecked = _in(exceptions["unchecked"], type_, row.predicate)
    only_iri = _in(exceptions["iris"], type_, row.predicate)
    listed = row.vocabulary and not unchecked
    mandatory = row.obligation == "mandatory" and row.field not in exceptions["house"]
    return Demand(
        predicate=row.predicate,
        field=row.field,
        obligation=row.obligation,
        least=int(mandatory),
        most=int(row.binding.one),
        kind="iri" if only_iri else _kind(row),
        severity=WARNING if unchecked else VIOLATION,
        ours="all" if unchecked else "",
        datatype=_datatype(row),
        vocabulary=row.vocabulary,
        list_severity=exceptions["lists"].get(row.vocabulary, VIOLATION) if listed else WARNING,
        **(_class(row.type, exceptions) if row.type and not unchecked else {}),
    )


def _within(row: Row, exceptions: Mapping[str, Any]) -> Demand:
    """The demand of a row on the node between."""
    complete = row.type in map(expand, exceptions["complete"])
    return Demand(
        predicate=row.predicate,
        field=row.field,
        least=int(complete),
        most=int(complete),
        kind=_kind(row) if complete else "",
        datatype=_datatype(row) if complete else "",
        vocabulary="" if row.vocabulary == "checksum-algorithm" else row.vocabulary,
        **(_class("spdx:ChecksumAlgorithm", exceptions) if row.vocabulary == "checksum-algorithm" else {}),
    )


def _declared(predicate: Term, said: Mapping[str, Any], base: Demand | None, exceptions: Mapping[str, Any]) -> Demand:
    vocabulary = said.get("list", "")
    class_ = _class(said["class"], exceptions) if "class" in said else {}
    if "class_severity" in said:
        class_["type_severity"] = said["class_severity"]
    return Demand(
        predicate=predicate,
        field=base.field if base else "",
        obligation=base.obligation if base else "optional",
        least=said.get("least", 0),
        most=said.get("most", 0),
        kind=said.get("kind", ""),
        vocabulary=vocabulary,
        list_severity=exceptions["lists"].get(vocabulary, VIOLATION),
        **class_,
    )


def _class(name: Term, exceptions: Mapping[str, Any]) -> dict[str, Any]:
    """The class to check and its severity; nothing for a class whose check is switched off."""
    type_ = name if name.startswith("<") else expand(name) if name else ""
    for severity, names in exceptions["classes"].items():
        if type_ in map(expand, names):
            return {"type": type_, "type_severity": severity}
    return {}


def _in(table: Mapping[str, list[str]], type_: Term, predicate: Term) -> bool:
    return any(type_ == expand(name) and predicate in map(expand, names) for name, names in table.items())


def _kind(row: Row) -> str:
    literals = (Count, Date, Geometry, Number, Pattern, Text, Typed)
    plain = type(row.range).__name__ == "Range"
    return "literal" if plain or isinstance(row.range, literals) else "node"


def _datatype(row: Row) -> Term:
    return getattr(row.range, "datatype", "") if isinstance(row.range, Count | Number | Pattern) else ""
