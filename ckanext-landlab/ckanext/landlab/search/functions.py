"""Functions of a document's numbers, as `bf`, `boost` and `{!frange}` use them (Solr's "Function Queries").

A function is read once and then reckoned for many documents at a time.  To support another one, name it in
`PLAIN`: it gets the numbers of its arguments.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from ckanext.landlab.errors import RequestError
from ckanext.landlab.search import dates
from ckanext.landlab.search.schema import Kind
from ckanext.landlab.search.view import View
from tantivy import DocAddress

_TOKEN = re.compile(r"\s*(?:(-?\d+(?:\.\d+)?(?:[eE]-?\d+)?)(?![\w-])|([A-Za-z_][\w.]*)|([(),]))")
_DATE = re.compile(r"\s*(NOW[^,()\s]*|\d{4}-\d\d-\d\dT[^,()\s]*)")
DEPTH = 30
Column = list[float]


@dataclass(frozen=True)
class Number:
    value: float


@dataclass(frozen=True)
class Named:
    """The number or date in a field; 0 where there is none."""

    field: str


@dataclass(frozen=True)
class Call:
    name: str
    arguments: tuple[Function, ...]


Function = Number | Named | Call


def _safe(made: Callable[..., float]) -> Callable[..., float]:
    def careful(*numbers: float) -> float:
        try:
            return made(*numbers)
        except (ValueError, ZeroDivisionError, OverflowError):
            return 0.0  # Java would go on with NaN or Infinity, which sort nowhere

    return careful


PLAIN: Mapping[str, Callable[..., float]] = {
    "sum": lambda *given: sum(given),
    "add": lambda *given: sum(given),
    "sub": lambda left, right: left - right,
    "product": lambda *given: math.prod(given),
    "mul": lambda *given: math.prod(given),
    "div": lambda left, right: left / right,
    "mod": lambda left, right: math.fmod(left, right),
    "pow": lambda base, exponent: base**exponent,
    "abs": lambda number: abs(number),
    "log": math.log10,
    "ln": math.log,
    "exp": math.exp,
    "sqrt": math.sqrt,
    "ceil": math.ceil,
    "floor": math.floor,
    "min": min,
    "max": max,
    "recip": lambda x, m, a, b: a / (m * x + b),
    "linear": lambda x, m, c: m * x + c,
    "map": lambda x, low, high, target, default=None: target if low <= x <= high else x if default is None else default,
    "ms": lambda to, since=0.0: to - since,
    "if": lambda test, then, otherwise: then if test else otherwise,
    "not": lambda test: float(not test),
    "and": lambda *given: float(all(given)),
    "or": lambda *given: float(any(given)),
    "gt": lambda left, right: float(left > right),
    "gte": lambda left, right: float(left >= right),
    "lt": lambda left, right: float(left < right),
    "lte": lambda left, right: float(left <= right),
    "eq": lambda left, right: float(left == right),
    "def": lambda value: value,  # with more arguments, and `exists`: see `reckoned`
    "field": lambda value: value,
    "exists": lambda value: float(value != 0),
}


def parse(text: str) -> Function:
    """The function that *text* writes.

    Raises:
        RequestError: it is none, or names one that is not known.
    """
    made, at = _function(text, 0, 0)
    if text[at:].strip():
        raise RequestError(f"function query: unexpected '{text[at:][:50]}' in '{text[:200]}'")
    return made


def _function(text: str, at: int, depth: int) -> tuple[Function, int]:
    if depth > DEPTH:
        raise RequestError("function query: nested too deeply")
    date = _DATE.match(text, at)
    if date:
        return Number(float(dates.moment(date[1]))), date.end()
    token = _TOKEN.match(text, at)
    if not token or token[3]:
        raise RequestError(f"function query: a number, a field or a function is expected at {at} of '{text[:200]}'")
    if token[1]:
        return Number(float(token[1])), token.end()
    if text[token.end() : token.end() + 1] != "(":
        return Named(token[2]), token.end()
    return _call(text, token[2], token.end() + 1, depth)


def _call(text: str, name: str, at: int, depth: int) -> tuple[Function, int]:
    if name not in PLAIN:
        raise RequestError(f"Unknown function {name} in FunctionQuery({text[:200]})")
    arguments: list[Function] = []
    closing = re.compile(r"\s*\)").match(text, at)
    while not closing:
        made, at = _function(text, at, depth + 1)
        arguments.append(made)
        comma = re.compile(r"\s*,").match(text, at)
        closing = None if comma else re.compile(r"\s*\)").match(text, at)
        if not comma and not closing:
            raise RequestError(f"function query: ')' is missing at {at} of '{text[:200]}'")
        at = comma.end() if comma else at
    if name == "ms" and not arguments:
        arguments = [Number(float(dates.moment("NOW")))]
    return Call(name, tuple(arguments)), closing.end()


def reckoned(function: Function, view: View, addresses: Sequence[DocAddress]) -> Column:
    """What *function* gives for each of the documents at *addresses*.

    Raises:
        RequestError: a field holds no numbers, or a function does not take so many.
    """
    match function:
        case Number(value):
            return [value] * len(addresses)
        case Named(name):
            return _column(name, view, addresses)
        case Call("exists", (argument,)):
            return list(map(float, existing(argument, view, addresses)))
        case Call("def", (first, *others)) if others:
            rest = reckoned(Call("def", tuple(others)) if len(others) > 1 else others[0], view, addresses)
            known = zip(existing(first, view, addresses), reckoned(first, view, addresses), rest, strict=True)
            return [value if there else other for there, value, other in known]
        case Call(name, arguments):
            columns = [reckoned(each, view, addresses) for each in arguments]
            made = _safe(PLAIN[name])
            try:
                return [float(made(*row)) for row in zip(*columns, strict=True)]
            except TypeError as error:
                raise RequestError(f"function {name} does not take {len(arguments)} arguments") from error


def existing(function: Function, view: View, addresses: Sequence[DocAddress]) -> list[bool]:
    """For which documents *function* has something to reckon with."""
    match function:
        case Named(name):
            return [value is not None for value in view.searcher.fast_field_values(name, list(addresses))]
        case Call(name, arguments) if arguments:
            columns = (existing(each, view, addresses) for each in arguments)
            return [(any if name in _ANY else all)(row) for row in zip(*columns, strict=True)]
    return [True] * len(addresses)


_ANY = frozenset({"min", "max", "def", "if", "or", "and", "not", "exists"})


def _column(name: str, view: View, addresses: Sequence[DocAddress]) -> Column:
    field = view.schema.field(name)
    if field.kind not in (Kind.INTEGER, Kind.FLOAT, Kind.DATE) or field.dynamic:
        raise RequestError(f"function query: {name} holds no numbers")
    return [float(value or 0) for value in view.searcher.fast_field_values(name, list(addresses))]
