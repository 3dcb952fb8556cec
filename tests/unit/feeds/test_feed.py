"""What a feed shows, and how many pages it has."""

import pytest
from ckanext.landlab.errors import FeedRefused
from ckanext.landlab.feeds.feed import LARGEST_PAGE, Absence, Feed, Item, feed_of, pages_of

TREES = Item(organization="stadt-rebenau", origin="administrative_records", tags=frozenset({"Bäume", "Umwelt"}))


@pytest.mark.parametrize(
    ("feed", "absence"),
    [
        ({}, None),
        ({"organizations": "stadt-rebenau, landkreis-murgfeld"}, None),
        ({"organizations": "landkreis-murgfeld"}, Absence.OTHER_ORGANIZATION),
        ({"origins": ["sensors"]}, Absence.OTHER_ORIGIN),
        ({"tags": "Verkehr"}, Absence.LACKS_TAG),
        ({"tags": "Verkehr,Umwelt"}, None),
        ({"tags_excluded": "Bäume"}, Absence.HAS_EXCLUDED_TAG),
    ],
)
def test_a_dataset_is_shown_or_the_reason_is_said(feed, absence):
    assert feed_of(feed).absence(TREES) == absence


def test_what_reaches_the_harvester_another_way_stays_out():
    feed = feed_of({"sources_excluded": "gdi"})

    assert feed.absence(Item(sources=frozenset({"gdi"}))) is Absence.ARRIVES_OTHERWISE
    assert feed.absence(Item()) is None


def test_what_is_not_public_is_in_no_feed():
    assert Feed().absence(Item(is_public=False)) is Absence.NOT_PUBLIC


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": "Land RLP"}, "name"),
        ({"name": "-x"}, "name"),
        ({"name": "new"}, "name"),
        ({"title": "x" * 201}, "title"),
        ({"version": "1.1"}, "version"),
        ({"contributor": "stadtRebenau"}, "contributor"),
        ({"contributor": "javascript:alert(1)"}, "contributor"),
        ({"page_size": "0"}, "page_size"),
        ({"page_size": "viele"}, "page_size"),
        ({"page_size": "1001"}, "page_size"),
        ({"organisation": "x"}, "organisation"),
    ],
)
def test_a_wrong_declaration_names_its_field(values, field):
    with pytest.raises(FeedRefused) as refused:
        feed_of(values)

    assert list(refused.value.faults) == [field]


def test_what_no_database_can_hold_is_left_out():
    feed = feed_of({"title": "a\0\ud800b", "tags": "x\0, \0", "tags_excluded": 12})

    assert (feed.title, feed.tags, feed.tags_excluded) == ("ab", {"x"}, {"12"})


def test_every_fault_is_told():
    wrong = {"name": "Gov Data", "page_size": "many", "portal": "search", "portal_address": "https://portal.example/"}

    with pytest.raises(FeedRefused) as refused:
        feed_of(wrong)

    assert refused.value.faults == {"name": "name", "page_size": "page_size", "portal_address": "place"}


@pytest.mark.parametrize(
    ("total", "size", "largest", "pages"),
    [
        (0, 100, 0, (1, 100)),
        (1, 100, 5_000, (1, 100)),
        (100, 100, 5_000, (1, 100)),
        (101, 100, 5_000, (2, 100)),
        (10, 100, 20_000_000, (5, 2)),
        (3, 100, LARGEST_PAGE * 2, (3, 1)),
    ],
)
def test_no_page_is_empty_or_too_large(total, size, largest, pages):
    assert pages_of(total, size, largest) == pages
