"""The notice vocabulary: what can be said about data, with which parameters and in which words.

`vocabulary()` reads `schemas/notices.yaml` once and checks every template.  A text is a list of lines;
a line that names a parameter left empty is left out.  An `Edition` is one published version of the words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from string import Formatter
from typing import Any

from ckanext.landlab import schemas
from ckanext.landlab.errors import DeclarationError
from ckanext.landlab.legal.parameters import KINDS, Fault, Parameter, clean, excludes_liability, fault_of, written_day

FILE = "notices"
LANGUAGES = ("de", "en")
LineOf = Callable[..., int]
SEVERITIES = ("safety", "caution", "info")  # the order in which a reader sees them

UNREVIEWED: Mapping[str, str] = {
    "de": "Aus einem anpassbaren Baustein erstellt; für diese Stelle noch nicht rechtlich geprüft.",
    "en": "Drafted from a configurable building block; not yet legally reviewed for this body.",
}
REVIEWED: Mapping[str, str] = {"de": "Rechtlich geprüft am {day}.", "en": "Legally reviewed on {day}."}


@dataclass(frozen=True)
class Edition:
    """One published version of a notice's words; it never changes but for the date of its legal review."""

    version: int
    date: date
    author_role: str
    text: Mapping[str, str]
    reviewed: date | None = None
    withdrawn: bool = False

    def review_line(self, language: str) -> str:
        """What a reader must know about the legal review of these words."""
        if self.reviewed is None:
            return UNREVIEWED[language]
        return REVIEWED[language].format(day=written_day(self.reviewed, language))


@dataclass(frozen=True)
class Notice:
    """One concept of the vocabulary."""

    code: str
    label: Mapping[str, str]
    trigger: Mapping[str, str]
    answers: Mapping[str, str]
    severity: str
    replaceable: bool
    origins: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    edition: Edition

    def faults(self, values: Mapping[str, Any]) -> list[Fault]:
        """Everything that keeps *values* from standing in this notice."""
        unknown = sorted(set(values) - {parameter.name for parameter in self.parameters})
        found = [Fault("unknown_parameter", self.label, {"de": name[:50], "en": name[:50]}) for name in unknown]
        reasons = ((parameter, fault_of(parameter, values.get(parameter.name))) for parameter in self.parameters)
        return found + [Fault(reason, self.label, parameter.label) for parameter, reason in reasons if reason]

    def kept(self, values: Mapping[str, Any]) -> dict[str, str]:
        """*values* as they are stored: cleaned, in the order of the vocabulary, without empty ones."""
        cleaned = {parameter.name: clean(values.get(parameter.name)) for parameter in self.parameters}
        return {name: value for name, value in cleaned.items() if value}


@dataclass(frozen=True)
class Piece:
    """A stretch of a rendered text; with an address it is a link."""

    text: str
    href: str = ""


@dataclass(frozen=True)
class NoticeVocabulary:
    """All notices, by code, in the order of the file."""

    title: Mapping[str, str]
    description: Mapping[str, str]
    severities: Mapping[str, Mapping[str, str]]
    author_roles: Mapping[str, Mapping[str, str]]
    notices: Mapping[str, Notice]

    def required_by(self, origin: str) -> list[str]:
        """The codes that must be there for data of the Herkunftsart *origin* (its code)."""
        return [notice.code for notice in self.notices.values() if origin in notice.origins]


@cache
def vocabulary() -> NoticeVocabulary:
    """The vocabulary of `schemas/notices.yaml`.

    Raises:
        DeclarationError: the file cannot be used; names the line.
    """
    return vocabulary_of(schemas.read(FILE), lambda *path: schemas.line_of(FILE, *path))


def vocabulary_of(content: Mapping[str, Any], line_of: LineOf) -> NoticeVocabulary:
    """The vocabulary declared in *content*; *line_of* gives the line of a path for the error."""
    found: dict[str, Notice] = {}
    for position, entry in enumerate(content["notices"]):
        try:
            notice = _notice(entry)
            if notice.code in found:
                raise ValueError(f"the code {notice.code} is declared twice")
        except (KeyError, ValueError, TypeError) as error:
            line = line_of("notices", position)
            raise DeclarationError("schemas/notices.yaml", f"line {line}", _reason(error)) from error
        _check_templates(notice, position, line_of)
        found[notice.code] = notice
    return NoticeVocabulary(
        title=content["title"],
        description=content["description"],
        severities=content["severities"],
        author_roles=content["author_roles"],
        notices=found,
    )


def rendered(notice: Notice, edition: Edition, values: Mapping[str, str], language: str) -> list[list[Piece]]:
    """The words of *edition* with *values* filled in, as lines of pieces."""
    lines = (_line(notice, line, values, language) for line in edition.text[language].splitlines())
    return [line for line in lines if line]


