"""The vocabulary of notices: complete, checked at the start, rendered from parameters."""

from __future__ import annotations

import re

import pytest
from ckanext.landlab import schemas
from ckanext.landlab.errors import DeclarationError
from ckanext.landlab.legal.notices import (
    UNREVIEWED,
    Edition,
    plain,
    rendered,
    template_fault,
    vocabulary,
    vocabulary_of,
)
from ckanext.landlab.legal.statement import as_html
from legal_records import PARAMETERS

CODES = "GEN CHECK COMPLETE AGE AVAIL PRELIM SENSOR VGI MODEL STAT".split()  # noqa: SIM905 easier to compare
CODES += "ANON GEOACC NOTLEGAL SAFETY THIRD KNOWN DYN EXT NOENDORSE CLAUSE".split()  # noqa: SIM905 the same


def line_of(*path):
    return schemas.line_of("notices", *path)


def changed(code, **values):
    content = schemas.read("notices")
    next(entry for entry in content["notices"] if entry["code"] == code).update(values)
    return content


def test_all_twenty_codes_are_declared():
    assert list(vocabulary().notices) == CODES
    assert set(PARAMETERS) == set(CODES)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("code", CODES)
def test_a_notice_with_its_parameters_has_no_fault_and_says_all_of_them(code, language):
    notice = vocabulary().notices[code]
    values = PARAMETERS[code]
    assert notice.faults(values) == []
    text = plain(rendered(notice, notice.edition, notice.kept(values), language))
    assert text
    assert "{" not in text
    for parameter in notice.parameters:
        if parameter.kind in ("text", "url") and parameter.required:
            assert values[parameter.name] in text


@pytest.mark.parametrize(
    ("code", "name"),
    [(code, p.name) for code, notice in vocabulary().notices.items() for p in notice.parameters if p.required],
)
def test_a_notice_without_a_required_parameter_cannot_be_chosen(code, name):
    notice = vocabulary().notices[code]
    values = {key: value for key, value in PARAMETERS[code].items() if key != name}
    faults = notice.faults(values)
    assert [fault.reason for fault in faults] == ["missing"]
    assert notice.label["de"] in faults[0].sentence("de")
    assert notice.label["en"] in faults[0].sentence("en")


@pytest.mark.parametrize("language", ["de", "en"])
def test_no_text_pretends_to_exclude_liability(language):
    forbidden = re.compile(
        r"jegliche Haftung|Haftung (ist|wird) ausgeschlossen|keine Haftung|any liability|no liability", re.I
    )
    texts = {code: notice.edition.text[language] for code, notice in vocabulary().notices.items()}
    found = [code for code, text in texts.items() if forbidden.search(text)]
    assert found == (["CLAUSE"] if language == "en" else [])
    if language == "en":  # the narrow clause says what it is about in the same sentence
        assert "no liability for simple negligence, except" in texts["CLAUSE"]
        assert "intent and gross negligence" in texts["CLAUSE"]


def test_a_safety_notice_that_may_be_replaced_stops_the_start():
    with pytest.raises(DeclarationError, match=r"schemas/notices.yaml: line \d+: a safety notice is never replaceable"):
        vocabulary_of(changed("SAFETY", replaceable=True), line_of)


def test_a_template_that_names_an_unknown_parameter_stops_the_start_with_file_and_line():
    text = {"de": "Die Lage.\nGenau auf {metres}.\n", "en": "The position.\n"}
    position = CODES.index("GEOACC")
    line = schemas.line_of("notices", "notices", position, "text", "de") + 2
    with pytest.raises(DeclarationError) as stopped:
        vocabulary_of(changed("GEOACC", text=text), line_of)
    assert str(stopped.value) == (
        f"schemas/notices.yaml: line {line}: GEOACC: the template names an unknown parameter {{metres}}"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Verfahren: {method", "braces"),
        ("Verfahren: {method.__class__}", "unknown_parameter"),
        ("Verfahren: {method!r}", "unknown_parameter"),
        ("Verfahren: {0}", "unknown_parameter"),
        ("Ohne Angabe", "missing_parameter"),
        (" \n ", "empty"),
        ("Jegliche Haftung ist ausgeschlossen. {method}", "excludes_liability"),
    ],
)
def test_a_text_that_cannot_be_a_template_is_refused(text, reason):
    fault = template_fault(vocabulary().notices["ANON"], text)
    assert fault is not None
    assert fault.reason == reason


