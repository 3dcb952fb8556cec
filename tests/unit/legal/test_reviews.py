"""A missed review: from when until when it is told, and what it adds to the notices."""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest
from ckanext.landlab.legal.inheritance import Assignment, Level
from ckanext.landlab.legal.notices import vocabulary
from ckanext.landlab.legal.responsibilities import Body
from ckanext.landlab.legal.reviews import Review, overdue_at, turns
from ckanext.landlab.legal.statement import Site, as_text, statement_of
from legal_records import GAUGE, PARAMETERS

SITE = Site("https://daten.example", Body("Stadt Landau, Hauptamt"))
DUE = date(2026, 6, 30)
FIRST = Review(datetime(2024, 7, 1, 9, tzinfo=timezone.utc), DUE)
LATE = Review(datetime(2026, 9, 1, 9, tzinfo=timezone.utc), date(2028, 9, 1))
EARLY = Review(datetime(2026, 6, 1, 9, tzinfo=timezone.utc), date(2028, 6, 1))
TODAY = datetime(2026, 11, 27, 12, tzinfo=timezone.utc)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("moment", "overdue"),
    [(FIRST.confirmed, None), (FIRST.ended - SECOND, None), (FIRST.ended, DUE), (LATE.confirmed, None)],
)
def test_a_review_is_overdue_from_the_end_of_its_day_until_the_next_one(moment, overdue):
    assert overdue_at([FIRST, LATE], moment) == overdue


def test_what_was_never_confirmed_is_never_overdue():
    assert overdue_at([], TODAY) is None


@pytest.mark.parametrize(
    ("reviews", "found"),
    [
        ([], []),
        ([FIRST], [FIRST.ended]),
        ([FIRST, LATE], [FIRST.ended, LATE.confirmed]),
        ([FIRST, EARLY], []),
        ([LATE], []),
    ],
)
def test_the_moments_when_it_turned_are_known(reviews, found):
    assert turns(reviews, TODAY) == found


def told(notices, above=(), files=()):
    record = {**GAUGE, "notices": notices, "resources": list(files)}
    return statement_of(record, list(above), {}, SITE, overdue=DUE)


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_catalogue_says_it_with_nothing_but_what_it_knows(language):
    (age,) = told([]).as_dict(language)["notices"]
    words = {
        "de": "Diese Daten sollten bis zum 30.06.2026 überprüft werden. Das ist noch nicht geschehen; sie können"
        " veraltet sein.",
        "en": "These data were to be reviewed by 30 June 2026. That has not happened yet; they may be out of date.",
    }
    assert age["text"] == words[language]
    assert age["source"]["level"] == "review"


def test_what_the_dataset_says_of_its_age_stays_said():
    own = {"code": "AGE", "parameters": PARAMETERS["AGE"]}
    statement = told([own])
    (age,) = statement.standing
    assert age.parameters == {**PARAMETERS["AGE"], "review": "2026-06-30"}
    assert "Stand vom 01.01.2026" in as_text(statement, "de")


def test_the_age_of_a_single_file_is_told_beside_it():
    own = {"code": "AGE", "parameters": PARAMETERS["AGE"]}
    statement = told([], files=[{"id": "1", "name": "Alt", "notices": [own]}])
    assert [(entry.notice.code, entry.level.name) for entry in statement.standing] == [
        ("AGE", "review"),
        ("AGE", "resource"),
    ]


def test_it_hides_nothing():
    above = Level("portal", "Portal", tuple(Assignment(code, PARAMETERS[code]) for code in PARAMETERS))
    assert {entry.notice.code for entry in told([], [above]).standing} == set(vocabulary().notices)
