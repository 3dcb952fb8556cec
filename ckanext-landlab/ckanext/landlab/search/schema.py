"""The fields of the index: CKAN's own, the dynamic ones, and those that `schemas/dataset.yaml` marks with `search:`.

`schemas/search.yaml` lists CKAN's.  A new kind of field is one entry of `Kind`, read in `documents.py`
and `compile.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, cached_property
from typing import Any

from ckanext.landlab import schemas
from ckanext.landlab.errors import DeclarationError


class Kind(Enum):
    STRING = "string"  # one term, as it is
    TEXT = "text"  # German and English words
    NAMES = "names"  # words that are not bent
    PLAIN = "plain"  # words as they are spelt, in small letters, for suggestions
    NGRAMS = "ngrams"  # every two to ten letters, for autocompletion
    INTEGER = "integer"
    FLOAT = "float"
    DATE = "date"
    SOURCE = "source"  # only given back

    @property
    def analysed(self) -> bool:
        return self in (Kind.TEXT, Kind.NAMES, Kind.PLAIN, Kind.NGRAMS)

    @property
    def counted(self) -> bool:
        return self in (Kind.INTEGER, Kind.FLOAT, Kind.DATE)


@dataclass(frozen=True, kw_only=True)
class Field:
    """One field: how it is indexed, whether it repeats and whether it is given back."""

    name: str
    kind: Kind
    many: bool = False
    kept: bool = False
    required: bool = False
    default: str | None = None
    dynamic: bool = False


@dataclass(frozen=True)
class Schema:
    """All fields of the index, by name or by pattern."""

    name: str
    key: str
    default: str
    fields: Mapping[str, Field]
    patterns: Mapping[str, Field]
    copies: Mapping[str, tuple[str, ...]]

    def field(self, name: str) -> Field:
        """The field called *name*; every name is one, since the last pattern fits all."""
        known = self.fields.get(name) or self._met.get(name)
        if known is None:
            pattern = next(each for each in self._patterns if _fits(each, name))
            known = replace(self.patterns[pattern], name=name, dynamic=True)
            if len(self._met) < 10_000:  # names come from outside
                self._met[name] = known
        return known

    def targets(self, name: str) -> tuple[str, ...]:
        """The fields that get a copy of *name*'s values."""
        if name in self.copies:
            return self.copies[name]
        return next((self.copies[each] for each in self._copied if _fits(each, name)), ())

    @cached_property
    def _patterns(self) -> list[str]:
        return sorted(self.patterns, key=len, reverse=True)

    @cached_property
    def _copied(self) -> list[str]:
        return [name for name in self.copies if "*" in name]

    @cached_property
    def _met(self) -> dict[str, Field]:
        return {}


def _fits(pattern: str, name: str) -> bool:
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name.endswith(pattern[1:])


@cache
def schema() -> Schema:
    """The schema as the declarations say it."""
    declared = schemas.read("search")
    fields = {name: _field(name, row) for name, row in declared["fields"].items()}
    copies = {name: tuple(targets) for name, targets in declared["copies"].items()}
    for field, copied in _declared_fields():
        if field.name not in fields:
            fields[field.name] = field
            if copied:
                copies[field.name] = (declared["default"],)
    patterns = {name: _field(name, row) for name, row in declared["dynamic"].items()}
    return Schema(declared["name"], declared["key"], declared["default"], fields, patterns, copies)


def _field(name: str, row: Mapping[str, Any]) -> Field:
    try:
        return Field(name=name, **{**row, "kind": Kind(row["kind"])})
    except (KeyError, TypeError, ValueError) as error:
        raise DeclarationError("schemas/search.yaml", name, str(error)) from error


def _declared_fields() -> Iterator[tuple[Field, bool]]:
    """The fields of the dataset schema that are searched or filtered, each with whether its words are searched.

    A facet holds whole values, any number of them; a field that is only searched holds words.
    """
    if "dataset" not in schemas.names("."):
        return
    for row in schemas.read("dataset")["dataset_fields"]:
        search = row.get("search")
        if search is None:
            continue
        if not isinstance(search, dict) or not search.keys() <= {"weight", "facet"}:
            raise DeclarationError("schemas/dataset.yaml", row["field_name"], "search: knows `weight` and `facet` only")
        kind = Kind.STRING if search.get("facet") else Kind.TEXT
        yield Field(name=row["field_name"], kind=kind, many=True, kept=True), "weight" in search
