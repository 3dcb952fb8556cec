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
OTHERS = frozenset({"before", "after", "between"})
ENDS = frozenset({"lower", "upper", "edge", "outer"})


@dataclass(frozen=True)
class Steps:
    """The *bounds* of the steps over *field*, their *gap* as it was written, and what else is counted."""

    field: Field
    bounds: tuple[str, ...]
    gap: str
    least: int
    others: frozenset[str]
    ends: frozenset[str]


def steps(name: str, params: Params, schema: Schema) -> Steps:
    """The steps that *params* want over the field *name*.

    Raises:
        RequestError: they lack a start, an end or a gap, or are too many.
    """
    field = schema.field(name)
    if field.kind not in (Kind.INTEGER, Kind.FLOAT, Kind.DATE):
        raise RequestError(f"Unable to range facet on field: {name}")
    start, end, gap = (_own(params, name, option) for option in ("start", "end", "gap"))
    others, ends = _of(OTHERS, "other", name, params), _of(ENDS, "include", name, params)
    if documents.number(_shown(end, field), field) < documents.number(_shown(start, field), field):
        raise RequestError(f"range facet 'end' comes before 'start': {end} < {start}")
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
    least = params.whole(f"f.{name}.facet.mincount", params.whole("facet.mincount", 0))
    return Steps(field, tuple(bounds), gap, least, others, ends or frozenset({"lower"}))


def _of(known: frozenset[str], option: str, name: str, params: Params) -> frozenset[str]:
    """Which of the *known* words the parameter has; `all` is all of them, `none` none."""
    given = params.all(f"f.{name}.facet.range.{option}") or params.all(f"facet.range.{option}")
    for word in given:
        if word not in known | {"all", "none"} or (word == "none" and known is ENDS):
            raise RequestError(f"{word} is not a valid type of '{option}' range facet information")
    return frozenset() if "none" in given else known if "all" in given else frozenset(given)


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
    ends, first, last = wanted.ends, bounds[0], bounds[-1]
    edges = bool(ends & {"lower", "edge"}), bool(ends & {"upper", "edge"})
    pairs = [
        (low, count(q.Between(name, low, high, *_closed(ends, low == first, high == last))))
        for low, high in pairwise(bounds)
    ]
    outside = {
        "before": q.Between(name, None, first, True, "outer" in ends or not edges[0]),
        "after": q.Between(name, last, None, "outer" in ends or not edges[1]),
        "between": q.Between(name, first, last, *edges),
    }
    return {
        "counts": [each for pair in pairs if pair[1] >= wanted.least for each in pair],
        "gap": _plain(wanted.gap, wanted.field),
        **{key: count(question) for key, question in outside.items() if key in wanted.others},
        "start": _plain(bounds[0], wanted.field),
        "end": _plain(bounds[-1], wanted.field),
    }


def _closed(ends: frozenset[str], at_first: bool, at_last: bool) -> tuple[bool, bool]:
    """Whether a step holds its lower and its upper bound."""
    edge = "edge" in ends
    return "lower" in ends or (edge and at_first), "upper" in ends or (edge and at_last)


def _plain(text: str, field: Field) -> str | float:
    return text if field.kind is Kind.DATE else documents.number(text, field)
