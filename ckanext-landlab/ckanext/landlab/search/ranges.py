"""`facet.range`: how many documents lie in each step from a start to an end, for numbers and dates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ckanext.landlab.errors import RequestError
from ckanext.landlab.search import dates, documents
from ckanext.landlab.search import question as q
from ckanext.landlab.search.params import Params
from ckanext.landlab.search.question import Question
from ckanext.landlab.search.schema import Field, Kind, Schema

STEPS = 1000


@dataclass(frozen=True)
class Steps:
    """The *bounds* of the steps over *field*, their *gap* as it was written, and what else is counted."""

    field: Field
    bounds: tuple[str, ...]
    gap: str
    least: int
    others: frozenset[str]


def steps(name: str, params: Params, schema: Schema) -> Steps:
    """The steps that *params* want over the field *name*.

    Raises:
        RequestError: they lack a start, an end or a gap, or are too many.
    """
    field = schema.field(name)
    if field.kind not in (Kind.INTEGER, Kind.FLOAT, Kind.DATE):
        raise RequestError(f"Unable to range facet on field: {name}")
    start, end, gap = (_own(params, name, option) for option in ("start", "end", "gap"))
    hard = params.flag(f"f.{name}.facet.range.hardend", params.flag("facet.range.hardend"))
    bounds = [_shown(start, field)]
    while documents.number(bounds[-1], field) < documents.number(end, field):
        following = _following(bounds[-1], gap, field)
        if documents.number(following, field) <= documents.number(bounds[-1], field):
            raise RequestError("range facet infinite loop (is gap negative?)")
        beyond = hard and documents.number(following, field) > documents.number(end, field)
        bounds.append(_shown(end, field) if beyond else following)
        if len(bounds) > STEPS:
            raise RequestError(f"facet.range makes more than {STEPS} steps")
    others = {each for text in params.all("facet.range.other") for each in text.split(",")}
    if "all" in others:
        others = {"before", "after", "between"}
    return Steps(field, tuple(bounds), gap, params.whole("facet.mincount", 0), frozenset(others - {"none"}))


def _own(params: Params, name: str, option: str) -> str:
    value = params.text(f"f.{name}.facet.range.{option}") or params.text(f"facet.range.{option}")
    if not value:
        needed = f"facet.range.{option}"
        raise RequestError(f"Missing required parameter: f.{name}.{needed} (or default: {needed})")
    return value


def _shown(text: str, field: Field) -> str:
    try:
        number = documents.number(text, field)
    except ValueError as error:
        raise RequestError(f"Can't parse value {text} for field: {field.name}") from error
    return dates.written(int(number)) if field.kind is Kind.DATE else str(number)


def _following(text: str, gap: str, field: Field) -> str:
    if field.kind is Kind.DATE:
        return dates.written(dates.moment(text + gap))
    try:
        return str(documents.number(text, field) + documents.number(gap, field))
    except ValueError as error:
        raise RequestError(f"Can't add gap {gap} to value {text} for field: {field.name}") from error


def counted(wanted: Steps, count: Callable[[Question], int]) -> dict[str, Any]:
    """What Solr answers for these steps; *count* says how many documents a question finds."""
    name, bounds = wanted.field.name, wanted.bounds
    pairs = [(low, count(q.Between(name, low, high, True, False))) for low, high in pairwise(bounds)]
    outside = {
        "before": q.Between(name, None, bounds[0], True, False),
        "after": q.Between(name, bounds[-1], None),
        "between": q.Between(name, bounds[0], bounds[-1], True, False),
    }
    return {
        "counts": [each for pair in pairs if pair[1] >= wanted.least for each in pair],
        "gap": _plain(wanted.gap, wanted.field),
        **{key: count(question) for key, question in outside.items() if key in wanted.others},
        "start": _plain(bounds[0], wanted.field),
        "end": _plain(bounds[-1], wanted.field),
    }


def _plain(text: str, field: Field) -> str | float:
    return text if field.kind is Kind.DATE else documents.number(text, field)
