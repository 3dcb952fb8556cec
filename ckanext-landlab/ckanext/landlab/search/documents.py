"""A document as it comes in, made into what the index holds and what is given back.

Fields that the schema lists have a home of their own in the index.  All others, whatever their name, share
pools: `_terms` (each term led by its field's name), `_words` (the same for analysed text) and `_values` (facets).
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import tantivy
from ckanext.landlab.errors import RequestError
from ckanext.landlab.search import dates, words
from ckanext.landlab.search.schema import Field, Kind, Schema

TERMS, WORDS, VALUES, STORED, HEAD = "_terms", "_words", "_values", "_stored", "_head"
SHORT = ("id", "name", "title")  # what most requests want, kept by itself: that is read much faster than all
BETWEEN = "\x1f"  # stands between a field's name and a term in a pool
PRESENT = "\x1e"  # leads the name of a field that has a value
LONGEST = 32_766  # Lucene's longest term, in bytes

Value = str | int | float


@dataclass
class Document:
    """One document: its *key*, its *values* as they came (in Solr's types) and its version."""

    key: str
    values: dict[str, list[Value]] = field(default_factory=dict)


def read(given: Mapping[str, Any], schema: Schema) -> Document:
    """The document that *given* describes.

    Raises:
        RequestError: a required field is missing, or a value does not fit its field.
    """
    values: dict[str, list[Value]] = {}
    for name, value in given.items():
        found = [_value(each, schema.field(name)) for each in _listed(value)]
        if found:
            values[name] = found
    key = str(values.get(schema.key, [""])[0])
    for each in schema.fields.values():
        if each.default is not None and each.name not in values:
            values[each.name] = [_value(each.default, each)]
        if each.required and each.name not in values:
            raise RequestError(f"[doc={key or 'null'}] missing required field: {each.name}")
    for name, found in values.items():
        if len(found) > 1 and not schema.field(name).many:
            raise RequestError(
                f"ERROR: [doc={key}] multiple values encountered for non multiValued field {name}: "
                f"[{', '.join(map(str, found))}]"
            )
    return Document(key, values)


def _listed(value: object) -> list[Any]:
    if value is None:
        return []
    return [each for each in value if each is not None] if isinstance(value, (list, tuple)) else [value]


def _value(value: object, home: Field) -> Value:
    """*value* in the type of its field."""
    if isinstance(value, (dict, list)):
        raise RequestError(f"ERROR: field '{home.name}' holds a structure where a plain value is expected")
    plain = str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, float) and home.kind is Kind.INTEGER:
        plain = str(int(value)) if math.isfinite(value) else plain  # as Java makes a whole number of it
    try:
        if home.kind.counted:
            return number(plain, home)
    except (RequestError, ValueError) as error:
        raise RequestError(f"ERROR: Error adding field '{home.name}'='{plain[:100]}' msg={error}") from error
    if home.kind is Kind.STRING and len(plain) > LONGEST // 4 and len(plain.encode()) > LONGEST:
        raise RequestError(
            f'Document contains at least one immense term in field="{home.name}" '
            f"(whose UTF8 encoding is longer than the max length {LONGEST})"
        )
    return plain


def number(text: str, home: Field) -> int | float:
    """*text* as the number that the engine holds for it; dates are milliseconds.

    Raises:
        RequestError, ValueError: *text* is none.
    """
    match home.kind:
        case Kind.DATE:
            return dates.moment(text)
        case Kind.FLOAT:
            return float(text)
    if text != text.strip() or "_" in text:
        raise ValueError(f"{text!r} is no number")
    if not -(2**31) <= int(text) < 2**31:
        raise ValueError("beyond the numbers of 32 bits")
    return int(text)


