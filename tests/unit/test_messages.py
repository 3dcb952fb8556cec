"""Whatever a person reads has German: every message in code and templates stands in the .po file."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import polib
import pytest

PACKAGE = Path(__file__).parents[2] / "ckanext-landlab" / "ckanext" / "landlab"
GERMAN = PACKAGE / "i18n" / "de" / "LC_MESSAGES" / "ckanext-landlab.po"
APART = {"stack", "schemas"}  # the command line before CKAN runs has words of its own; schemas hold both languages

_TEXT = r"""(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")"""
_CALL = re.compile(rf"(?<![\w.])(?:_|ungettext)\(\s*{_TEXT}")


def files(ending: str) -> list[Path]:
    found = (file.relative_to(PACKAGE) for file in PACKAGE.rglob(f"*{ending}"))
    return sorted(PACKAGE / file for file in found if file.parts[0] not in APART)


def of_template(file: Path) -> Iterator[str]:
    for single, double in _CALL.findall(file.read_text(encoding="utf-8")):
        yield single or double


def of_code(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", None)  # _(…) and tk._(…)
        if name in ("_", "ungettext") and isinstance(node.args[0], ast.Constant):
            yield node.args[0].value


def messages() -> dict[str, str]:
    """Each message with a file that says it."""
    said = {text: file.name for file in files(".html") for text in of_template(file)}
    return {**said, **{text: file.name for file in files(".py") for text in of_code(file)}}


@pytest.fixture(scope="module")
def german():
    return {entry.msgid: entry for entry in polib.pofile(str(GERMAN))}


def test_every_message_has_german(german):
    said = messages()

    assert len(said) > 50
    assert {text: file for text, file in said.items() if text not in german} == {}


def test_every_german_message_keeps_the_places_to_fill_in(german):
    places = re.compile(r"\{\w+\}|%\(\w+\)s")
    wrong = [
        entry.msgid
        for entry in german.values()
        for text in (entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr])
        if set(places.findall(text)) - set(places.findall(entry.msgid + (entry.msgid_plural or "")))
        or (not entry.msgid_plural and set(places.findall(text)) != set(places.findall(entry.msgid)))
    ]

    assert wrong == []


def test_no_message_is_empty_or_said_twice():
    entries = polib.pofile(str(GERMAN))

    assert [entry.msgid for entry in entries if not (entry.msgstr or all(entry.msgstr_plural.values()))] == []
    assert len({entry.msgid for entry in entries}) == len(entries)


def test_what_ckan_leaves_in_english_has_german_here(german):
    """CKAN's own German is behind its pages; what it lacks, or only guesses, stands in our file."""
    folder = Path(find_spec("ckan").submodule_search_locations[0]) / "i18n"
    known = {
        entry.msgid
        for entry in polib.mofile(str(folder / "de" / "LC_MESSAGES" / "ckan.mo"))
        if entry.msgstr or all(entry.msgstr_plural.values())
    }
    said = [entry.msgid for entry in polib.pofile(str(folder / "ckan.pot"))]

    assert len(said) > 1000
    assert [text for text in said if text not in known and text not in german] == []
