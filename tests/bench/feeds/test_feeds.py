"""What feeds cost: a page beside ckanext-dcat's endpoint, with many datasets, and at saving."""

import os
import time
import tracemalloc
from datetime import datetime, timedelta, timezone
from statistics import median

import pytest
import sqlalchemy as sa
from ckan import model
from ckan.tests.helpers import call_action
from ckanext.landlab import entries
from ckanext.landlab.catalogue import ALL, Answer, Request
from ckanext.landlab.feeds.feed import Feed
from ckanext.landlab.model.feed_declaration import declare
from ckanext.landlab.model.feed_item import ITEMS, now
from ckanext.landlab.model.harvest import RECORDS
from ckanext.landlab.visits import Note
from copies import _catalogue, app, copy_entries, measured

__all__ = ["_catalogue", "app"]

MANY = int(os.environ.get("LANDLAB_BENCH_DATASETS", "10000"))
ROUNDS = int(os.environ.get("LANDLAB_BENCH_ROUNDS", "40"))
ONE_PAGE = 1
THEIRS = ("ttl", "rdf", "jsonld", "nt")  # the syntaxes that both write
BYTES, PROMPT = 30, 50  # answers of each kind, and the milliseconds within which half of them begin
WANTED = 100  # times less of our time than of ckanext-dcat's


@pytest.fixture(scope="module")
def many(_catalogue):
    """Copies of the sample's datasets until there are MANY."""
    copy_entries(MANY)


def page(syntax, number=1):
    return Answer(Request(Feed(), syntax, "/catalog", number))


def test_saving_costs_little(monkeypatch):
    """The same save with and without entries, by turns: what else the machine does falls on both alike.

    Before the copies are made, which would all describe this one dataset along.
    """
    record = call_action("package_show", id="baumkataster")
    user = {"user": "admin", "landlab_exempt": "bench"}
    seconds = {True: [], False: []}
    for number in range(ROUNDS):
        for written in (True, False):
            with monkeypatch.context() as patch, measured() as watch:
                if not written:
                    patch.setattr(entries, "dataset_saved", lambda *_arguments: None)
                call_action("package_patch", dict(user), id=record["id"], version=f"{number}-{written}")
            seconds[written].append(watch.seconds)

    # the quicker half of each: noise can only add
    with_entries, without = (1000 * median(sorted(seconds[key])[: ROUNDS // 2]) for key in (True, False))
    share = with_entries / without - 1
    print(f"\nsaving {with_entries:.1f} ms, without entries {without:.1f} ms: entries add {share:.1%}")
    assert share < 0.1


@pytest.mark.parametrize("syntax", THEIRS)
def test_a_page_beside_the_endpoint_of_ckanext_dcat(many, app, syntax):
    asked = {"format": syntax, "profiles": ["euro_dcat_ap_3"]}
    count = call_action("package_search", rows=0)["count"]
    with app.flask_app.test_request_context("/catalog.ttl"):
        call_action("dcat_catalog_show", **asked)
        with measured() as theirs:
            call_action("dcat_catalog_show", **asked)
    list(page(syntax).pieces())
    rounds = 20
    with measured() as ours:
        for _ in range(rounds):
            list(page(syntax).pieces())

    each, other = 1000 * ours.seconds / rounds / page(syntax).size, 1000 * theirs.seconds / count
    print(f"\n{syntax:<7} per dataset {each:.3f} ms, ckanext-dcat {other:.1f} ms: {other / each:.0f} times less")
    assert other / each >= WANTED


def test_the_first_byte_comes_at_once(many, app):
    """By the clock, through the whole of CKAN, whatever page of whatever feed is asked for."""
    user = {"user": "admin"}
    call_action("landlab_feed_update", dict(user), name="version", version="2.0")
    call_action("landlab_feed_update", dict(user), name="origin", origins="administrative_records, sensors")
    call_action("landlab_feed_update", dict(user), name="tags", tags="Umwelt, Verkehr", tags_excluded="Wasser")
    leave_out_every_fifth("apart")
    pages = page("ttl").pages
    since = datetime.now(timezone.utc) - timedelta(seconds=1)
    print(f"\n{page('ttl').summary.total} datasets, by the clock:")
    for title, path, is_promised in (
        ("page 1", "/catalog.ttl", True),
        ("page in the middle", f"/catalog.ttl?page={pages // 2}", True),
        ("last page", f"/catalog.ttl?page={pages}", True),
        ("whole feed", "/feed/default/all.ttl", False),
        ("version 2.0", "/feed/version/catalog.rdf", True),
        ("two origins", "/feed/origin/catalog.jsonld", True),
        ("an organisation", "/organization/stadt-rebenau/catalog.nt", True),
        ("keywords", "/feed/tags/catalog.ttl", True),
        ("a fifth left out", "/feed/apart/catalog.ttl", True),
        ("changes since now", f"/catalog.ttl?modified_since={since.isoformat()[:19]}Z", True),
    ):
        waits = sorted(wait_for(app, path) for _ in range(BYTES))
        print(f"{title:<20} first byte after {median(waits):.0f} ms, at worst {waits[-1]:.0f} ms")
        assert median(waits) < PROMPT or not is_promised


def leave_out_every_fifth(feed):
    """Declare *feed*, for a harvester that every fifth dataset reaches another way."""
    empty = ("kind", "title", "fingerprint", "outcome", "reason", "job_id")
    told = {"source": "gdi", **dict.fromkeys(empty, ""), "aliases": [], "remarks": [], "changed": now()}
    values = [sa.literal(value, RECORDS.c[name].type) for name, value in told.items()]
    fifth = sa.select(*values, ITEMS.c.dataset_id, ITEMS.c.dataset_id.label("address")).where(ITEMS.c.number % 5 == 0)
    model.Session.execute(sa.insert(RECORDS).from_select([*told, "dataset_id", "address"], fifth))
    declare(feed, {"name": feed, "sources_excluded": ["gdi"]})
    model.Session.commit()
    model.Session.execute(sa.text("ANALYZE landlab_harvest_record"))
    model.Session.commit()


def wait_for(app, path):
    """How many milliseconds pass until the first byte of an answer."""
    with measured(time.monotonic) as first:
        answer = app.flask_app.test_client().get(path)  # comes back with the first piece
    assert answer.status_code == 200
    answer.close()
    return 1000 * first.seconds


def test_an_answer_takes_no_more_memory_however_long_it_becomes(many):
    peaks = [peak_of(Feed(), ONE_PAGE), peak_of(Feed(), ALL)]
    assert peaks[1] < peaks[0] + 20


def peak_of(feed, number):
    """The most memory that Python has at a time while it sends a page, in MB."""
    tracemalloc.start()
    size = 0
    with measured() as sending:
        for piece in Answer(Request(feed, "ttl", "/catalog", number)).pieces():
            size += len(piece)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    print(f"{size / 1e6:.1f} MB sent, at most {peak:.1f} MB of memory ({sending.seconds:.1f} s, traced)")
    return peak


def test_noting_a_visit_costs_next_to_nothing(many):
    rounds = 200
    with measured(time.monotonic) as noting:
        for _ in range(rounds):
            Note("default", "ttl", "bench", 100).put(200)
    with measured(time.monotonic) as sending:
        list(page("ttl").pieces())

    each = 1000 * noting.seconds / rounds
    print(f"\nnoting a visit, after the answer, {each:.2f} ms; a page of 100 takes {1000 * sending.seconds:.0f} ms")
    assert noting.seconds / rounds < sending.seconds
