"""What feeds cost: beside ckanext-dcat's endpoint, with many datasets, and at saving.

Times are processor seconds of the CKAN process; the first byte is by the clock.  `pytest -s` shows the table.
"""

import os
import time
import tracemalloc
from contextlib import contextmanager
from statistics import median

import pytest
import sqlalchemy as sa
from ckan import model
from ckan import plugins as p
from ckan.config.middleware import make_app
from ckan.plugins import toolkit as tk
from ckan.tests.helpers import CKANTestApp, call_action
from ckanext.landlab import entries
from ckanext.landlab import sample as catalogue
from ckanext.landlab.catalogue import ALL, Answer, Request
from ckanext.landlab.feeds.feed import Feed
from ckanext.landlab.stack.sample.records import sample
from ckanext.landlab.visits import Note

MANY = int(os.environ.get("LANDLAB_BENCH_DATASETS", "10000"))
ROUNDS = int(os.environ.get("LANDLAB_BENCH_ROUNDS", "40"))
ONE_PAGE = 1
THEIRS = ("ttl", "rdf", "jsonld", "nt")  # the syntaxes that both write
WANTED = 100  # times less of our time than of ckanext-dcat's


class Watch:
    seconds = 0.0


@contextmanager
def measured(clock=time.process_time):
    watch, start = Watch(), clock()
    yield watch
    watch.seconds = clock() - start


@pytest.fixture(scope="module", autouse=True)
def _catalogue(reset_db, reset_index):
    p.load_all()
    reset_db()
    reset_index()
    catalogue.load(sample(), lambda name: None)
    leave_out_what_only_we_can_write()
    yield
    p.unload_all()


def leave_out_what_only_we_can_write():
    """ckanext-dcat breaks off at files that name the service that serves them by its address."""
    for dataset in call_action("package_search", rows=1000)["results"]:
        for file in dataset.get("resources") or ():
            if file.get("access_services"):
                context = {"user": "admin", "landlab_exempt": "bench"}
                call_action("resource_patch", context, id=file["id"], access_services=[])


@pytest.fixture(scope="module")
def app(_catalogue):
    return CKANTestApp(make_app(tk.config))


@pytest.fixture(scope="module")
def many(_catalogue):
    """Copies of the sample's datasets, made in the database, until there are MANY."""
    there = model.Session.execute(sa.text("SELECT count(*) FROM landlab_feed_item")).scalar_one()
    shown = "WHERE id IN (SELECT dataset_id FROM landlab_feed_item)"
    for table, keys, where in (
        ("package", ("id", "name"), shown),
        ("landlab_feed_item", ("dataset_id",), ""),
        ("landlab_feed_entry", ("dataset_id",), ""),
    ):
        columns = [column["name"] for column in sa.inspect(model.Session.connection()).get_columns(table)]
        rest = [name for name in columns if name not in (*keys, "number")]
        copied = ", ".join([f"{key} || '-' || n" for key in keys] + rest)
        names = ", ".join([*keys, *rest])
        copy = f"INSERT INTO {table} ({names}) SELECT {copied} FROM {table}, generate_series(2, :count) n {where}"  # noqa: S608 our own names
        model.Session.execute(sa.text(copy), {"count": -(-MANY // there)})
    model.Session.commit()
    model.Session.execute(sa.text("ANALYZE"))
    model.Session.commit()


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


def test_many_datasets(many):
    """How soon an answer begins, and that it takes no more memory however long it becomes."""
    list(page("ttl").pieces())
    waits = []
    for _ in range(5):
        with measured(time.monotonic) as first:
            next(page("ttl").pieces())
        waits.append(1000 * first.seconds)
    last = page("ttl").pages
    with measured(time.monotonic) as late:
        list(page("ttl", last).pieces())
    total = page("ttl").summary.total
    print(f"\n{total} datasets: first byte after {median(waits):.0f} ms (by the clock), last page {late.seconds:.2f} s")
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
