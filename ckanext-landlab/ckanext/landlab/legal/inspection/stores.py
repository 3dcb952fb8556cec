"""Tables out of the stores of geographic programs: dBase beside a shapefile, and GeoPackage."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator
from pathlib import Path

import shapefile

from .columns import text_of
from .limits import Limits
from .reading import Table, Unreadable

_STEPS = 10_000  # steps of the database between two looks at the clock


def dbase(path: Path, limits: Limits) -> Iterator[Table]:
    """The attributes of a shapefile, in the encoding that fits."""
    try:
        path.read_bytes().decode("utf-8")
        encoding = "utf-8"
    except UnicodeDecodeError:
        encoding = "cp1252"
    try:
        with path.open("rb") as file:
            reader = shapefile.Reader(dbf=file, encoding=encoding, encodingErrors="replace")
            headings = [str(field[0]) for field in reader.fields or () if field[0] != "DeletionFlag"]
            records = reader.iterRecords(stop=min(len(reader), limits.rows + 1))
            yield iter([headings, *([text_of(value) for value in record or ()] for record in records)])
    except (shapefile.ShapefileException, struct.error, LookupError, TypeError, ValueError, OSError) as problem:
        raise Unreadable from problem


def geopackage(path: Path, limits: Limits) -> Iterator[Table]:
    """The tables of a GeoPackage, without those that it keeps of itself."""
    try:
        connection = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
    except sqlite3.Error as problem:
        raise Unreadable from problem
    try:
        connection.set_progress_handler(lambda: int(limits.over), _STEPS)
        connection.execute("PRAGMA trusted_schema = OFF")  # the file may bring functions of its own making
        for name in _named(connection):
            rows = connection.execute(f"SELECT * FROM {name} LIMIT ?", (limits.rows + 1,))  # noqa: S608 quoted
            headings = [str(column[0]) for column in rows.description]
            yield iter([headings, *([text_of(value) for value in row] for row in rows)])
    except sqlite3.Error as problem:
        if not limits.over:
            raise Unreadable from problem
    finally:
        connection.close()


def _named(connection: sqlite3.Connection) -> list[str]:
    """The names of its plain tables, quoted."""
    query = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    names = [str(name) for (name,) in connection.execute(query)]
    ours = [name for name in names if not name.startswith(("gpkg_", "rtree_", "sqlite_"))]
    return ['"' + name.replace('"', '""') + '"' for name in ours]
