"""The statement of a dataset: licence, notices, attribution and responsibilities as one value.

It is written as a mapping for templates and the API (`as_dict`) and as plain text for a file or a printer
(`as_text`).  A version of it is what stood there from a moment on.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone
from html import escape
from typing import Any

from ckanext.landlab.legal import responsibilities, reviews
from ckanext.landlab.legal.attribution import Attribution, Work, attribution_of, name_in
from ckanext.landlab.legal.inheritance import LEVELS, Level, Standing, assignments_of, resolve
from ckanext.landlab.legal.notices import Edition, Piece, plain, rendered, vocabulary
from ckanext.landlab.legal.parameters import written_day
from ckanext.landlab.legal.responsibilities import Body, Responsibility

WIDTH = 100

HEADINGS: Mapping[str, Mapping[str, str]] = {
    "title": {"de": "Hinweise zu den Daten", "en": "Notices about the data"},
    "address": {"de": "Adresse dieser Hinweise", "en": "Address of these notices"},
    "version": {"de": "Fassung vom {day}", "en": "Version of {day}"},
    "licence": {"de": "Lizenz", "en": "Licence"},
    "attribution": {"de": "Quellenangabe", "en": "Attribution"},
    "after_change": {"de": "Nach einer Änderung der Daten", "en": "After a change of the data"},
    "notices": {"de": "Hinweise", "en": "Notices"},
    "no_notices": {"de": "Zu diesen Daten gibt es keine Hinweise.", "en": "There are no notices about these data."},
    "file": {"de": "Datei", "en": "File"},
    "text_version": {"de": "Text: {code}, Version {number} vom {day}", "en": "Text: {code}, version {number} of {day}"},
}


@dataclass(frozen=True)
class Site:
    """What a statement has to know of the catalogue it stands in."""

    address: str
    operator: Body


@dataclass(frozen=True)
class Statement:
    """What a reader is told about a dataset."""

    address: str
    dataset_id: str
    dataset_name: str
    dataset_title: str
    dataset_address: str
    standing: tuple[Standing, ...]
    record: Mapping[str, Any]
    roles: tuple[Responsibility, ...]
    work: Work
    valid_from: datetime | None = None

    @property
    def version(self) -> str:
        """The name of this version: the moment from which it has stood, in UTC."""
        return stamp(self.valid_from) if self.valid_from else ""

    def attributions(self, language: str) -> list[Attribution]:
        """How to name the data, once for each licence that the dataset or a file carries."""
        terms = [(licence, by) for licence, by in _terms(self.record) if licence] or [("", "")]
        return [
            attribution_of(replace(self.work, by=name_in(by) or self.work.by), licence, language)
            for licence, by in dict.fromkeys(terms)
        ]

    def identity(self) -> Any:
        """What must differ for a new version to begin: facts, never wording of the program."""
        return (
            [(e.notice.code, dict(e.parameters), e.edition.version, e.edition.reviewed, e.level.name, e.level.id)
             for e in self.standing],
            [(role.role, role.bodies) for role in self.roles if role.role not in ("operator", "host")],
            self.work.by,
            self.dataset_title,
            _terms(self.record),
        )  # fmt: skip

    def as_dict(self, language: str) -> dict[str, Any]:
        """The statement as it goes into the API and the templates."""
        attributions = [attribution.as_dict() for attribution in self.attributions(language)]
        return {
            "address": self.address,
            "version": self.version,
            "valid_from": self.valid_from.isoformat() if self.valid_from else None,
            "language": language,
            "dataset": {
                "id": self.dataset_id,
                "name": self.dataset_name,
                "title": self.dataset_title,
                "address": self.dataset_address,
            },
            "attribution": attributions[0],
            "attributions": attributions,
            "notices": [_entry(entry, language) for entry in self.standing],
            "responsibilities": [role.as_dict(language) for role in self.roles],
        }


def statement_of(
    record: Mapping[str, Any],
    above: Sequence[Level],
    editions: Mapping[str, Edition],
    site: Site,
    valid_from: datetime | None = None,
    overdue: date | None = None,
) -> Statement:
    """The statement of *record* under the levels *above* it (portal, organisation); *overdue* is a missed review."""
    own, *files = levels_of(record)
    levels = [*above, own]
    if overdue:
        levels.append(reviews.level(overdue, resolve(levels)))
    standing = tuple(resolve([*levels, *files], editions))
    hosts = [
        entry.parameters["host"] for entry in standing if entry.notice.code == "EXT" and "host" in entry.parameters
    ]
    address = f"{site.address}/dataset/{record['id']}"
    by = named_with(record, above_title(above), site.operator.name)
    title = record.get("title") or record.get("name") or record["id"]
    name = record.get("name") or record["id"]
    return Statement(
        address=f"{address}/hinweise",
        dataset_id=record["id"],
        dataset_name=name,
        dataset_title=title,
        dataset_address=address,
        standing=standing,
        record=record,
        roles=tuple(responsibilities.responsibilities_of(record, site.operator, dict.fromkeys(filter(None, hosts)))),
        work=Work(by, title, f"{site.address}/dataset/{name}", _year(record)),
        valid_from=valid_from,
    )


def named_with(record: Mapping[str, Any], organization: str, operator: str) -> str:
    """Whom to name with the data of *record*: its publisher, else the owning *organization*, else the operator."""
    publishers = responsibilities.bodies_of(record.get("publisher"))
    return (publishers[0].name if publishers else "") or organization or operator


def stamp(moment: datetime) -> str:
    """*moment* as the name of a version: UTC, as exact as it was recorded, so that no two versions share a name."""
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def above_title(above: Sequence[Level]) -> str:
    """The organisation's title, which stands where a dataset names no publisher."""
    return next((level.title for level in above if level.name == "organization"), "")


