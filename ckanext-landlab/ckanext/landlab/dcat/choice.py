"""Which of several values is the one that a field holds and 3.0 lets us write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ckanext.landlab.dcat import concepts
from ckanext.landlab.dcat.ranges import Date, Labelled
from ckanext.landlab.dcat.terms import Term, text_of

if TYPE_CHECKING:
    from ckanext.landlab.dcat.mapping import Row


@dataclass
class Taken:
    """A value that a field takes, and the statement that it comes from."""

    predicate: Term
    term: Term
    value: Any


def same(row: Row, taken: Taken) -> bool:
    """Whether writing gives back the very term."""
    term = taken.term
    if row.parts is not None:
        return term[0] != '"'
    if isinstance(row.range, Labelled):
        return term[0] != '"'
    return row.range.write(taken.value, row.vocabulary) == term


def same_statement(row: Row, taken: Taken) -> bool:
    """Whether writing gives back the very statement."""
    return taken.predicate == row.predicate and same(row, taken)


def picked(row: Row, taken: list[Taken]) -> list[Taken]:
    """The value to be written first: 3.0's own property before older ones, concepts of the list before others, by date.

    A concept of the list that came under another name goes before words that mean none.
    """
    if len(taken) == 1:
        return taken

    def rank(item: Taken) -> tuple[bool, bool, bool, bool, str]:
        unmeant = not _is_listed(row, row.range.write(item.value, row.vocabulary))
        foreign = not _is_listed(row, item.term)
        return item.predicate != row.predicate, unmeant, foreign, not same(row, item), str(item.value)

    ordered = sorted(taken, key=rank)
    if isinstance(row.range, Date) and row.binding.pick == "latest":
        latest = max(taken, key=lambda item: (item.predicate == row.predicate, str(item.value)))
        ordered = [latest, *(item for item in ordered if item is not latest)]
    return ordered


def _is_listed(row: Row, term: Term) -> bool:
    return not row.vocabulary or concepts.listed(row.vocabulary, text_of(term) if term else "")
