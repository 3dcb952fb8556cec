"""What can be asked, as values: the tree between a query's text and the engine's query.

Nothing here knows a syntax or an engine.  A new kind of question is one frozen class here, made in
`syntax.py` or `local.py` and answered in `compile.py`.  Texts are as typed, escapes removed, not yet analysed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class Occur(Enum):
    MUST = "+"
    SHOULD = ""
    NOT = "-"


@dataclass(frozen=True)
class Everything:
    """Every document: `*:*`."""


@dataclass(frozen=True)
class Nothing:
    """No document."""


@dataclass(frozen=True)
class Words:
    """Text to be analysed by its field; *together* if it is a phrase (with *slop* moves allowed)."""

    field: str
    text: str
    together: bool = False
    slop: int = 0


@dataclass(frozen=True)
class Exact:
    """One term of the field's index, not analysed."""

    field: str
    text: str


@dataclass(frozen=True)
class Present:
    """The field has a value: `field:*`."""

    field: str


@dataclass(frozen=True)
class Pattern:
    """Wildcards: *pieces* are literal texts, with `ANY` and `ONE` between them."""

    field: str
    pieces: tuple[str, ...]

    ANY = "\x00*"
    ONE = "\x00?"


@dataclass(frozen=True)
class Expression:
    """A regular expression over whole terms: `field:/…/`."""

    field: str
    text: str


@dataclass(frozen=True)
class Similar:
    """Terms at most *edits* letters away: `text~2`."""

    field: str
    text: str
    edits: int


@dataclass(frozen=True)
class Between:
    """Values from *low* to *high*; None is an open end."""

    field: str
    low: str | None
    high: str | None
    with_low: bool = True
    with_high: bool = True


@dataclass(frozen=True)
class Reckoned:
    """Documents for which a *function* gives a number from *low* to *high*: `{!frange}`."""

    function: str
    low: float | None
    high: float | None
    with_low: bool = True
    with_high: bool = True


@dataclass(frozen=True)
class Weighted:
    """A question whose score counts *factor* times."""

    part: Question
    factor: float


@dataclass(frozen=True)
class Flat:
    """A question whose every answer scores *score*: `^=`, filters."""

    part: Question
    score: float


@dataclass(frozen=True)
class Clause:
    occur: Occur
    part: Question


@dataclass(frozen=True)
class Group:
    """Clauses joined as Lucene joins them; *minimum* of the optional ones must match (None: as Lucene decides)."""

    clauses: tuple[Clause, ...]
    minimum: int | None = None


@dataclass(frozen=True)
class Best:
    """The best of several questions counts, the others *tie* times."""

    parts: tuple[Question, ...]
    tie: float = 0.0


@dataclass(frozen=True)
class Raised:
    """The documents of *part*, each score raised by those of *bonuses* that match too."""

    part: Question
    bonuses: tuple[Question, ...]


@dataclass(frozen=True)
class Scored:
    """The documents of *part*, with what functions give added to their scores, and then multiplied: `bf`, `boost`."""

    part: Question
    added: tuple[tuple[str, float], ...] = ()
    times: tuple[str, ...] = ()


Leaf: TypeAlias = Everything | Words | Exact | Present | Pattern | Expression | Similar | Between

Question: TypeAlias = (
    Everything
    | Nothing
    | Words
    | Exact
    | Present
    | Pattern
    | Expression
    | Similar
    | Between
    | Reckoned
    | Weighted
    | Flat
    | Group
    | Best
    | Raised
    | Scored
)


def every(*parts: Question) -> Group:
    """All of *parts*."""
    return Group(tuple(Clause(Occur.MUST, part) for part in parts))


def some(*parts: Question) -> Group:
    """At least one of *parts*."""
    return Group(tuple(Clause(Occur.SHOULD, part) for part in parts))


def inside(question: Question) -> Iterator[Question]:
    """*question* and every question within it."""
    yield question
    match question:
        case Weighted(part) | Flat(part) | Scored(part):
            yield from inside(part)
        case Group(clauses):
            for clause in clauses:
                yield from inside(clause.part)
        case Best(parts):
            for part in parts:
                yield from inside(part)
        case Raised(part, bonuses):
            for one in (part, *bonuses):
                yield from inside(one)


def unscored(asked: Question) -> Question:
    """*asked* as a filter, which has no scores, but may say only what must not be."""
    while isinstance(asked, (Weighted, Scored)):
        asked = asked.part
    return asked


def is_level(question: Question, whole: Callable[[str], bool]) -> bool:
    """Whether all that answer *question* score the same; *whole* says of a field that its values are terms."""
    match question:
        case Weighted(part) | Group((Clause(Occur.MUST, part),)):
            return is_level(part, whole)
        case Words(name) | Exact(name):
            return whole(name)
    return isinstance(question, (Everything, Nothing, Flat, Present, Between, Pattern, Expression, Reckoned))
