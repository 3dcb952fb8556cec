"""The official list of municipalities in both layouts that Destatis publishes."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from ckanext.landlab.dcat import gazetteer
from ckanext.landlab.errors import VocabularyUnreadable


def line(kind: str, key: str, association: str, name: str, place: str = "") -> str:
    return f"{kind}20231130{key:<8}{association:<4}{name:<50}{'Sitz':<50}{place:<2}".ljust(220)


LINES = [
    line("10", "08", "", "Baden-Württemberg"),
    line("20", "082", "", "Reg.-Bez. Karlsruhe"),
    line("40", "08222", "", "Mannheim, Stadtkreis", "42"),
    line("50", "08222", "0000", "Mannheim, Universitätsstadt", "50"),
    line("60", "08222000", "0000", "Mannheim, Universitätsstadt", "62"),
    line("40", "08226", "", "Rhein-Neckar-Kreis", "43"),
    line("60", "08226105", "5002", "Edingen-Neckarhausen", "64"),
    line("60", "08226999", "9999", "Wald, gemfr. Gebiet", "66"),
]
ROWS = [
    ("10", None, "08", None, None, None, None, "Baden-Württemberg"),
    ("20", None, "08", "2", None, None, None, "Reg.-Bez. Karlsruhe"),
    ("40", "42", "08", "2", "22", None, None, "Mannheim, Stadtkreis"),
    ("50", "50", "08", "2", "22", "0000", None, "Mannheim, Universitätsstadt"),
    ("60", "62", "08", "2", "22", "0000", "000", "Mannheim, Universitätsstadt"),
    ("40", "43", "08", "2", "26", None, None, "Rhein-Neckar-Kreis"),
    ("60", "64", "08", "2", "26", "5002", "105", "Edingen-Neckarhausen"),
    ("60", "66", "08", "2", "26", "9999", "999", "Wald, gemfr. Gebiet"),
]
BASE = "http://dcat-ap.de/def/politicalGeocoding/"
EXPECTED = [
    {
        "code": "08",
        "iri": f"{BASE}stateKey/08",
        "label": {"de": "Baden-Württemberg", "en": "Baden-Württemberg"},
        "kind": "state",
    },
    {
        "code": "08222",
        "iri": f"{BASE}districtKey/08222",
        "label": {"de": "Mannheim, Stadtkreis", "en": "Mannheim, Stadtkreis"},
        "kind": "district",
        "parent": "08",
        "city": True,
    },
    {
        "code": "08226",
        "iri": f"{BASE}districtKey/08226",
        "label": {"de": "Rhein-Neckar-Kreis", "en": "Rhein-Neckar-Kreis"},
        "kind": "district",
        "parent": "08",
    },
    {
        "code": "08222000",
        "iri": f"{BASE}municipalityKey/08222000",
        "label": {"de": "Mannheim", "en": "Mannheim"},
        "kind": "municipality",
        "parent": "08222",
        "ars": "082220000000",
        "official": "Mannheim, Universitätsstadt",
    },
    {
        "code": "08226105",
        "iri": f"{BASE}municipalityKey/08226105",
        "label": {"de": "Edingen-Neckarhausen", "en": "Edingen-Neckarhausen"},
        "kind": "municipality",
        "parent": "08226",
        "ars": "082265002105",
    },
]


def workbook(rows: list[tuple], title: str = "Onlineprodukt_Gemeinden30112023") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Deckblatt"
    sheet = book.create_sheet(title)
    sheet.append(["Alle politisch selbständigen Gemeinden mit ausgewählten Merkmalen am 30.11.2023"])
    for _ in range(5):
        sheet.append(["Satzart", "Textkennzeichen", "Land", "RB", "Kreis", "VB", "Gem", "Gemeindename"])
    for row in rows:
        sheet.append(row)
    sheet.append(["Quelle: Statistisches Bundesamt"])
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        "\r\n".join(LINES).encode(),
        "\r\n".join(LINES).encode("cp1252"),
        workbook(ROWS),
        workbook(ROWS, "Onlineprodukt_Gemeinden"),
        workbook([tuple(int(c) if c and c.isdigit() else c for c in row) for row in ROWS]),
    ],
    ids=["text", "windows-text", "excel", "excel-date-above", "excel-numbers"],
)
def test_both_layouts_give_the_same_places(content):
    listed = gazetteer.read(content, "list")

    assert listed["version"] == "2023-11-30"
    assert listed["concepts"] == EXPECTED


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no list at all",
        "\n".join(LINES[2:5]).encode(),
        b"PK\x03\x04 broken",
        b"\x00" * 50,
        workbook(ROWS, "Tabelle1"),
        workbook(ROWS[:1]),
    ],
    ids=["empty", "prose", "no-land", "broken-zip", "binary", "other-sheet", "only-land"],
)
def test_what_is_no_list_is_refused_in_words(content):
    with pytest.raises(VocabularyUnreadable) as caught:
        gazetteer.read(content, "liste.txt")

    assert str(caught.value).startswith("liste.txt: ")


def test_too_large_a_file_is_not_read(monkeypatch):
    monkeypatch.setattr(gazetteer, "MAX_BYTES", 10)

    with pytest.raises(VocabularyUnreadable, match="larger"):
        gazetteer.read(b"x" * 11, "liste.txt")
