"""Tables out of CSV, XLSX, GeoJSON and JSON, read no further than the limits allow."""

from __future__ import annotations

import csv
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from .columns import is_street_heading, kinds_of, shows_a_person, text_of
from .findings import Finding
from .limits import Limits, unpacks_within

Row = Sequence[str]
Table = Iterator[Row]
Reader = Callable[[Path, Limits], Iterator[Table]]

PREAMBLE = 64_000  # bytes that are enough to tell encoding and separator


class Unreadable(Exception):
    """The file is not what its ending says, or unpacks to too much; its text is the reason's name."""


def columns_of(read: Reader, path: Path, limits: Limits) -> tuple[list[Finding], int, str | None]:
    """The findings in the columns of the table at *path*, the rows read, and what was left out."""
    findings: list[Finding] = []
    seen = 0
    try:
        for table in read(path, limits):
            rows = [_bounded(row, limits) for row in _until_over(table, limits, limits.rows + 1 - seen)]
            findings += _findings(rows)
            seen += len(rows)
            if seen > limits.rows or limits.over:
                return findings, seen - 1, "rest"
    except Unreadable as problem:
        return findings, max(seen - 1, 0), str(problem)
    return findings, max(seen - 1, 0), None


def _until_over(table: Table, limits: Limits, rows: int) -> Table:
    for row in islice(table, max(rows, 0)):
        if limits.over:
            return
        yield row


def _bounded(row: Row, limits: Limits) -> Row:
    return [cell[:500] for cell in row[: limits.columns]]


def _findings(rows: Sequence[Row]) -> Iterator[Finding]:
    if not rows:
        return
    headed = not any(shows_a_person(cell) for cell in rows[0])
    headings = rows[0] if headed else [""] * len(rows[0])
    body = rows[1:] if headed else rows
    street = any(map(is_street_heading, headings))
    for number, heading in enumerate(headings):
        values = [row[number] for row in body if number < len(row)]
        for kind, share in kinds_of(heading, values, street_beside=street).items():
            # Without a heading row the first row is data, so the column is known by its number alone.
            place = f"{heading[:60]} ({number + 1})" if heading else f"({number + 1})"
            yield Finding(kind, place, len(values), round(share, 2))


def _csv(path: Path, _limits: Limits) -> Iterator[Table]:
    yield _separated(path)


def _separated(path: Path) -> Table:
    start = path.read_bytes()[:PREAMBLE] if path.stat().st_size <= PREAMBLE else _beginning(path)
    if b"\0" in start:
        raise Unreadable("unreadable")
    try:
        start[: start.rfind(b"\n") + 1 or None].decode("utf-8-sig")
        encoding = "utf-8-sig"
    except UnicodeDecodeError:
        encoding = "cp1252"
    lines = start.decode(encoding, errors="replace").splitlines()
    separator = max(";,\t|", key=lambda sign: sum(line.count(sign) for line in lines[:20]))
    csv.field_size_limit(1_000_000)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        try:
            yield from csv.reader(file, delimiter=separator)
        except csv.Error as problem:
            raise Unreadable("unreadable") from problem


def _beginning(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(PREAMBLE)


def _xlsx(path: Path, limits: Limits) -> Iterator[Table]:
    try:
        if not unpacks_within(path, limits):
            raise Unreadable("too_large")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as problem:
        raise Unreadable("unreadable") from problem
    try:
        # Every sheet, hidden ones too: they are what people forget.
        for sheet in book.worksheets:
            rows = sheet.iter_rows(values_only=True, max_row=limits.rows + 2, max_col=limits.columns)
            yield ([text_of(cell) for cell in row] for row in rows)
    finally:
        book.close()


def _json(path: Path, limits: Limits) -> Iterator[Table]:
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as problem:
        raise Unreadable("unreadable") from problem
    records = [record for record in islice(_records(content), limits.rows + 1) if isinstance(record, Mapping)]
    headings = [str(key) for key in dict.fromkeys(key for record in records for key in record)]
    if headings:
        yield iter([headings, *([text_of(record.get(heading)) for heading in headings] for record in records)])


def _records(content: Any) -> Iterator[Any]:
    match content:
        case {"features": [*features]}:
            yield from (feature.get("properties") for feature in features if isinstance(feature, Mapping))
        case [*items]:
            yield from items
        case {**members}:
            lists = [value for value in members.values() if isinstance(value, list)]
            yield from max(lists, key=len, default=[members])


TABLE_READERS: Mapping[str, Reader] = {
    "csv": _csv,
    "tsv": _csv,
    "txt": _csv,
    "xlsx": _xlsx,
    "geojson": _json,
    "json": _json,
}
