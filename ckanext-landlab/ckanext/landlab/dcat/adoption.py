"""From the keys in which ckanext-dcatde keeps metadata to our fields, and the other way: the table is adoption.yaml.

A value moves only if its field can hold it; everything else stays under its key, and the reason is given.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from ckanext.landlab import schemas
from ckanext.landlab.dcat import concepts, mapping
from ckanext.landlab.dcat.context import Record
from ckanext.landlab.dcat.mapping import Row, Table
from ckanext.landlab.dcat.ranges import Labelled
from ckanext.landlab.dcat.terms import iri, is_absolute, literal

THEMES = "http://publications.europa.eu/resource/authority/data-theme/"
UNREADABLE = "the field cannot hold this value"
TAKEN = "the field has a value already"
UNKNOWN = "no field of DCAT-AP.de"


@dataclass(frozen=True)
class Left:
    """A value that stayed under its *key*, and why."""

    key: str
    value: str
    reason: str


@dataclass
class Adoption:
    """A record in our fields, which key moved into which field, and what stayed."""

    record: Record
    moved: list[tuple[str, str]] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def adopted(record: Record) -> Adoption:
    """*record*, as CKAN shows it, with what ckanext-dcatde kept in extras and JSON texts in our fields."""
    full = {**record, "extras": list(record.get("extras") or ())}
    found = Adoption(full)
    there = {extra["key"]: extra["value"] for extra in full["extras"]}
    there |= {name: full[name] for name in _table()["columns"] if full.get(name)}
    table = mapping.table("dataset")
    _Mover(found, full, there, table).move(_table()["dataset"], _table()["groups"])
    _themes(found, table.row("theme"))
    _attribution(found, there)
    full["resources"] = [_file(dict(resource), found) for resource in full.get("resources") or ()]
    full["extras"] = [extra for extra in full["extras"] if extra["key"] in there]
    for name in _table()["columns"]:
        if name not in there and full.get(name):
            full[name] = ""
    known = {left.key for left in found.left}
    stay = _table()["stay"]
    found.left += [
        Left(key, _text(value), stay.get(key, UNKNOWN)) for key, value in there.items() if value and key not in known
    ]
    return found


class _Mover:
    """Moves the values of one part of a record from their keys into its fields."""

    def __init__(self, found: Adoption, target: Record, there: dict[str, Any], table: Table) -> None:
        self.found, self.target, self.there, self.table = found, target, there, table

    def move(self, fields: Mapping[str, str], groups: Mapping[str, Mapping[str, str]]) -> None:
        for name, key in fields.items():
            self.take(name, key, _row(self.table, name), self.target)
        for name, parts in groups.items():
            row = self.table.row(name)
            if self.target.get(name) or row.parts is None:
                continue
            entries: list[Record] = [{}]
            for part, key in parts.items():
                self.take(part, key, _row(row.parts, part), entries[0], f"{name}.{part}")
            if entries[0]:
                self.target[name] = _apart(entries[0])

    def take(self, name: str, key: str, row: Row | None, target: Record, place: str = "") -> None:
        """Put the value under *key* into the field *name*, if there is one and the field can hold it."""
        value = self.there.get(key)
        same = target is self.target and name == key and value is None
        if same or value in (None, "", [], "[]"):
            if value is not None and not same:
                del self.there[key]
            return
        if target.get(name) == value:
            del self.there[key]
            return
        if target.get(name) and name != key:
            self.found.left.append(Left(key, _text(value), TAKEN))
            return
        values = [read for text in _listed(value) if (read := _read(row, text)) not in (None, "")]
        if len(values) != len(_listed(value)):
            self.found.left.append(Left(key, _text(value), UNREADABLE))
            return
        several = (row and row.binding.many) or len(values) > 1
        target[name] = values if several else values[0]
        if target[name] != value or key != name:
            self.found.moved.append((key, place or name))
        del self.there[key]


def _apart(entry: Record) -> list[Record]:
    """One entry, or one for each of several values of its only part, as the notations of other identifiers are."""
    several = [(part, value) for part, values in entry.items() if isinstance(values, list) for value in values]
    return [{part: value} for part, value in several] if several and len(entry) == 1 else [entry]


def _file(resource: Record, found: Adoption) -> Record:
    """A file with its JSON texts as lists and its concepts as the table has them."""
    parts = mapping.table("dataset").row("resources").parts
    assert parts is not None  # noqa: S101 a file is a record of its own
    there = {key: resource.pop(key) for key in {*_table()["resources"].values(), "access_services"} if key in resource}
    mine = Adoption(resource)
    _Mover(mine, resource, there, parts).move(_table()["resources"], {})
    found.moved += [
        (key, f"resources.{name}") for key, name in mine.moved if (key, f"resources.{name}") not in found.moved
    ]
    if services := there.pop("access_services", None):
        resource["dcatde_access_services"] = _text(services)
        found.left.append(Left("access_services", _text(services), _table()["stay"]["access_services"]))
    for key, value in there.items():
        if value:
            resource[f"dcatde_{key}"] = _text(value)
            found.left.append(Left(f"resources.{key}", _text(value), UNREADABLE))
    return resource


def _themes(found: Adoption, row: Row) -> None:
    """Groups that are named like themes; the dataset stays in them."""
    groups = (str(group.get("name") or "") for group in found.record.get("groups") or ())
    themes = [
        f"{THEMES}{name.upper()}" for name in groups if concepts.listed(row.vocabulary, f"{THEMES}{name.upper()}")
    ]
    new = [theme for theme in themes if theme not in (found.record.get("theme") or ())]
    if new:
        found.record["theme"] = [*(found.record.get("theme") or ()), *new]
        found.moved.append(("groups", "theme"))


def _attribution(found: Adoption, there: dict[str, Any]) -> None:
    """The text to name that an uploader of Schleswig-Holstein keeps with the dataset belongs to each file."""
    text = there.pop("licenseAttributionByText", None)
    if text:
        resources = found.record.get("resources") or ()
        found.record["resources"] = [{"licenseAttributionByText": text, **resource} for resource in resources]
        found.moved.append(("licenseAttributionByText", "resources.licenseAttributionByText"))


def flattened(record: Record) -> Record:
    """*record* with its fields also under the keys that ckanext-dcatde's profile looks for."""
    table = _table()
    flat = {key: _kept(record[name]) for name, key in table["dataset"].items() if record.get(name)}
    flat |= {key: record[key][0] for key in table["single"] if isinstance(record.get(key), list) and record[key]}
    for name, parts in table["groups"].items():
        entries = record.get(name) or ()
        if name == "alternate_identifier":
            flat |= {"alternate_identifier": json.dumps([one["notation"] for one in entries if one.get("notation")])}
            continue
        flat |= {key: entry[part] for entry in entries[:1] for part, key in parts.items() if entry.get(part)}
    flat["groups"] = [
        {"name": theme.rpartition("/")[2].lower()} for theme in record.get("theme") or () if theme.startswith(THEMES)
    ]
    taken = {*table["dataset"], *table["groups"]}
    rest = {name: value for name, value in record.items() if name not in taken or name == "uri"}
    return {**rest, **flat, "resources": [_flat_file(one) for one in record.get("resources") or ()]}


def _flat_file(resource: Record) -> Record:
    names = _table()["resources"]
    flat = {key: _kept(resource[name]) for name, key in names.items() if resource.get(name)}
    return {**{name: value for name, value in resource.items() if name not in names}, **flat}


@cache
def _table() -> Mapping[str, Any]:
    return schemas.read("adoption")


def _row(table: Table, name: str) -> Row | None:
    """The row of a field; none for an address, which is the node itself and no statement about it."""
    return None if name == "uri" else table.row(name)


def _read(row: Row | None, text: str) -> Any:
    """What the field of *row* holds of *text*."""
    if row is None:
        return text if is_absolute(text) else None
    if isinstance(row.range, Labelled):
        return text
    term = iri(text) if is_absolute(text) and not row.range.tagged else literal(text)
    return row.range.read(term, row.vocabulary)


def _listed(value: Any) -> list[str]:
    """The texts in a value: a list, a list as JSON, or one text."""
    if isinstance(value, str) and value.startswith("["):
        try:
            value = json.loads(value)
        except ValueError:
            return [""]  # which no field can hold
    return [_text(one) for one in value] if isinstance(value, list) else [_text(value)]


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _kept(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else value
