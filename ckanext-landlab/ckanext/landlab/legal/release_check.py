"""The release check as declared in `schemas/release_check.yaml`: questions, answers and what they lead to.

The declaration is parsed once, completely and strictly; what cannot be used stops the start with file and line.
Walking it is the business of `walk`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from ckanext.landlab import schemas
from ckanext.landlab.errors import DeclarationError
from ckanext.landlab.schemas import line_of

FILE = "release_check"
CHOICES = ("yes", "no", "unknown")
RECORD_KINDS = ("text", "iri", "date")
CHANGES = ("resources", "licence", "custodian", "origin", "spatial", "hvd")
FACTS = ("custodian", "high_value", "form", "confirmation", "licence_official", "licence_open", "recorded")

Text = Mapping[str, str]


def text_in(text: Text, language: str) -> str:
    """*text* in *language*, else in German."""
    return text.get(language) or text["de"]


@dataclass(frozen=True)
class Norm:
    """The provision a question comes from."""

    title: str
    clause: str
    url: str


@dataclass(frozen=True)
class Entry:
    """Something that is written down with an answer: its *kind* is text, iri or date."""

    name: str
    kind: str
    label: Text


@dataclass(frozen=True, kw_only=True)
class Effect:
    """What one answer leads to."""

    go: str | None = None
    block: Text | None = None
    until: str | None = None
    fix: Text | None = None
    fixed_when: str | None = None
    notices: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    record: tuple[Entry, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question; *code* is what a refusal is known by, *check* the fact that answers it without asking."""

    id: str
    code: str
    section: str
    ask: Text
    help: Text
    whom: Text
    norm: tuple[Norm, ...]
    reopened_by: frozenset[str]
    check: str | None
    effects: Mapping[str, Effect]


@dataclass(frozen=True)
class ReleaseCheck:
    """The whole declaration; its questions in the order in which they are walked."""

    version: str
    review_months: int
    sections: Mapping[str, Text]
    questions: Mapping[str, Question]
    laws: Mapping[str, Norm] = field(default_factory=dict)

    def after(self, identifier: str) -> str | None:
        """The question that follows *identifier* in the file."""
        order = list(self.questions)
        place = order.index(identifier) + 1
        return order[place] if place < len(order) else None

    def after_all_of(self, identifier: str) -> str | None:
        """The question that follows *identifier* and what is asked only because of it (A4a after A4)."""
        order = list(self.questions.values())
        place = list(self.questions).index(identifier) + 1
        return next((one.id for one in order[place:] if one.code != self.questions[identifier].code), None)

    def codes(self) -> set[str]:
        """Every notice that an answer can make mandatory."""
        effects = (effect for question in self.questions.values() for effect in question.effects.values())
        return {code for effect in effects for code in (*effect.notices, *effect.one_of)}


@cache
def release_check() -> ReleaseCheck:
    """The declared release check."""
    return parse(schemas.read(FILE))


def parse(content: Mapping[str, Any]) -> ReleaseCheck:
    """The check that *content* declares, or a DeclarationError that names the line."""
    laws = {name: Norm(law["title"], "", law["url"]) for name, law in content["laws"].items()}
    questions: dict[str, Question] = {}
    for number, row in enumerate(content["questions"]):
        question = _question(row, number, content["sections"], laws)
        if question.id in questions:
            raise _wrong(f"the question {question.id} stands twice", "questions", number, "id")
        questions[question.id] = question
    _forward_only(questions)
    return ReleaseCheck(str(content["version"]), content["review_months"], content["sections"], questions, laws)


def unknown_notices(check: ReleaseCheck, known: Sequence[str]) -> None:
    """Stop the start when the check asks for a notice that is not among the *known* ones."""
    for number, question in enumerate(check.questions.values()):
        for choice, effect in question.effects.items():
            if strange := {*effect.notices, *effect.one_of} - set(known):
                raise _wrong(f"there is no notice {', '.join(sorted(strange))}", "questions", number, choice)


