"""Tables out of text with a sign between the values, whatever the sign and the encoding."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path

from .limits import Limits
from .reading import Table, Unreadable

PREAMBLE = 64_000  # bytes that are enough to tell encoding and separator


def separated(path: Path, _limits: Limits) -> Iterator[Table]:
    """The one table of the text at *path*."""
    yield _rows(path)


def _rows(path: Path) -> Table:
    with path.open("rb") as file:
        start = file.read(PREAMBLE)
    encoding = _encoding(start)
    lines = start.decode(encoding, errors="replace").splitlines()
    separator = max(";,\t|", key=lambda sign: sum(line.count(sign) for line in lines[:20]))
    csv.field_size_limit(1_000_000)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        try:
            yield from csv.reader(file, delimiter=separator)
        except csv.Error as problem:
            raise Unreadable from problem


def _encoding(start: bytes) -> str:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # "Unicode text" of a spreadsheet program
        return "utf-16"
    if b"\0" in start:
        raise Unreadable
    try:
        start[: start.rfind(b"\n") + 1 or None].decode("utf-8-sig")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"
