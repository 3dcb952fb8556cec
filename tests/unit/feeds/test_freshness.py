"""A harvester that has the answer is not sent it again."""

from datetime import datetime, timedelta, timezone

import pytest
from ckanext.landlab.feeds.freshness import freshness_of

NOON = datetime(2023, 11, 23, 12, 0, 0, 400_000, tzinfo=timezone.utc)
NOW = freshness_of("default", 36, changed=NOON)


def stamp(moment):
    return moment.strftime("%a, %d %b %Y %H:%M:%S GMT")


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ({}, False),
        ({"If-None-Match": NOW.headers()["ETag"]}, True),
        ({"If-None-Match": f'"x", "{NOW.tag}"'}, True),
        ({"If-None-Match": "*"}, True),
        ({"If-None-Match": '"x"'}, False),
        ({"If-Modified-Since": stamp(NOON)}, True),
        ({"If-Modified-Since": stamp(NOON - timedelta(seconds=1))}, False),
        ({"If-Modified-Since": "gestern"}, False),
        ({"If-None-Match": '"x"', "If-Modified-Since": stamp(NOON)}, False),
    ],
)
def test_conditions(asked, known):
    assert NOW.is_known(asked) is known


def test_another_state_has_another_tag_and_caches_must_ask():
    assert freshness_of("default", 37).tag != NOW.tag
    assert NOW.headers()["Cache-Control"] == "no-cache"
    assert NOW.headers()["X-Accel-Expires"] == "@1"  # nginx keeps it and asks, too
    assert NOW.headers()["Last-Modified"] == "Thu, 23 Nov 2023 12:00:00 GMT"
    assert "Last-Modified" not in freshness_of("empty").headers()


def test_what_changes_twice_in_a_second_is_not_taken_for_known():
    first = freshness_of(1, changed=datetime.now(timezone.utc))
    date = first.headers()["Last-Modified"]
    second = freshness_of(2, changed=datetime.now(timezone.utc))

    assert second.is_known({"If-Modified-Since": date}) is False
