"""Whole catalogues beside ckanext-dcat's endpoint, page by page as a harvester takes them, in the same process.

Theirs of 10,000 datasets (with LANDLAB_FULL=1) would take a quarter of an hour: ten of its hundred pages are made.
"""

import os

import pytest
from ckan.tests.helpers import call_action
from ckanext.landlab.catalogue import ALL, Answer, Request
from ckanext.landlab.feeds.feed import SYNTAXES, Feed
from copies import _catalogue, app, copy_entries, copy_index, measured

__all__ = ["_catalogue", "app"]

SIZES = (1_000, 10_000) if os.environ.get("LANDLAB_FULL") else (1_000,)
MOST_PAGES = 10  # of theirs
WANTED = 100  # times less of our time than of ckanext-dcat's


@pytest.fixture(scope="module")
def size(request, _catalogue):
    copy_entries(request.param)
    copy_index(request.param)
    return request.param


@pytest.mark.parametrize("size", SIZES, indirect=True)
@pytest.mark.parametrize("syntax", SYNTAXES)
def test_a_whole_catalogue(size, app, syntax):
    pages, each = ours(syntax)
    _, at_once = ours(syntax, whole=True)
    made, count, other = theirs(app, syntax, size)

    print(f"\n{size} datasets, {syntax}, for each: {each:.3f} ms in {pages} pages, {at_once:.3f} ms as one file;")
    times = f"{other / each:.0f} and {other / at_once:.0f} times more"
    print(f"ckanext-dcat {other:.1f} ms ({made} of {count} pages): {times}")
    assert other / each >= WANTED
    assert other / at_once >= WANTED


def ours(syntax, whole=False):
    """How many pages our catalogue has, and the milliseconds for a dataset."""
    first = Answer(Request(Feed(), syntax, "/catalog"))
    with measured() as watch:
        for number in [ALL] if whole else range(1, first.pages + 1):
            for _piece in Answer(Request(Feed(), syntax, "/catalog", number)).pieces():
                continue
    return first.pages, 1000 * watch.seconds / first.summary.total


def theirs(app, syntax, size):
    """How many of their pages were made, how many there are, and the milliseconds for a dataset."""
    asked = {"format": syntax, "profiles": ["euro_dcat_ap_3"]}
    total = call_action("package_search", rows=0)["count"]
    assert total >= size
    count = total // 100  # full ones
    chosen = range(1, count + 1, max(1, count // MOST_PAGES))
    with app.flask_app.test_request_context("/catalog.ttl"):
        call_action("dcat_catalog_show", **asked, page=1)  # what is read once and kept is not measured
        with measured() as watch:
            for number in chosen:
                call_action("dcat_catalog_show", **asked, page=number)
    return len(chosen), count, 1000 * watch.seconds / (100 * len(chosen))
