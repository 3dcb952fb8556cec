"""Which notices stand on a dataset: portal, organisation, dataset and resource, each adding to what it inherits.

A level adds notices.  Where the vocabulary allows it, a notice of the same code replaces the inherited one;
otherwise both stand.  Nothing takes a notice away, and a safety notice is never replaced.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ckanext.landlab.legal.notices import SEVERITIES, Edition, Notice, NoticeVocabulary, vocabulary
from ckanext.landlab.legal.parameters import Fault

LEVELS: Mapping[str, Mapping[str, str]] = {
    "portal": {"de": "Gilt für das ganze Portal", "en": "Applies to the whole portal"},
    "organization": {"de": "Gilt für alle Daten der Organisation", "en": "Applies to all data of the organisation"},
    "dataset": {"de": "Gilt für diesen Datensatz", "en": "Applies to this dataset"},
    "review": {"de": "Vom Katalog: die Überprüfung steht aus", "en": "By the catalogue: the review is overdue"},
    "resource": {"de": "Gilt nur für die Datei", "en": "Applies only to the file"},
}

# More notices on one level than this are no longer read by anybody, and each costs every page view.
MOST = 40


@dataclass(frozen=True)
class Assignment:
    """A notice chosen on some level, with its parameters."""

    code: str
    parameters: Mapping[str, str]


@dataclass(frozen=True)
class Level:
    """One level of inheritance: who it is and what it says."""

    name: str
    title: str
    assignments: tuple[Assignment, ...]
    id: str = ""


@dataclass(frozen=True)
class Standing:
    """A notice that stands on a dataset, and where it comes from."""

    notice: Notice
    edition: Edition
    parameters: Mapping[str, str]
    level: Level


def assignments_of(values: Any) -> tuple[Assignment, ...]:
    """The assignments in a stored list of {code, parameters}; anything of another shape is left out."""
    if not isinstance(values, Sequence) or isinstance(values, (str, bytes)):
        return ()
    entries = [entry for entry in values if isinstance(entry, Mapping) and entry.get("code")]
    return tuple(
        Assignment(str(entry["code"]), {str(k): str(v) for k, v in (entry.get("parameters") or {}).items()})
        for entry in entries
        if isinstance(entry.get("parameters") or {}, Mapping)
    )


def resolve(levels: Iterable[Level], editions: Mapping[str, Edition] | None = None) -> list[Standing]:
    """The notices that stand after *levels*, given from the portal down; the most serious first.

    *editions* holds the words in force by code; a code that it lacks has the words of the vocabulary.
    """
    editions = editions or {}
    known = vocabulary().notices
    standing: list[Standing] = []
    for level in levels:
        for assignment in level.assignments:
            notice = known.get(assignment.code)
            if notice is None:
                continue  # a code that a later version of the vocabulary dropped: its history keeps it
            edition = editions.get(notice.code, notice.edition)
            standing = _added(standing, Standing(notice, edition, assignment.parameters, level))
    order = {code: position for position, code in enumerate(known)}
    return sorted(standing, key=lambda entry: (SEVERITIES.index(entry.notice.severity), order[entry.notice.code]))


def missing_for(origin: str, standing: Iterable[Standing], known: NoticeVocabulary | None = None) -> list[str]:
    """The codes that data of the Herkunftsart *origin* need and that do not stand."""
    present = {entry.notice.code for entry in standing}
    return [code for code in (known or vocabulary()).required_by(origin) if code not in present]


def faults_of(values: Sequence[Any], withdrawn: Iterable[str] = ()) -> list[Fault]:
    """Everything that keeps a stored or typed list of notices from being used."""
    found: list[Fault] = []
    known = vocabulary().notices
    if len(values) > MOST:
        most = {"de": str(MOST), "en": str(MOST)}
        return [Fault("too_many", most, most)]
    for entry in values:
        code = str(entry.get("code") or "") if isinstance(entry, Mapping) else str(entry)
        named = {"de": code[:50], "en": code[:50]}
        parameters = entry.get("parameters") or {} if isinstance(entry, Mapping) else {}
        if code not in known or not isinstance(parameters, Mapping):
            found.append(Fault("unknown_notice", named, named))
        elif code in set(withdrawn):
            found.append(Fault("withdrawn", known[code].label, named))
        else:
            found += known[code].faults(parameters)
    return found


def _added(standing: list[Standing], new: Standing) -> list[Standing]:
    same = [entry for entry in standing if entry.notice.code == new.notice.code]
    if any(_covers(entry, new) for entry in same):
        return standing
    if new.notice.replaceable and new.notice.severity != "safety":
        kept = [
            entry for entry in standing if entry.notice.code != new.notice.code or not _above(entry.level, new.level)
        ]
        return [*kept, new]
    return [*standing, new]


def _covers(entry: Standing, new: Standing) -> bool:
    """Whether *new* only repeats *entry*; the same words on two files are told for each."""
    return entry.parameters == new.parameters and (entry.level == new.level or entry.level.name != "resource")


def _above(level: Level, lower: Level) -> bool:
    # A file replaces what stands on it alone; on the other files of the dataset the inherited notice goes on.
    names = list(LEVELS)
    return lower.name != "resource" and names.index(level.name) < names.index(lower.name)
