"""The score that data.europa.eu gives a dataset (Metadata Quality Assessment), and what to mend next.

405 points in five dimensions; metrics, points and lists stand in `schemas/quality.yaml`.  A metric of the
distributions is fulfilled when one of them fulfils it.  Whether addresses answer is not looked up here: give
`reachable` what a link checker found; what it does not know stays open and is counted apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from ckanext.landlab import schemas
from ckanext.landlab.dcat import concepts
from ckanext.landlab.dcat.completeness import completed
from ckanext.landlab.dcat.context import Context
from ckanext.landlab.dcat.findings import Finding, conforms, of_record
from ckanext.landlab.dcat.writing import values_of

Record = Mapping[str, Any]
Reachable = Mapping[str, bool]
EU_LICENCE = "http://publications.europa.eu/resource/authority/licence/"


@dataclass(frozen=True)
class Metric:
    """One thing that is looked at."""

    id: str
    dimension: str
    points: int
    of: str
    field: str
    step: Mapping[str, str]
    out_of_reach: bool = False


@dataclass(frozen=True)
class Score:
    """What a dataset earned: the points of each metric, None where nobody knows."""

    earned: Mapping[str, float | None]

    @property
    def points(self) -> float:
        return sum(points or 0 for points in self.earned.values())

    @property
    def open(self) -> int:
        """The points that hang on what was not looked up."""
        return sum(metric.points for metric in metrics() if self.earned[metric.id] is None)

    @property
    def band(self) -> str:
        """excellent, good, sufficient or bad."""
        return next(name for name, least in _said()["bands"].items() if self.points >= least)

    @property
    def dimensions(self) -> dict[str, tuple[float, int]]:
        """Points earned and points to be had, by dimension."""
        return {
            name: (
                sum(self.earned[metric.id] or 0 for metric in metrics() if metric.dimension == name),
                sum(metric.points for metric in metrics() if metric.dimension == name),
            )
            for name in _said()["dimensions"]
        }

    def next_step(self) -> Metric | None:
        """What earns most next; of equal ones what comes first."""
        lost = [metric for metric in metrics() if self._lost(metric) > 0 and not metric.out_of_reach]
        return max(lost, key=self._lost, default=None)

    def _lost(self, metric: Metric) -> float:
        earned = self.earned[metric.id]
        return 0 if earned is None else metric.points - earned

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        step = self.next_step()
        return {
            "points": round(self.points, 1),
            "of": maximum(),
            "open": self.open,
            "band": self.band,
            "dimensions": {name: {"points": round(got, 1), "of": of} for name, (got, of) in self.dimensions.items()},
            "metrics": dict(self.earned),
            "next_step": {"metric": step.id, "field": step.field, "message": dict(step.step)} if step else None,
        }


@cache
def metrics() -> tuple[Metric, ...]:
    """The metrics in the order of the methodology."""
    return tuple(Metric(**declared) for declared in _said()["metrics"])


def maximum() -> int:
    return sum(metric.points for metric in metrics())


def dimension_labels() -> Mapping[str, Mapping[str, str]]:
    """What the dimensions are called, per language."""
    return _said()["dimensions"]


def of_dataset(
    record: dict[str, Any],
    context: Context | None = None,
    reachable: Reachable | None = None,
    findings: Iterable[Finding] | None = None,
) -> Score:
    """The score of *record*; *findings* are those of `findings.of_record`, if they are at hand."""
    context = context or Context()
    full = completed(record, context)
    files = [file for file in full.get("resources") or () if isinstance(file, dict)]
    known = reachable or {}
    found = of_record(record, context) if findings is None else findings
    fulfilled: dict[str, bool | None] = {"conformance": conforms(found)}
    for metric in metrics():
        if metric.id not in fulfilled:
            check = CHECKS.get(metric.id) or _filled(metric.field)
            holders = files if metric.of == "distribution" else [full]
            fulfilled[metric.id] = _one_of([check(holder, known) for holder in holders])
    return Score({metric.id: _points(metric, fulfilled[metric.id]) for metric in metrics()})


def _points(metric: Metric, fulfilled: bool | None) -> float | None:
    return None if fulfilled is None else metric.points * fulfilled


def average(scores: Iterable[Score]) -> Score | None:
    """The score of several datasets together: an organisation, a catalogue; None without a dataset."""
    given = list(scores)
    if not given:
        return None
    return Score({metric.id: _mean([score.earned[metric.id] for score in given]) for metric in metrics()})


def _mean(values: list[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


def _one_of(answers: list[bool | None]) -> bool | None:
    """Whether any answer is yes; None if none is, but not all are known."""
    return True if True in answers else None if None in answers else False


Check = Callable[[Record, Reachable], bool | None]


def _filled(name: str) -> Check:
    return lambda holder, _: bool(values_of(dict(holder), name))


def _answers(name: str) -> Check:
    def check(holder: Record, reachable: Reachable) -> bool | None:
        address = holder.get(name)
        return reachable.get(str(address)) if address else False

    return check


def _format_in(name: str) -> Check:
    def check(holder: Record, _: Reachable) -> bool:
        concept = concepts.found("file-type", str(holder.get("format") or ""))
        return concept is not None and concept.code in _said()[name]

    return check


def _listed_format(holder: Record, _: Reachable) -> bool:
    named = (("file-type", holder.get("format")), ("media-type", holder.get("mimetype")))
    return any(bool(value) and concepts.found(name, str(value)) is not None for name, value in named)


def _access_right(holder: Record, _: Reachable) -> bool:
    return concepts.listed("access-right", str(holder.get("access_rights") or ""))


CHECKS: Mapping[str, Check] = {
    "access-url-reachable": _answers("access_url"),
    "download-url-reachable": _answers("download_url"),
    "listed-format": _listed_format,
    "non-proprietary": _format_in("non_proprietary"),
    "machine-readable": _format_in("machine_readable"),
    "known-licence": lambda holder, _: str(holder.get("license") or "").startswith(EU_LICENCE),
    "listed-access-right": _access_right,
}


@cache
def _said() -> Mapping[str, Any]:
    return schemas.read("quality")
