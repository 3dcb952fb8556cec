"""Tables out of the sheets of a spreadsheet: XLSX, the older XLS, and OpenDocument.

Every sheet is read, hidden ones too: they are what people forget.
"""

from __future__ import annotations

import os
import struct
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import defusedxml.ElementTree
import openpyxl
import xlrd
from defusedxml.common import DefusedXmlException
from openpyxl.utils.exceptions import InvalidFileException
from xlrd.biffh import XLRDError
from xlrd.compdoc import CompDocError

from .columns import text_of
from .limits import Limits, unpacks_within
from .reading import Row, Table, Unreadable

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_REPEATED = f"{_TABLE}number-columns-repeated"
# What xlrd lets through when a file only looks like a workbook.
_BROKEN_XLS = (
    XLRDError,
    CompDocError,
    struct.error,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    OverflowError,
    OSError,
)


def xlsx(path: Path, limits: Limits) -> Iterator[Table]:
    """The sheets of an Excel workbook."""
    try:
        if not unpacks_within(path, limits):
            raise Unreadable("too_large")
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as problem:
        raise Unreadable from problem
    try:
        for sheet in book.worksheets:
            rows = sheet.iter_rows(values_only=True, max_row=limits.rows + 2, max_col=limits.columns)
            yield ([text_of(cell) for cell in row] for row in rows)
    finally:
        book.close()


def xls(path: Path, limits: Limits) -> Iterator[Table]:
    """The sheets of a workbook as Excel wrote it until 2003."""
    try:
        with open(os.devnull, "w") as nowhere, xlrd.open_workbook(str(path), logfile=nowhere, on_demand=True) as book:  # noqa: PTH123
            for number in range(book.nsheets):
                sheet = book.sheet_by_index(number)
                rows = range(min(sheet.nrows, limits.rows + 2))
                yield iter([[_old(cell, book.datemode) for cell in sheet.row(row)] for row in rows])
                book.unload_sheet(number)
    except _BROKEN_XLS as problem:
        raise Unreadable from problem


def _old(cell: Any, datemode: Any) -> str:
    if cell.ctype == xlrd.XL_CELL_DATE and isinstance(cell.value, float):
        try:
            return text_of(xlrd.xldate_as_datetime(cell.value, datemode))
        except (ValueError, OverflowError):
            return ""
    if cell.ctype == xlrd.XL_CELL_NUMBER and cell.value.is_integer():
        return str(int(cell.value))
    return text_of(cell.value)


def ods(path: Path, limits: Limits) -> Iterator[Table]:
    """The sheets of an OpenDocument spreadsheet."""
    try:
        if not unpacks_within(path, limits):
            raise Unreadable("too_large")
        with zipfile.ZipFile(path) as archive, archive.open("content.xml") as content:
            sheet: list[Row] = []
            for _event, element in defusedxml.ElementTree.iterparse(content, events=("end",)):
                if element.tag == f"{_TABLE}table-row":
                    sheet.append(_cells(element, limits))
                    element.clear()
                elif element.tag == f"{_TABLE}table":
                    yield iter(sheet)
                    sheet = []
                    element.clear()
                if len(sheet) > limits.rows + 1:
                    yield iter(sheet)
                    return
    except (zipfile.BadZipFile, ET.ParseError, DefusedXmlException, KeyError, OSError, RuntimeError) as problem:
        raise Unreadable from problem


def _cells(row: Any, limits: Limits) -> Row:
    """The cells of a row as people see them; one that stands for several is as many."""
    cells: list[str] = []
    for cell in row:
        shown = "\n".join("".join(paragraph.itertext()) for paragraph in cell if paragraph.tag.endswith("}p"))
        repeated = str(cell.get(_REPEATED, "1"))
        times = int(repeated) if repeated.isdecimal() and len(repeated) < 6 else 1
        cells += [shown] * min(times, limits.columns - len(cells))
    return cells
