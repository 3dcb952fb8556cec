"""What harvesting costs, beside ckanext-dcat's harvester with its own profile: the first run and one without change.

Times are processor seconds of the CKAN process, both in one process on the same servers.  `pytest -s` shows the table.
"""

import os
import time
from pathlib import Path

import pytest
from answering import serving
from ckan import model
from ckan import plugins as p
from ckan.plugins import toolkit as tk
from ckanext.harvest import queue
from ckanext.harvest.model import HarvestJob, HarvestObject
from ckanext.landlab.harvest import running
from ckanext.landlab.model import harvest as store
from sources import source

FILE = Path(__file__).parents[4] / "shared" / "testdata" / "catalogs" / "brandenburg-catalog-original-input.ttl"
ROUNDS = int(os.environ.get("LANDLAB_BENCH_ROUNDS", "3"))
THEIRS = "activity harvest dcat dcat_rdf_harvester"  # activity is on wherever CKAN is installed as its guide says

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"{FILE} is not there")


@pytest.fixture
def pages():
    return {"/catalog.ttl": FILE.read_bytes()}


@pytest.fixture
def upstream(pages, monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.landlab.internal_hosts", "127.0.0.1")
    with serving(pages) as address:
        yield f"{address}/catalog.ttl"


@pytest.fixture
def plugins(reset_db, reset_index, monkeypatch):
    def loaded(names=""):
        p.unload_all()
        if names:
            monkeypatch.setitem(tk.config, "ckan.plugins", names.split())
            monkeypatch.setitem(tk.config, "ckanext.dcat.rdf.profiles", "euro_dcat_ap_3")
        p.load_all()
        reset_db()
        reset_index()

    yield loaded
    p.unload_all()


def theirs(source_id):
    """A run as their consumers make it."""
    job = HarvestJob(source_id=source_id, status="Running")
    job.save()
    harvester = queue.get_harvester("dcat_rdf")
    for object_id in queue.gather_stage(harvester, job):
        queue.fetch_and_import_stages(harvester, HarvestObject.get(object_id))
    job.status = "Finished"
    job.save()


def ours(source_id):
    job = HarvestJob(source_id=source_id)
    job.save()
    running.run(job.id)
    return store.run_of(job.id)


def seconds(run, source_id):
    start = time.process_time()
    run(source_id)
    return time.process_time() - start


def taken_in():
    return model.Session.query(model.Package).filter_by(state="active", type="dataset").count()


def test_the_first_run_and_one_without_change(plugins, upstream, pages):
    """Unchanged: the same bytes again, and the same statements in a document that is not (as CKAN portals give it)."""
    plugins()
    mine = source(running.NAME, upstream)
    first = seconds(ours, mine)
    count = taken_in()
    same = min(seconds(ours, mine) for _round in range(ROUNDS))
    other = []
    for number in range(ROUNDS):
        pages["/catalog.ttl"] += b"\n# %d" % number
        other.append(seconds(ours, mine))
    assert [run.counts["unchanged"] for run in store.runs(mine)] == [*[112] * ROUNDS * 2, 0]

    plugins(THEIRS)
    their = source("dcat_rdf", upstream)
    their_first = seconds(theirs, their)
    their_count = taken_in()
    their_second = seconds(theirs, their)

    print(f"\n{'datasets/s':<22}{'ours':>12}{'ckanext-dcat':>14}{'ratio':>8}")
    for name, mine_took, their_took in (
        ("first run", first, their_first),
        ("unchanged, same bytes", same, their_second),
        ("unchanged, other bytes", min(other), their_second),
    ):
        rates = count / mine_took, their_count / their_took
        print(f"{name:<22}{rates[0]:>12.1f}{rates[1]:>14.1f}{rates[0] / rates[1]:>8.1f}")
    print(f"taken in: {count}, ckanext-dcat {their_count}")
    assert count >= 110
    assert count / first >= their_count / their_first
    assert their_second / same >= 50
    assert their_second / min(other) >= 50