def test_a_line_with_an_empty_optional_parameter_is_left_out():
    notice = vocabulary().notices["SENSOR"]
    without = plain(rendered(notice, notice.edition, PARAMETERS["SENSOR"], "de"))
    with_unit = plain(rendered(notice, notice.edition, {**PARAMETERS["SENSOR"], "unit": "cm"}, "de"))
    assert "Einheit" not in without
    assert "Einheit: cm." in with_unit


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("x" * 100_000, "too_long"),
        (["a list"], "not_text"),
        ({"de": "a"}, "not_text"),
        ("   ", "missing"),
        ("\u200b\u202e", "missing"),
    ],
)
def test_bad_text_is_refused(value, reason):
    assert [fault.reason for fault in vocabulary().notices["ANON"].faults({"method": value})] == [reason]


@pytest.mark.parametrize(
    "words",
    [
        "Jegliche Haftung ist ausgeschlossen",
        "Die Haftung für Schäden aller Art ist ausgeschlossen",
        "Die Stadt schließt jede Haftung aus",
        "Es gilt ein Haftungsausschluss",
        "All liability is excluded",
        "The city disclaims any liability",
        "No liability whatsoever",
    ],
)
def test_words_that_pretend_to_exclude_liability_are_refused(words):
    assert [fault.reason for fault in vocabulary().notices["ANON"].faults({"method": words})] == ["excludes_liability"]


@pytest.mark.parametrize("words", ["Fragen zur Haftung beantwortet das Rechtsamt", "Ausgeschlossen sind Sonderfahrten"])
def test_words_about_liability_are_allowed(words):
    assert vocabulary().notices["ANON"].faults({"method": words}) == []


@pytest.mark.parametrize(
    ("code", "name", "value", "reason"),
    [
        ("SAFETY", "channel", "javascript:alert(1)", "not_an_address"),
        ("SAFETY", "channel", "https://", "not_an_address"),
        ("SAFETY", "channel", 'https://a.example/"onmouseover="x', "not_an_address"),
        ("SAFETY", "channel", "http://[::1", "not_an_address"),
        ("CHECK", "date", "2026-02-30", "not_a_date"),
        ("CHECK", "date", "1.2.2026", "not_a_date"),
        ("CHECK", "level", "perfect", "unknown_choice"),
        ("AGE", "frequency", "daily", "unknown_choice"),
        ("CLAUSE", "legal_profile", "XX", "unknown_choice"),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(code, name, value, reason):
    faults = vocabulary().notices[code].faults({**PARAMETERS[code], name: value})
    assert [fault.reason for fault in faults] == [reason]


def test_an_unknown_parameter_is_refused():
    assert [f.reason for f in vocabulary().notices["NOENDORSE"].faults({"evil": "x"})] == ["unknown_parameter"]


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[klick](javascript:alert(1))",
        "{method}{0.__class__}",
    ],
)
def test_html_scripts_and_markdown_stay_text(evil):
    notice = vocabulary().notices["ANON"]
    lines = rendered(notice, notice.edition, notice.kept({"method": evil}), "de")
    html = as_html(lines)
    assert "<script" not in html
    assert "<img" not in html
    assert "<a" not in html
    assert evil in plain(lines)


FREE = [
    (notice.code, parameter.name)
    for notice in vocabulary().notices.values()
    for parameter in notice.parameters
    if parameter.kind == "text"
]


@pytest.mark.parametrize(("code", "name"), FREE)
def test_no_text_parameter_of_any_notice_carries_markup(code, name):
    notice = vocabulary().notices[code]
    evil = "<b onclick=x>y</b> <script>alert(1)</script> [z](javascript:alert(1))"
    values = {**PARAMETERS[code], name: evil}
    assert notice.faults(values) == []
    html = as_html(rendered(notice, notice.edition, notice.kept(values), "de"))
    assert "&lt;script&gt;" in html
    assert not re.search("<(b|script)|href=.javascript", html)


def test_there_are_texts_in_most_notices():
    assert len({code for code, _name in FREE}) >= 12


def test_an_address_becomes_a_link():
    notice = vocabulary().notices["SAFETY"]
    html = as_html(rendered(notice, notice.edition, {"channel": "https://a.example/?x=1&y=2"}, "de"))
    assert '<a href="https://a.example/?x=1&amp;y=2" rel="noopener">https://a.example/?x=1&amp;y=2</a>' in html


def test_a_value_that_ends_with_a_full_stop_gets_no_second_one():
    notice = vocabulary().notices["ANON"]
    assert "Raster.\n" in plain(rendered(notice, notice.edition, {"method": "Raster."}, "de"))


def test_words_are_unreviewed_until_a_date_is_recorded():
    edition = vocabulary().notices["ANON"].edition
    assert edition.review_line("de") == UNREVIEWED["de"]
    reviewed = Edition(1, edition.date, "Recht", edition.text, reviewed=edition.date)
    assert reviewed.review_line("de") == "Rechtlich geprüft am 23.11.2026."
    assert reviewed.review_line("en") == "Legally reviewed on 23 November 2026."
