"""What a harvester of GovData's kind makes of a dataset: takes it, takes it with flaws, or leaves it out, and why.

    marks = marks_of(record, context, contributor=feed.contributor)
    outcome_of(marks)    # taken, flawed or rejected

The rules, with their words, stand in `schemas/acceptance.yaml`; what GovData's validator says beside them comes from
the findings.  That a second dataset of the feed has the same id, only the edge can know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ckanext.landlab import schemas
from ckanext.landlab.dcat import concepts
from ckanext.landlab.dcat.completeness import CONTRIBUTORS, completed, table_of_record
from ckanext.landlab.dcat.context import Context, Record
from ckanext.landlab.dcat.demands import VIOLATION
from ckanext.landlab.dcat.findings import Finding, of_record
from ckanext.landlab.dcat.terms import expand
from ckanext.landlab.dcat.writing import values_of

TAKEN, FLAWED, REJECTED = OUTCOMES = ("taken", "flawed", "rejected")
_DATASET = expand("dcat:Dataset")

Found = tuple[str, tuple[str | int, ...], str]  # rule, path, value


@dataclass(frozen=True)
class Mark:
    """One thing that keeps a dataset from arriving whole."""

    outcome: str
    rule: str
    path: tuple[str | int, ...]
    message: Mapping[str, str]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        path = list(self.path)
        return {"outcome": self.outcome, "rule": self.rule, "path": path, "message": dict(self.message)}


def marks_of(record: Record, context: Context, contributor: str = "", *, is_double: bool = False) -> list[Mark]:
    """What a harvester finds wrong with *record* in a feed with *contributor* as supplier's id, the worst first."""
    full = completed(record, context)
    if contributor and not values_of(full, "contributorID"):
        full["contributorID"] = [contributor]
    found = list(_dataset(full))
    if is_double:
        found.append(("duplicate", ("identifier",), str(full.get("identifier") or full.get("id"))))
    if table_of_record(record).type == _DATASET:
        found += _files(full)
    marks = [_mark(rule, path, value) for rule, path, value in found]
    told = {mark.path for mark in marks}
    marks += (mark for mark in _of_validator(of_record(record, context)) if mark.path not in told)
    return sorted(marks, key=lambda mark: -OUTCOMES.index(mark.outcome))


def outcome_of(marks: Iterable[Mark]) -> str:
    """What becomes of a dataset with *marks*."""
    return max((mark.outcome for mark in marks), key=OUTCOMES.index, default=TAKEN)


def _dataset(full: Record) -> Iterator[Found]:
    if not str(full.get("title") or "").strip():
        yield "title", ("title",), ""
    names = [agent.get("name") for agent in full.get("publisher") or () if isinstance(agent, dict)]
    if not any(names):
        yield "publisher", ("publisher",), ""
    if not values_of(full, "tag_string"):
        yield "keyword", ("tag_string",), ""
    own = [str(value) for value in values_of(full, "contributorID")]
    listed = [value for value in own if value in schemas.vocabulary("contributors")]
    if not own:
        yield "no-contributor", ("contributorID",), ""
    elif not listed:
        yield "unlisted-contributor", ("contributorID",), own[0]
    elif len([value for value in own if value.startswith(CONTRIBUTORS)]) > 1:
        yield "several-contributors", ("contributorID",), ""


def _files(full: Record) -> Iterator[Found]:
    files = full.get("resources") or []
    if not files:
        yield "no-files", ("resources",), ""
    for number, file in enumerate(files):
        concept = concepts.found("licenses", file["license"]) if file.get("license") else None
        name = str(file.get("name") or file.get("url") or number + 1)
        place = ("resources", number, "license")
        if not file.get("license"):
            yield "no-licence", place, name
        elif concept is None:
            yield "unlisted-licence", place, name
        elif not concept.facts.get("open"):
            yield "closed-licence", place, name


def _of_validator(findings: Iterable[Finding]) -> Iterator[Mark]:
    for finding in findings:
        if finding.official and finding.severity == VIOLATION:
            yield Mark(FLAWED, finding.rule, finding.path, finding.message)


def _mark(rule: str, path: tuple[str | int, ...], value: str) -> Mark:
    said = _rules()[rule]
    shown = value if len(value) <= 80 else f"{value[:80]}…"
    return Mark(
        said["outcome"], rule, path, {language: said[language].format(value=shown) for language in ("de", "en")}
    )


@cache
def _rules() -> Mapping[str, Mapping[str, str]]:
    return schemas.read("acceptance")["rules"]
