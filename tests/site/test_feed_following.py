"""Entries that follow another's: what is told of a series with its members changes when the series does."""

import pytest
from ckanext.landlab import following
from feed_case import LITTLE, app, change, loaded

__all__ = ["app", "loaded"]

pytestmark = pytest.mark.usefixtures("loaded")

SERIES = next(entry.record for entry in LITTLE.entries if entry.record["type"] == "dataset_series")
MEMBER = b"http://www.w3.org/ns/dcat#inSeries"


def told(app) -> bytes:
    return app.get("/feed/default/all.nt").data


def test_a_series_that_is_withdrawn_is_told_of_no_more_until_it_is_public_again(app):
    before = told(app).count(MEMBER)
    found = []
    for private in (True, False):
        change("package_patch", id=SERIES["id"], private=private)
        following.follow()
        found.append(told(app).count(MEMBER))

    assert before > 0
    assert found == [0, before]


def test_a_renamed_series_is_renamed_with_its_members(app):
    title = f'"{SERIES["title"]}"'.encode()
    before = told(app)
    change("package_patch", id=SERIES["id"], title="Einwohner")
    assert title in told(app)  # said with the members, until they have followed
    following.follow()

    assert title in before
    assert title not in told(app)
