"""What stands in the tables of a file, read no further than the limits allow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from . import separated, sheets, stores, trees
from .columns import Table as Beside
from .columns import kinds_of
from .findings import Finding
from .limits import Limits
from .reading import Reader, Row, Table, Unreadable
from .values import shows_a_person

ABOVE = 20  # rows among which the headings stand, below what a person has written above the table


def columns_of(read: Reader, path: Path, limits: Limits) -> tuple[list[Finding], int, str | None]:
    """The findings in the columns of the table at *path*, the rows read, and what was left out."""
    findings: list[Finding] = []
    seen = 0
    try:
        for table in read(path, limits):
            rows = [_bounded(row, limits) for row in _until_over(table, limits, limits.rows + 1 - seen)]
            findings += _findings(_below_title(rows))
            seen += len(rows)
            if seen > limits.rows or limits.over:
                return findings, seen - 1, "rest"
    except Unreadable as problem:
        return findings, max(seen - 1, 0), str(problem)
    return findings, max(seen - 1, 0), "rest" if limits.over else None


def _until_over(table: Table, limits: Limits, rows: int) -> Table:
    for row in islice(table, max(rows, 0)):
        if limits.over:
            return
        yield row


def _bounded(row: Row, limits: Limits) -> Row:
    return [cell[:500] for cell in row[: limits.columns]]


def _below_title(rows: Sequence[Row]) -> Sequence[Row]:
    """The table itself: the first row that is filled as the widest are, and what follows."""
    filled = [sum(bool(cell.strip()) for cell in row) for row in rows[:ABOVE]]
    enough = max(filled, default=0) / 2
    start = next((number for number, count in enumerate(filled) if count > enough), 0)
    return rows[start:]


def _findings(rows: Sequence[Row]) -> Iterator[Finding]:
    if not rows:
        return
    headed = not any(shows_a_person(cell) for cell in rows[0])
    headings = rows[0] if headed else [""] * len(rows[0])
    body = rows[1:] if headed else rows
    beside = Beside.of(headings)
    for number, heading in enumerate(headings):
        values = [row[number] for row in body if number < len(row)]
        for kind, share in kinds_of(heading, values, beside).items():
            # Without a heading row the first row is data, so the column is known by its number alone.
            place = f"{heading[:60]} ({number + 1})" if heading else f"({number + 1})"
            yield Finding(kind, place, len(values), round(share, 2))


TABLE_READERS: Mapping[str, Reader] = {
    **dict.fromkeys(("csv", "tsv", "tab", "txt"), separated.separated),
    **dict.fromkeys(("xlsx", "xlsm"), sheets.xlsx),
    "xls": sheets.xls,
    "ods": sheets.ods,
    **dict.fromkeys(("json", "geojson", "jsonl", "ndjson", "geojsonl", "topojson"), trees.parsed),
    **dict.fromkeys(("xml", "gml", "kml", "gpx"), trees.marked_up),
    "dbf": stores.dbase,
    **dict.fromkeys(("gpkg", "sqlite"), stores.geopackage),
}