def plain(lines: Iterable[Iterable[Piece]]) -> str:
    """Rendered lines as plain text, one line each."""
    return "\n".join("".join(piece.text for piece in line) for line in lines)


@dataclass(frozen=True)
class TemplateFault:
    """Why a text cannot be a template: the line (from 1), what is wrong, and what it is about."""

    line: int
    reason: str  # unknown_parameter, braces, missing_parameter, empty, excludes_liability
    about: str


def template_fault(notice: Notice, text: str) -> TemplateFault | None:
    """Why *text* cannot be a template of *notice*, or nothing."""
    known = {parameter.name: parameter.required for parameter in notice.parameters}
    named: set[str] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        try:
            fields = [field for field in Formatter().parse(line) if field[1] is not None]
        except ValueError as error:
            return TemplateFault(number, "braces", str(error))
        for _, name, spec, conversion in fields:
            if name not in known or spec or conversion:
                return TemplateFault(number, "unknown_parameter", f"{{{name}}}")
        named |= {str(name) for _, name, _, _ in fields}
        if excludes_liability(line):
            return TemplateFault(number, "excludes_liability", line.strip())
    if not text.strip():
        return TemplateFault(1, "empty", "")
    left_out = [name for name, required in known.items() if required and name not in named]
    return TemplateFault(1, "missing_parameter", f"{{{left_out[0]}}}") if left_out else None


def _line(notice: Notice, line: str, values: Mapping[str, str], language: str) -> list[Piece]:
    by_name = {parameter.name: parameter for parameter in notice.parameters}
    pieces: list[Piece] = []
    for literal, name, _, _ in Formatter().parse(line.strip()):
        if literal:
            pieces = _joined(pieces, literal)
        if name is None:
            continue
        parameter = by_name[name]
        text = KINDS[parameter.kind].write(parameter, values.get(name, ""), language) if values.get(name) else ""
        if not text:
            return []
        pieces.append(Piece(text, text if parameter.kind == "url" else ""))
    return pieces


def _joined(pieces: list[Piece], literal: str) -> list[Piece]:
    """*pieces* and *literal*, without a second full stop after a value that ends with one."""
    if literal.startswith(".") and pieces and not pieces[-1].href and pieces[-1].text.endswith((".", "!", "?")):
        literal = literal[1:]
    return [*pieces, Piece(literal)] if literal else pieces


def _notice(entry: Mapping[str, Any]) -> Notice:
    if entry["severity"] not in SEVERITIES:
        raise ValueError(f"severity is one of {', '.join(SEVERITIES)}, not {entry['severity']!r}")
    if entry["severity"] == "safety" and entry["replaceable"]:
        raise ValueError("a safety notice is never replaceable")
    return Notice(
        code=entry["code"],
        label=_both(entry, "label"),
        trigger=_both(entry, "trigger"),
        answers=_both(entry, "answers"),
        severity=entry["severity"],
        replaceable=entry["replaceable"],
        origins=tuple(entry.get("origins", ())),
        parameters=tuple(_parameter(parameter) for parameter in entry["parameters"]),
        edition=Edition(entry["version"], entry["date"], "template", _both(entry, "text")),
    )


def _parameter(entry: Mapping[str, Any]) -> Parameter:
    parameter = Parameter(**entry)
    if parameter.kind not in KINDS:
        raise ValueError(f"kind of the parameter {parameter.name} is one of {', '.join(KINDS)}, not {parameter.kind!r}")
    return parameter


def _both(entry: Mapping[str, Any], key: str) -> Mapping[str, str]:
    if set(entry[key]) != set(LANGUAGES):
        raise ValueError(f"{key} must be given in German and English (de, en)")
    return entry[key]


def _check_templates(notice: Notice, position: int, line_of: LineOf) -> None:
    for language in LANGUAGES:
        fault = template_fault(notice, notice.edition.text[language])
        if fault is None:
            continue
        # The words of a block scalar begin on the line after its sign.
        line = line_of("notices", position, "text", language) + fault.line
        reasons = {
            "unknown_parameter": f"the template names an unknown parameter {fault.about}",
            "missing_parameter": f"the template leaves out the required parameter {fault.about}",
            "braces": f"the braces of the template do not match: {fault.about}",
            "empty": "the template is empty",
            "excludes_liability": f"the template pretends to exclude liability: {fault.about}",
        }
        raise DeclarationError("schemas/notices.yaml", f"line {line}", f"{notice.code}: {reasons[fault.reason]}")


def _reason(error: Exception) -> str:
    return f"the key {error} is missing" if isinstance(error, KeyError) else str(error)