def _question(row: Mapping[str, Any], number: int, sections: Mapping[str, Text], laws: Mapping[str, Norm]) -> Question:
    known = {"id", "code", "section", "check", "ask", "help", "whom", "norm", "reopened_by", "yes", "no"}
    for key in [*(known - {"code", "check"} - set(row)), *(set(row) - known)]:
        raise _wrong(f"{key!r} is {'missing' if key in known else 'unknown'}", "questions", number, key)
    for key in ("ask", "help", "whom"):
        _both_languages(row[key], number, key)
    if row["section"] not in sections:
        raise _wrong(f"there is no section {row['section']!r}", "questions", number, "section")
    if strange := set(row["reopened_by"]) - set(CHANGES):
        raise _wrong(f"unknown change {sorted(strange)}", "questions", number, "reopened_by")
    if row.get("check") not in (None, *FACTS):
        raise _wrong(f"there is no check {row['check']!r}", "questions", number, "check")
    return Question(
        id=row["id"],
        code=row.get("code", row["id"]),
        section=row["section"],
        ask=row["ask"],
        help=row["help"],
        whom=row["whom"],
        norm=tuple(_norms(row["norm"], laws, number)),
        reopened_by=frozenset(row["reopened_by"]),
        check=row.get("check"),
        effects={choice: _effect(row[choice], number, choice) for choice in ("yes", "no")},
    )


def _norms(rows: Sequence[Mapping[str, str]], laws: Mapping[str, Norm], number: int) -> Iterator[Norm]:
    for row in rows:
        if row["law"] not in laws:
            raise _wrong(f"there is no law {row['law']!r}", "questions", number, "norm")
        law = laws[row["law"]]
        yield Norm(law.title, row["clause"], law.url)


def _effect(row: Mapping[str, Any], number: int, choice: str) -> Effect:
    known = set(Effect.__dataclass_fields__)
    if strange := set(row) - known:
        raise _wrong(f"unknown effect {sorted(strange)}; known are {sorted(known)}", "questions", number, choice)
    for key in {"block", "fix"} & set(row):
        _both_languages(row[key], number, choice, key)
    if row.get("fixed_when") not in (None, *FACTS):
        raise _wrong(f"there is no check {row['fixed_when']!r}", "questions", number, choice, "fixed_when")
    entries = tuple(_entry(entry, number, choice) for entry in row.get("record", ()))
    if row.get("until") and row["until"] not in {entry.name for entry in entries if entry.kind == "date"}:
        raise _wrong(f"`until` names no recorded date: {row['until']!r}", "questions", number, choice, "until")
    return Effect(
        **{key: row[key] for key in ("go", "block", "until", "fix", "fixed_when") if key in row},
        notices=tuple(row.get("notices", ())),
        one_of=tuple(row.get("one_of", ())),
        record=entries,
    )


def _entry(row: Mapping[str, Any], number: int, choice: str) -> Entry:
    if row.get("kind") not in RECORD_KINDS:
        raise _wrong(f"a record is one of {RECORD_KINDS}, not {row.get('kind')!r}", "questions", number, choice)
    _both_languages(row.get("label"), number, choice, "record")
    return Entry(row["name"], row["kind"], row["label"])


def _forward_only(questions: Mapping[str, Question]) -> None:
    order = list(questions)
    for number, question in enumerate(questions.values()):
        for choice, effect in question.effects.items():
            if effect.go is not None and effect.go not in order[number + 1 :]:
                raise _wrong(f"{effect.go!r} is no later question", "questions", number, choice, "go")


def _both_languages(text: Any, number: int, *path: str) -> None:
    if not isinstance(text, Mapping) or not all(text.get(language) for language in ("de", "en")):
        raise _wrong("needs a text in German (de) and in English (en)", "questions", number, *path)


def _wrong(reason: str, *path: str | int) -> DeclarationError:
    place = f"line {line_of(FILE, *path)} ({'.'.join(str(step) for step in path)})"
    return DeclarationError(f"schemas/{FILE}.yaml", place, reason)


def complaint(entry: Entry, value: str, longest: int) -> Text | None:
    """What is wrong with *value* as this record; nothing is no complaint, it only stays needed."""
    if len(value) > longest:
        return {"de": f"Höchstens {longest} Zeichen.", "en": f"At most {longest} characters."}
    match entry.kind:
        case "iri" if value and not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+", value):
            return {
                "de": "Bitte eine Adresse im Netz angeben, die mit https:// beginnt.",
                "en": "Please give a web address that begins with https://.",
            }
        case "date" if value and not _is_day(value):
            return {
                "de": "Bitte ein Datum angeben, zum Beispiel 2027-01-31.",
                "en": "Please give a date, for example 2027-01-31.",
            }
    return None


def _is_day(value: str) -> bool:
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True
