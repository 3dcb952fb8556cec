"""What is done beside the database, and taken back when the save that it belongs to is refused.

CKAN stores an uploaded file before a save is committed, and plugins may refuse the save after that.  Without this the
record would stay as it was and its file be another one, or be gone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ckan import model
from sqlalchemy import event

log = logging.getLogger(__name__)
KEY = "landlab_reversal"


def _nothing() -> None:
    """There is nothing to do."""


@dataclass(frozen=True)
class Step:
    """One thing that was done at *place*: how it is taken back, and what is left to do once it is certain."""

    place: str
    back: Callable[[], None] = _nothing
    settle: Callable[[], None] = _nothing


def is_open() -> bool:
    """Whether a save is under way that may still be refused."""
    return model.Session().in_transaction()


def remember(step: Step) -> None:
    """Take *step* back if the present save is not committed."""
    model.Session().info.setdefault(KEY, []).append(step)


def forget(place: str) -> None:
    """Leave out what was to be done at *place* once the save is certain, because something else lies there now."""
    steps = model.Session().info.get(KEY, [])
    steps[:] = [Step(step.place, step.back) if step.place == place else step for step in steps]


@event.listens_for(model.Session, "after_commit")
def _settle(session: Any) -> None:
    if not session.in_nested_transaction():
        for step in session.info.pop(KEY, []):
            _do(step.settle, step.place)


@event.listens_for(model.Session, "after_transaction_end")
def _take_back(session: Any, transaction: Any) -> None:
    if transaction.parent is None:
        for step in reversed(session.info.pop(KEY, [])):
            _do(step.back, step.place)


def _do(what: Callable[[], None], place: str) -> None:
    """Do *what*; whoever saves has had an answer of the database and gets no other one for this."""
    try:
        what()
    except OSError:
        log.exception("An uploaded file is not as its record says: %s", place)
