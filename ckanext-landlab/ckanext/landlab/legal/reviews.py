"""Reviews of a released dataset: when one was due, and what a reader is told from then on.

A dataset past its review date stays public; the catalogue itself says with the notice `AGE` that nobody has looked at
it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from ckanext.landlab.legal.inheritance import Assignment, Level, Standing

CODE = "AGE"


@dataclass(frozen=True)
class Review:
    """At the moment *confirmed* somebody vouched for a dataset until the end of the day *due*."""

    confirmed: datetime
    due: date

    @property
    def ended(self) -> datetime:
        """The moment from which the review is overdue: the end of its day, as the server counts days."""
        return datetime.combine(self.due + timedelta(days=1), time()).astimezone(timezone.utc)


def overdue_at(reviews: Sequence[Review], moment: datetime) -> date | None:
    """The day by which a review should have been that was still outstanding at *moment*; *reviews* oldest first."""
    last = next((review for review in reversed(reviews) if review.confirmed <= moment), None)
    return last.due if last and last.ended <= moment else None


def turns(reviews: Sequence[Review], moment: datetime) -> list[datetime]:
    """When, until *moment*, a review became overdue or was made up for."""
    found: list[datetime] = []
    for review, following in zip(reviews, [*(review.confirmed for review in reviews[1:]), None], strict=False):
        if following is None or following > review.ended:
            found += [review.ended, *([following] if following else [])]
    return [turn for turn in found if turn <= moment]


def level(due: date, standing: Iterable[Standing]) -> Level:
    """What the catalogue adds because a review was due by *due*: what *standing* tells of the age stays told."""
    told = next((entry.parameters for entry in standing if entry.notice.code == CODE), {})
    return Level("review", "", (Assignment(CODE, {**told, "review": due.isoformat()}),))
