"""The line a user must print: exact for each licence, and no demand where the licence makes none."""

from __future__ import annotations

import pytest
from ckanext.landlab import schemas
from ckanext.landlab.legal.attribution import Work, attribution_of, check, name_in

WORK = Work("Stadt Landau", "Baumkataster", "https://daten.example/dataset/baumkataster", "2026")
BASE = "http://dcat-ap.de/def/licenses/"


def test_every_licence_of_the_list_has_its_row():
    check()
    assert len(schemas.vocabulary("licenses").concepts) == 34


# The exact lines, with the dataset's address in place of @.
LINES = {
    "dl-by-de/2.0": """Stadt Landau: „Baumkataster“, @, Lizenz: Datenlizenz Deutschland – Namensnennung – Version 2.0
        (https://www.govdata.de/dl-de/by-2-0)""",
    "cc-by/4.0": """„Baumkataster“ von Stadt Landau, @, lizenziert unter CC BY 4.0
        (https://creativecommons.org/licenses/by/4.0/)""",
    "cc-by-sa/4.0": """„Baumkataster“ von Stadt Landau, @, lizenziert unter CC BY-SA 4.0
        (https://creativecommons.org/licenses/by-sa/4.0/)""",
    "odbl": """Enthält Informationen aus „Baumkataster“ (@) von Stadt Landau, hier unter Open Database License (ODbL)
        (https://opendatacommons.org/licenses/odbl/1-0/) verfügbar gemacht""",
    "dl-zero-de/2.0": "Quelle: Stadt Landau, „Baumkataster“, @",
}


@pytest.mark.parametrize("licence", LINES)
def test_the_line_is_what_the_licence_asks_for(licence):
    expected = " ".join(LINES[licence].split()).replace("@", WORK.address)
    assert attribution_of(WORK, BASE + licence, "de").line == expected


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("iri", list(schemas.vocabulary("licenses").concepts))
def test_every_licence_gives_line_html_and_bibtex_with_the_address(iri, language):
    attribution = attribution_of(WORK, iri, language)
    for text in (attribution.line, attribution.html, attribution.bibtex):
        assert WORK.address in text
        assert WORK.by in text
    demanded = schemas.vocabulary("licenses").concepts[iri].facts.get("attribution")
    expected = {True: "required", False: "courtesy", None: "ask"}[demanded]
    assert attribution.demand == expected


@pytest.mark.parametrize("licence", ["dl-by-de/2.0", "cc-by/4.0", "cc-by-sa/4.0", "geonutz/20130319"])
def test_the_change_note_is_given_where_the_licence_asks_for_one(licence):
    attribution = attribution_of(WORK, BASE + licence, "de")
    assert attribution.change.startswith(attribution.line)
    assert attribution.change != attribution.line


@pytest.mark.parametrize("licence", ["dl-zero-de/2.0", "cc-zero", "cc-by-nd/4.0"])
def test_no_change_note_where_none_is_asked_for_or_changes_are_forbidden(licence):
    assert attribution_of(WORK, BASE + licence, "de").change == ""


@pytest.mark.parametrize("licence", [None, "", "http://example.org/own"])
def test_an_unknown_licence_says_so_and_makes_up_no_line(licence):
    attribution = attribution_of(WORK, licence, "de")
    assert attribution.demand == "none"
    assert attribution.line == ""
    assert "keine Lizenz" in attribution.rule


def test_what_comes_from_outside_is_escaped():
    evil = Work("A & <b>B</b> {x}", "50 % <script>", 'https://daten.example/dataset/x"y')
    attribution = attribution_of(evil, BASE + "cc-by/4.0", "de")
    assert "<b>" not in attribution.html
    assert "<script>" not in attribution.html
    assert 'x"y' not in attribution.html
    assert r"A \& <b>B</b> \{x\}" in attribution.bibtex
    assert r"50 \% <script>" in attribution.bibtex


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("Stadtwerke Rebenau GmbH, CC BY 4.0", "Stadtwerke Rebenau GmbH"),
        ("© GeoBasis-DE / BKG 2026, dl-de/by-2-0", "© GeoBasis-DE / BKG 2026"),
        ("Stadt Köln (Lizenz: Datenlizenz Deutschland – Namensnennung – Version 2.0)", "Stadt Köln"),
        ("OpenStreetMap-Mitwirkende, ODbL 1.0", "OpenStreetMap-Mitwirkende"),
        ("Amt für Geoinformation unter CC-BY 4.0", "Amt für Geoinformation"),
        ("Datenlizenz Deutschland – Zero – Version 2.0", ""),
        ("Creative Commons Namensnennung Keine Bearbeitung (CC-BY-ND)", ""),
        ("Creative Commons BY 4.0, Quelle: Landesamt", "Creative Commons BY 4.0, Quelle: Landesamt"),
        ("Freie und Hansestadt Hamburg, Behörde für Umwelt und Energie, 2016",) * 2,
        ("Accby e.V., Unter den Linden 3",) * 2,
        (" " * 2000 + "x", "x"),
    ],
)
def test_a_licence_behind_the_name_is_not_said_twice(asked, name):
    assert name_in(asked) == name


def test_bibtex_is_one_entry():
    assert attribution_of(WORK, BASE + "cc-by/4.0", "de").bibtex == (
        "@misc{baumkataster,\n"
        "  author = {{Stadt Landau}},\n"
        "  title = {{Baumkataster}},\n"
        "  year = {2026},\n"
        "  howpublished = {\\url{https://daten.example/dataset/baumkataster}},\n"
        "  note = {CC BY 4.0, https://creativecommons.org/licenses/by/4.0/}\n"
        "}"
    )
