"""What templates need to show and ask for notices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from ckanext.landlab import language, statements
from ckanext.landlab.legal import notices, profiles, responsibilities
from ckanext.landlab.legal.parameters import written_day
from markupsafe import Markup

__all__ = [
    "landlab_day",
    "landlab_moment",
    "landlab_notice_html",
    "landlab_notice_icon",
    "landlab_notice_rows",
    "landlab_notice_vocabulary",
    "landlab_profiles",
    "landlab_responsibilities_title",
    "landlab_statement",
]

# An icon for each severity; beside it always stands the word.
ICONS = {"safety": "fa-hand", "caution": "fa-triangle-exclamation", "info": "fa-circle-info"}


def landlab_statement(dataset: Mapping[str, Any]) -> dict[str, Any]:
    """The statement of *dataset* in the reader's language."""
    return statements.told(dataset)


def landlab_notice_icon(severity: str) -> str:
    """The icon of a severity."""
    return ICONS[severity]


def landlab_notice_html(entry: Mapping[str, Any]) -> Markup:
    """The words of a notice; all that came from outside was escaped when they were rendered."""
    return Markup(entry["html"])  # noqa: S704 escaped in legal.statement.as_html


def landlab_notice_vocabulary() -> list[notices.Notice]:
    """Every notice that can be chosen, the most serious first."""
    gone = statements.withdrawn()
    known = [notice for notice in notices.vocabulary().notices.values() if notice.code not in gone]
    return sorted(known, key=lambda notice: notices.SEVERITIES.index(notice.severity))


def landlab_notice_rows(values: Any, judged: Any = True) -> list[dict[str, Any]]:
    """The notices in a form: each with its parameters, what was typed and, once it was *judged*, what is wrong."""
    known = notices.vocabulary().notices
    entries = [entry for entry in values or [] if isinstance(entry, Mapping) and entry.get("code")]
    return [_row(entry, known.get(str(entry["code"])), bool(judged)) for entry in entries]


def landlab_profiles() -> list[profiles.LegalProfile]:
    """Every legal profile."""
    return list(profiles.all_profiles().values())


def landlab_responsibilities_title() -> str:
    """The heading of the box that says who answers for what."""
    return responsibilities.title(language.reader())


def landlab_day(day: str | date) -> str:
    """A day (ISO 8601) as people write it."""
    known = day if isinstance(day, date) else date.fromisoformat(day[:10])
    return written_day(known, "de" if language.reader() == "de" else "en")


def landlab_moment(moment: str) -> str:
    """A moment (ISO 8601, UTC) to the minute, as people write it; UTC, because it names a version everywhere alike."""
    spoken = "de" if language.reader() == "de" else "en"
    return f"{written_day(date.fromisoformat(moment[:10]), spoken)}, {moment[11:16]} UTC"


def _row(entry: Mapping[str, Any], notice: notices.Notice | None, judged: bool) -> dict[str, Any]:
    parameters = entry.get("parameters")
    typed = parameters if isinstance(parameters, Mapping) else {k: v for k, v in entry.items() if k != "code"}
    faults = notice.faults(typed) if notice and judged else []
    sentences = {id(fault.label): fault.sentence(language.reader()) for fault in faults}
    named = notice.parameters if notice else ()
    return {
        "code": entry["code"],
        "notice": notice,
        "values": typed,
        "errors": {parameter.name: sentences.get(id(parameter.label)) for parameter in named},
    }