def stored(value: object) -> str:
    """*value* as the index keeps it: JSON, without what Unicode has no letter for."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def restored(entry: tantivy.Document, names: Collection[str] | None = None) -> dict[str, list[Value]]:
    """The values that `stored` wrote, or at least those of *names*."""
    values = json.loads(entry.get_first(HEAD) or "{}")
    if names is None or not all(name in SHORT for name in names):
        values |= json.loads(entry.get_first(STORED) or "{}")
    return values


def kept(entry: tantivy.Document, schema: Schema) -> Document:
    """The document that *entry* of an index keeps."""
    values = restored(entry)
    for name, home in schema.fields.items():
        source = entry.get_first(name) if home.kind is Kind.SOURCE else None
        if source is not None:
            values[name] = [json.loads(source)]
    return Document(str(values[schema.key][0]), values)


def indexed(document: Document, schema: Schema) -> tantivy.Document:
    """What the index holds of *document*."""
    entry = _Entry(schema)
    big = {name: found for name, found in document.values.items() if schema.field(name).kind is Kind.SOURCE}
    small = {name: found for name, found in document.values.items() if name not in big}
    entry.made.add_text(HEAD, stored({name: found for name, found in small.items() if name in SHORT}))
    entry.made.add_text(STORED, stored({name: found for name, found in small.items() if name not in SHORT}))
    for name, found in big.items():
        entry.made.add_text(name, stored(str(found[0])))
    for name, found in small.items():
        entry.add(schema.field(name), found)
        for target in schema.targets(name):
            if target != name:
                entry.add(schema.field(target), [entry.copied(value, schema.field(name)) for value in found])
    return entry.finished()


class _Entry:
    def __init__(self, schema: Schema) -> None:
        self.schema = schema
        self.made = tantivy.Document()
        self.pooled: dict[str, list[Value]] = {}
        self.texts: dict[tuple[str, bool], tuple[list[str], list[str]]] = {}
        self.names: set[str] = set()

    def copied(self, value: Value, home: Field) -> Value:
        return dates.written(int(value)) if home.kind is Kind.DATE else value

    def add(self, home: Field, found: list[Value]) -> None:
        self.names.add(home.name)
        if home.kind in (Kind.TEXT, Kind.NAMES):
            self.add_words(home, found)
        elif home.kind is Kind.PLAIN:
            self.made.add_text(home.name, " ".join(word for value in found for word in words.plain(str(value))))
        elif home.dynamic:
            self.pooled.setdefault(home.name, []).extend(found)
        else:
            for value in found:
                self.add_one(home, value)

    def add_one(self, home: Field, value: Value) -> None:
        match home.kind:
            case Kind.DATE | Kind.INTEGER:
                self.made.add_integer(home.name, int(value))
            case Kind.FLOAT:
                self.made.add_float(home.name, float(value))
            case _:
                self.made.add_text(home.name, str(value))

    def add_words(self, home: Field, found: list[Value]) -> None:
        """Add the terms of text: the main ones in order, then each extra one by itself, so that no phrase finds it."""
        target, lead = (WORDS, home.name + BETWEEN) if home.dynamic else (home.name, "")
        for value in found:
            main, extra = self.analysed(str(value), home.kind is Kind.TEXT)
            if main:
                self.made.add_text(target, " ".join(lead + term for term in main))
            for term in extra:
                self.made.add_text(target, lead + term)

    def analysed(self, text: str, bend: bool) -> tuple[list[str], list[str]]:
        known = self.texts.get((text, bend))
        if known is None:
            known = self.texts[text, bend] = words.analysed(text, bend)
        return known

    def finished(self) -> tantivy.Document:
        for name in self.names:
            self.made.add_text(TERMS, PRESENT + name)
        for name, found in self.pooled.items():
            for value in found:
                self.made.add_text(TERMS, f"{name}{BETWEEN}{pooled(value, self.schema.field(name))}")
        if self.pooled:
            self.made.add_json(
                VALUES, {name: found if len(found) > 1 else found[0] for name, found in self.pooled.items()}
            )
        return self.made


def pooled(value: Value, home: Field) -> str:
    """*value* as a term of a pool; dates as text that sorts as they do."""
    return f"{int(value) + 10**15:017}" if home.kind is Kind.DATE else str(value)
