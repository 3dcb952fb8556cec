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
from ckan.tests import factories
from ckan.tests.helpers import call_action
from ckanext.harvest import queue
from ckanext.harvest.model import HarvestJob, HarvestObject
from ckanext.landlab.harvest import running
from ckanext.landlab.model import harvest as store

FILE = Path(__file__).parents[4] / "shared" / "testdata" / "catalogs" / "brandenburg-catalog-original-input.ttl"
ROUNDS = int(os.environ.get("LANDLAB_BENCH_ROUNDS", "3"))
THEIRS = "harvest dcat dcat_rdf_harvester"

pytestmark = pytest.mark.skipif(not FILE.exists(), reason=f"{FILE} is not there")


@pytest.fixture
def upstream(monkeypatch):
    monkeypatch.setitem(tk.config, "ckanext.landlab.internal_hosts", "127.0.0.1")
    with serving({"/catalog.ttl": FILE.read_bytes()}) as address:
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


def source(kind, address):
    return call_action(
        "harvest_source_create",
        {"ignore_auth": True, "user": factories.Sysadmin()["name"]},
        name="source",
        title="Source",
        url=address,
        source_type=kind,
        owner_org=factories.Organization()["id"],
        frequency="MANUAL",
    )["id"]


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


def test_the_first_run_and_one_without_change(plugins, upstream):
    plugins()
    mine = source(running.NAME, upstream)
    first = seconds(ours, mine)
    count = taken_in()
    second = min(seconds(ours, mine) for _round in range(ROUNDS))
    assert store.runs(mine)[0].counts["unchanged"] == 112

    plugins(THEIRS)
    their = source("dcat_rdf", upstream)
    their_first = seconds(theirs, their)
    their_count = taken_in()
    their_second = seconds(theirs, their)

    print(f"\n{'':<22}{'ours':>12}{'ckanext-dcat':>14}{'ratio':>8}")
    print(f"{'datasets taken in':<22}{count:>12}{their_count:>14}")
    print(
        f"{'first, datasets/s':<22}{count / first:>12.1f}{their_count / their_first:>14.1f}{their_first / first:>8.1f}"
    )
    rows = (112 / second, their_count / their_second, their_second / second)
    print(f"{'unchanged, datasets/s':<22}{rows[0]:>12.1f}{rows[1]:>14.1f}{rows[2]:>8.1f}")
    assert count >= 110
    assert their_second / second >= 50
