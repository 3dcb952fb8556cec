"""The second pair of eyes: who entered, who confirmed, for which answers, and until when it holds."""

from __future__ import annotations

import hashlib
import json
from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from .release_check import Text
from .walk import Answer, Fact


@dataclass(frozen=True)
class Confirmation:
    """*confirmed_by* vouches for the answers with this *digest*, which *entered_by* gave, until *review_by*."""

    entered_by: frozenset[str]
    confirmed_by: str
    confirmed_on: date
    review_by: date
    digest: str


def digest_of(answers: Mapping[str, Answer], version: str, dataset: object = None) -> str:
    """A fingerprint of *answers* under this *version* of the check, given for this snapshot of the *dataset*."""
    plain = {key: [answer.choice, dict(answer.records)] for key, answer in answers.items()}
    return hashlib.sha256(json.dumps([version, plain, dataset], sort_keys=True).encode()).hexdigest()


def latest_review(day: date, months: int) -> date:
    """The last day that is at most *months* months after *day*."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def confirmation_fact(given: Confirmation | None, digest: str, *, four_eyes: bool, months: int) -> Fact:
    """Whether *given* is a valid confirmation of the answers with this *digest*."""
    missing = tuple(_missing(given, digest, four_eyes, months))
    return Fact(not missing, missing)


def _missing(given: Confirmation | None, digest: str, four_eyes: bool, months: int) -> Iterator[Text]:
    if given is None:
        yield {"de": "Niemand hat bisher bestätigt.", "en": "Nobody has confirmed so far."}
        return
    if given.digest != digest:
        yield {
            "de": "Seit der Bestätigung hat sich etwas geändert; bitte neu bestätigen lassen.",
            "en": "Something has changed since the confirmation; please have it confirmed again.",
        }
    if four_eyes and given.confirmed_by in given.entered_by:
        yield {
            "de": "Wer eingegeben hat, kann nicht selbst bestätigen.",
            "en": "Whoever entered the answers cannot confirm them.",
        }
    if given.review_by > latest_review(given.confirmed_on, months):
        yield {
            "de": f"Die nächste Prüfung muss in höchstens {months} Monaten sein.",
            "en": f"The next review must be at most {months} months away.",
        }


def overdue(review_by: date, today: date) -> bool:
    """Whether the review should have been by now."""
    return review_by < today
