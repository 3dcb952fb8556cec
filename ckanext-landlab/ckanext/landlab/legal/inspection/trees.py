"""Tables out of trees: JSON and XML, with every kind of record that stands in them, however deep.

Things of one kind that stand together are a table: a list of objects in JSON, elements of one name in XML; what they
hold in further levels becomes columns of the same row.
"""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import defusedxml.ElementTree
from defusedxml.common import DefusedXmlException

from .columns import text_of
from .limits import Limits
from .reading import Table, Unreadable

DEPTH = 12  # levels of a tree that are looked at; what lies deeper is no table

Record = Mapping[str, str]


def parsed(path: Path, limits: Limits) -> Iterator[Table]:
    """The tables of a JSON document, or of one with a document in each line."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Unreadable from problem
    try:
        content = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as problem:
        content = _lines(text, limits, problem)
    yield from _tables(content, limits)


def _lines(text: str, limits: Limits, problem: Exception) -> list[Any]:
    lines = [line for line in text.splitlines() if line.strip()][: limits.rows + 1]
    try:
        return [json.loads(line) for line in lines]
    except (json.JSONDecodeError, RecursionError):
        raise Unreadable from problem


def _tables(content: Any, limits: Limits) -> Iterator[Table]:
    waiting: deque[tuple[Any, int]] = deque([(content, 0)])
    while waiting:
        node, depth = waiting.popleft()
        if depth > DEPTH or limits.over:
            continue
        if isinstance(node, Mapping):
            if depth == 0 and not any(isinstance(value, list | Mapping) for value in node.values()):
                yield _table([_flat(node)])
            waiting += [(value, depth + 1) for value in node.values()]
        elif isinstance(node, list):
            some = [_attributes(item) for item in node[: limits.rows + 2]]
            records = [_flat(item) for item in some if isinstance(item, Mapping)]
            if records:
                yield _table(records)
                waiting += [(value, depth + 2) for item in some if isinstance(item, Mapping) for value in _lists(item)]
            elif some and all(isinstance(item, list) and not _holds_more(item) for item in some):
                yield iter([[text_of(cell) for cell in item] for item in some])


def _holds_more(item: list[Any]) -> bool:
    """Whether it is no row: coordinates are lists of lists, too."""
    return any(isinstance(cell, list | Mapping) for cell in item)


def _attributes(item: Any) -> Any:
    """What a feature of GeoJSON says; where it lies is no table."""
    if isinstance(item, Mapping) and item.get("type") == "Feature" and isinstance(item.get("properties"), Mapping):
        return item["properties"]
    return item


def _lists(record: Mapping[str, Any], depth: int = 0) -> Iterator[Any]:
    """The lists in a record, which are tables of their own."""
    for value in record.values():
        if isinstance(value, list):
            yield value
        elif isinstance(value, Mapping) and depth < DEPTH:
            yield from _lists(value, depth + 1)


def _flat(record: Mapping[str, Any], depth: int = 0) -> dict[str, str]:
    """A record with what its own objects hold beside it, each under its last name."""
    flat: dict[str, str] = {}
    for key, value in record.items():
        if isinstance(value, Mapping) and depth < DEPTH:
            for name, text in _flat(value, depth + 1).items():
                flat[name if name not in flat else f"{key}.{name}"] = text
        else:
            flat[str(key)] = _text(value)
    return flat


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(text_of(item) for item in value[:20] if not isinstance(item, list | Mapping))
    return "" if isinstance(value, Mapping) else text_of(value)


def _table(records: Iterable[Record]) -> Table:
    records = list(records)
    headings = list(dict.fromkeys(key for record in records for key in record))
    return iter([headings, *([record.get(heading, "") for heading in headings] for record in records)])


def marked_up(path: Path, limits: Limits) -> Iterator[Table]:
    """The tables of an XML document: GML, KML, GPX and whatever an office's program writes."""
    found: dict[str, list[Record]] = {}
    count = 0
    try:
        for _event, element in defusedxml.ElementTree.iterparse(path, events=("end",)):
            if record := _record(element):
                found.setdefault(element.tag, []).append(record)
                count += 1
            if count > limits.rows + 1 or limits.over:
                break
    except (ET.ParseError, DefusedXmlException, LookupError, ValueError, OSError) as problem:
        raise Unreadable from problem
    for records in found.values():
        yield _table(records)


def _record(element: Any) -> Record:
    """What *element* and its own leaves say; nothing if it is a leaf, or only holds others."""
    leaves = [child for child in element if _is_leaf(child)]
    record = {_local(key): value for key, value in element.items()}
    for leaf in leaves:
        record[_heading(leaf)] = " ".join(filter(None, (text.strip() for text in leaf.itertext())))
    told = bool(leaves) and not _is_leaf(element)
    for child in list(element):
        if not _is_leaf(child):
            child.clear()  # it has been told already
    return record if told or (not len(element) and len(record) > 1 and not (element.text or "").strip()) else {}


def _is_leaf(element: Any) -> bool:
    """Whether it is one value: text alone, or one text under a name, as KML writes what somebody has added."""
    return not len(element) or (len(element) == 1 and bool(element.get("name")) and not len(element[0]))


def _heading(leaf: Any) -> str:
    return str(leaf.get("name") or _local(leaf.tag))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
