"""The record of a release (Freigabevermerk) for the files: what was answered, by whom, until when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from .parameters import written_day
from .pdf import Sheet
from .release_check import Text, text_in

WORDS: Mapping[str, Text] = {
    "title": {"de": "Freigabevermerk", "en": "Record of release"},
    "dataset": {"de": "Datensatz", "en": "Dataset"},
    "address": {"de": "Adresse", "en": "Address"},
    "organization": {"de": "Organisation", "en": "Organisation"},
    "entered": {"de": "Eingegeben von", "en": "Entered by"},
    "confirmed": {"de": "Bestätigt von", "en": "Confirmed by"},
    "confirmed_on": {"de": "Bestätigt am", "en": "Confirmed on"},
    "review_by": {"de": "Nächste Prüfung bis", "en": "Next review by"},
    "check_version": {"de": "Fassung der Freigabeprüfung", "en": "Version of the release check"},
    "four_eyes": {"de": "Vier-Augen-Prinzip", "en": "Four eyes"},
    "answers": {"de": "Antworten", "en": "Answers"},
    "records": {"de": "Festgehalten", "en": "Written down"},
    "notices": {"de": "Hinweise am Datensatz", "en": "Notices on the dataset"},
    "internal": {
        "de": "Nur für den internen Gebrauch. Der Vermerk hält Antworten fest und ist keine Rechtsberatung.",
        "en": "For internal use only. The record keeps answers and is no legal advice.",
    },
    "yes": {"de": "Ja", "en": "Yes"},
    "no": {"de": "Nein", "en": "No"},
    "unknown": {"de": "Weiß nicht", "en": "Don't know"},
    "checked": {"de": "vom Katalog geprüft", "en": "checked by the catalogue"},
    "version": {"de": "Fassung", "en": "version"},
    "skipped": {"de": "übersprungen", "en": "skipped"},
}


def word(key: str, language: str) -> str:
    """The word for *key* in *language*."""
    return text_in(WORDS[key], language)


def facts_of_record(memo: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """The head of the record: label and value, line by line."""
    confirmation = memo["confirmation"]
    lines = [
        ("dataset", memo["dataset"]["title"]),
        ("address", memo["address"]),
        ("organization", memo["organization"]),
        ("entered", confirmation["entered_by"]),
        ("confirmed", confirmation["confirmed_by"]),
        ("confirmed_on", _day(confirmation["confirmed_on"], language)),
        ("review_by", _day(confirmation["review_by"], language)),
        ("check_version", memo["check_version"]),
        ("four_eyes", word("yes" if memo["four_eyes"] else "no", language)),
    ]
    return [(word(key, language), str(value or "–")) for key, value in lines]


def notice_line(notice: Mapping[str, Any], language: str) -> str:
    """A notice that stood on the dataset, with the version of its text."""
    return f"{notice['label']} ({notice['code']}, {word('version', language)} {notice['version']})"


def _day(day: str | None, language: str) -> str:
    return written_day(date.fromisoformat(day), language) if day else ""


def answer_lines(steps: Sequence[Mapping[str, Any]], language: str) -> Iterator[tuple[str, str, str]]:
    """Each question with its answer: id, question, answer."""
    for step in steps:
        if step["state"] == "skipped":
            yield step["id"], step["ask"], word("skipped", language)
        else:
            answer = word(step["choice"] or "unknown", language)
            checked = f" ({word('checked', language)})" if step["state"] == "checked" else ""
            yield step["id"], step["ask"], answer + checked


def as_pdf(memo: Mapping[str, Any], language: str) -> bytes:
    """The record as PDF: real text, a document language, a title and bookmarks; its page is the accessible twin."""
    sheet = Sheet(f"{word('title', language)}: {memo['dataset']['title']}", language)
    sheet.heading(word("title", language), 1)
    for label, value in facts_of_record(memo, language):
        sheet.pair(label, value)
    sheet.heading(word("notices", language), 2)
    for notice in memo["present"]:
        sheet.item(notice_line(notice, language))
    sheet.heading(word("answers", language), 2)
    for identifier, ask, answer in answer_lines(memo["steps"], language):
        sheet.pair(f"{identifier}  {ask}", answer)
    if memo["records"]:
        sheet.heading(word("records", language), 2)
        for record in memo["records"]:
            sheet.pair(f"{record['question']}  {record['label']}", record["value"])
    sheet.small(word("internal", language))
    return sheet.bytes()