def levels_of(record: Mapping[str, Any]) -> list[Level]:
    """The levels that lie in *record* itself: the dataset and each of its files."""
    files = [
        Level("resource", file.get("name") or file["id"], assignments_of(file.get("notices")), file["id"])
        for file in record.get("resources") or ()
        if file.get("notices")
    ]
    return [Level("dataset", record.get("title") or record["id"], assignments_of(record.get("notices"))), *files]


def as_html(lines: Iterable[Iterable[Piece]]) -> str:
    """Rendered lines as paragraphs; whatever came from outside is escaped."""
    return "".join(f"<p>{''.join(map(_piece, line))}</p>" for line in lines)


def as_text(statement: Statement, language: str) -> str:
    """The whole statement as plain text."""
    parts = [f"{HEADINGS['title'][language]}: {statement.dataset_title}", _version_line(statement, language)]
    parts.append(f"{HEADINGS['address'][language]}: {statement.address}")
    for attribution in statement.attributions(language):
        parts += _attribution_text(attribution, language)
    parts.append(_headed(HEADINGS["notices"][language]))
    parts += [_notice_text(entry, language) for entry in statement.standing] or [HEADINGS["no_notices"][language]]
    parts.append(_headed(responsibilities.title(language)))
    parts += [_role_text(role, language) for role in statement.roles if role.bodies or role.required]
    return "\n\n".join(part for part in parts if part) + "\n"


def short_line(address: str, language: str) -> str:
    """One sentence that leads to the statement at *address*, for readers who see only a description."""
    if language == "de":
        return f"Hinweise zu Qualität, Verantwortung und Quellenangabe dieser Daten: {address}"
    return f"Notices on quality, responsibility and attribution of these data: {address}"


def _entry(entry: Standing, language: str) -> dict[str, Any]:
    lines = rendered(entry.notice, entry.edition, entry.parameters, language)
    return {
        "code": entry.notice.code,
        "label": entry.notice.label[language],
        "severity": entry.notice.severity,
        "severity_label": vocabulary().severities[entry.notice.severity][language],
        "answers": entry.notice.answers[language],
        "summary": plain(lines[:1]),
        "text": plain(lines),
        "html": as_html(lines),
        "parameters": dict(entry.parameters),
        "version": entry.edition.version,
        "date": entry.edition.date.isoformat(),
        "author_role": vocabulary().author_roles[entry.edition.author_role][language],
        "reviewed": entry.edition.reviewed.isoformat() if entry.edition.reviewed else None,
        "review_line": entry.edition.review_line(language),
        "source": {
            "level": entry.level.name,
            "label": LEVELS[entry.level.name][language],
            "title": entry.level.title,
            "id": entry.level.id,
        },
    }


def _terms(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The licences of the dataset and its files, each with the name that its attribution asks for."""
    own = str(record.get("license_id") or "")
    files = record.get("resources") or ()
    terms = [(str(file.get("license") or own), str(file.get("licenseAttributionByText") or "")) for file in files]
    return list(dict.fromkeys(terms)) or [(own, "")]


def _year(record: Mapping[str, Any]) -> str:
    for key in ("modified", "metadata_modified", "issued"):
        if value := str(record.get(key) or ""):
            return value[:4]
    return ""


def _piece(piece: Piece) -> str:
    text = escape(piece.text)
    return f'<a href="{escape(piece.href)}" rel="noopener">{text}</a>' if piece.href else text


def _version_line(statement: Statement, language: str) -> str:
    if not statement.valid_from:
        return ""
    return HEADINGS["version"][language].format(day=statement.version[:19].replace("T", " ") + " UTC")


def _headed(words: str) -> str:
    return f"{words}\n{'=' * len(words)}"


def _attribution_text(attribution: Attribution, language: str) -> list[str]:
    parts = [f"{HEADINGS['licence'][language]}: {attribution.name} {attribution.url}".rstrip(), attribution.rule]
    if attribution.line:
        parts.append(f"{HEADINGS['attribution'][language]}:\n{attribution.line}")
    if attribution.change:
        parts.append(f"{HEADINGS['after_change'][language]}:\n{attribution.change}")
    return parts


def _notice_text(entry: Standing, language: str) -> str:
    label = vocabulary().severities[entry.notice.severity][language]
    words = plain(rendered(entry.notice, entry.edition, entry.parameters, language))
    source = f"{LEVELS[entry.level.name][language]}: {entry.level.title}".rstrip(": ")
    edition = entry.edition
    day = written_day(edition.date, language)
    origin = HEADINGS["text_version"][language].format(code=entry.notice.code, number=edition.version, day=day)
    heading = f"[{label}] {entry.notice.label[language]}"
    return "\n".join([heading, *map(_wrapped, words.splitlines()), source, origin, edition.review_line(language)])


def _wrapped(line: str) -> str:
    """*line* in lines; an address stays whole, because a broken one cannot be followed."""
    return textwrap.fill(line, WIDTH, break_long_words=False, break_on_hyphens=False)


def _role_text(role: Responsibility, language: str) -> str:
    bodies = [", ".join(filter(None, (body.name, body.email, body.url))) for body in role.bodies]
    answer = "\n".join(bodies) or responsibilities.nobody(language)
    return f"{role.question[language]}\n{role.label[language]}: {answer}"
