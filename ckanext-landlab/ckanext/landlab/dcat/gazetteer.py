"""The official list of municipalities (GV-ISys of Destatis), read into the vocabulary `regions`.

Two files are published: `GV100AD_<date>.txt`, records of fixed width, and `AuszugGV….xlsx`, a sheet whose
rows start with the kind of record.  Both are read; uninhabited areas without municipality are left out.
Source: Statistisches Bundesamt (Destatis), dl-de/by-2-0.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any, NamedTuple
from zipfile import BadZipFile

import openpyxl
from ckanext.landlab import schemas
from ckanext.landlab.dcat.regions import BASE, iri_of
from ckanext.landlab.errors import VocabularyUnreadable

SOURCE = "https://www.destatis.de/DE/Themen/Laender-Regionen/Regionales/Gemeindeverzeichnis/_inhalt.html"
MAX_BYTES = 50_000_000
MAX_ROWS = 200_000

STATE, DISTRICT, MUNICIPALITY = "10", "40", "60"
CITIES = {"41", "42"}  # kreisfreie Stadt, Stadtkreis
NO_MUNICIPALITY = {"65", "66"}  # gemeindefreie Gebiete, inhabited or not


class Record(NamedTuple):
    """One line of the list: kind of record, key of 2, 5 or 8 digits, number of the association, name, kind of place."""

    kind: str
    key: str
    association: str
    name: str
    place: str


def read(content: bytes, origin: str) -> dict[str, Any]:
    """The vocabulary file `regions` made of an official list; *origin* names the file in errors.

    Raises VocabularyUnreadable.
    """
    if len(content) > MAX_BYTES:
        raise VocabularyUnreadable(origin, f"the file is larger than {MAX_BYTES // 1_000_000} MB")
    records, date = _sheet(content, origin) if content.startswith(b"PK") else _lines(content, origin)
    concepts = [concept for record in records if (concept := _concept(record))]
    kinds = {concept["kind"] for concept in concepts}
    if "state" not in kinds or "municipality" not in kinds:
        raise VocabularyUnreadable(origin, "no Länder or municipalities found; is this GV100AD….txt or AuszugGV….xlsx?")
    return {
        "title": dict(schemas.vocabulary("regions").title),
        "scheme": BASE.rstrip("/"),
        "base": BASE,
        "source": SOURCE,
        "taken": date,
        "version": date,
        "concepts": sorted(concepts, key=lambda concept: (len(concept["code"]), concept["code"])),
    }


def _concept(record: Record) -> dict[str, Any] | None:
    name, _, _ = record.name.partition(",")
    match record.kind:
        case "10":
            return _entry("state", record.key, record.name, {})
        case "40":
            city = {"city": True} if record.place in CITIES else {}
            return _entry("district", record.key, record.name, {"parent": record.key[:2], **city})
        case "60" if record.place not in NO_MUNICIPALITY:
            ars = record.key[:5] + record.association + record.key[5:]
            official = {"official": record.name} if name != record.name else {}
            return _entry("municipality", record.key, name, {"parent": record.key[:5], "ars": ars, **official})
    return None


def _entry(kind: str, key: str, name: str, facts: dict[str, Any]) -> dict[str, Any]:
    iri = iri_of(kind, key)
    shipped = schemas.vocabulary("regions").concepts.get(iri)
    english = shipped.label["en"] if shipped and shipped.label["de"] == name else name  # Bavaria
    return {"code": key, "iri": iri, "label": {"de": name, "en": english}, "kind": kind, **facts}


def _lines(content: bytes, origin: str) -> tuple[list[Record], str]:
    """GV100AD: kind 0-1, date 2-9, key 10-17, association 18-21, name 22-71, kind of place 122-123."""
    lines = _decode(content, origin).splitlines()[:MAX_ROWS]
    records = [
        Record(line[:2], line[10:18].strip(), line[18:22].strip(), line[22:72].strip(), line[122:124].strip())
        for line in lines
        if re.match(r"(10|40|60)\d{8}", line)
    ]
    dates = {line[2:10] for line in lines if re.match(r"10\d{8}", line)}
    if len(dates) != 1:
        raise VocabularyUnreadable(origin, "no date of the list in its records; is this GV100AD….txt?")
    return records, re.sub(r"(\d{4})(\d\d)(\d\d)", r"\1-\2-\3", dates.pop())


def _decode(content: bytes, origin: str) -> str:
    if content.startswith(b"\xff\xfe") or b"\0" in content[:1000]:
        raise VocabularyUnreadable(origin, "neither a text in UTF-8 or Windows-1252 nor an Excel file")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _sheet(content: bytes, origin: str) -> tuple[list[Record], str]:
    """AuszugGV: kind of record, kind of place, Land, Regierungsbezirk, Kreis, association, municipality, name."""
    try:
        book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True)
    except (BadZipFile, KeyError, ValueError, OSError) as error:
        raise VocabularyUnreadable(origin, "no Excel file that can be read; save it again as .xlsx") from error
    sheet = next((book[name] for name in book.sheetnames if "gemeinden" in name.casefold()), None)
    if sheet is None:
        raise VocabularyUnreadable(origin, "no sheet “Onlineprodukt_Gemeinden…”; is this AuszugGV….xlsx?")
    rows = list(sheet.iter_rows(max_row=MAX_ROWS, max_col=8, values_only=True))
    return list(_records(rows)), _date(sheet.title, rows, origin)


def _records(rows: Iterable[tuple[Any, ...]]) -> Iterator[Record]:
    for row in rows:
        cells = ["" if cell is None else str(cell).strip() for cell in row] + [""] * (8 - len(row))
        kind, place, state, region, district, association, municipality, name = cells[:8]
        if kind not in (STATE, DISTRICT, MUNICIPALITY) or not state or not name:
            continue
        key = state.zfill(2) + (region.zfill(1) + district.zfill(2) if kind != STATE else "")
        if kind == MUNICIPALITY:
            key += municipality.zfill(3)
        yield Record(kind, key, association.zfill(4), name, place)


def _date(title: str, rows: list[tuple[Any, ...]], origin: str) -> str:
    """The day of the list, from the sheet's title (…31122023) or the lines above the table (31.12.2023)."""
    above = " ".join(str(cell) for row in rows[:7] for cell in row if cell is not None)
    found = re.search(r"(\d\d)\.?(\d\d)\.?((?:19|20)\d\d)", title) or re.search(
        r"(\d\d)\.(\d\d)\.((?:19|20)\d\d)", above
    )
    if found is None:
        raise VocabularyUnreadable(origin, "the day of the list is neither in the sheet's name nor above the table")
    return f"{found[3]}-{found[2]}-{found[1]}"
