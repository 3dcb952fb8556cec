"""The job worker killed with SIGKILL in the middle of a harvest run: the run goes on by itself, and nothing is amiss.

Where it is killed is no accident: a lock on a table, a page that does not come or a search that sleeps holds the
worker there.  `LANDLAB_FULL=1` kills it at every point, else in the middle of a record.
"""

import os
import signal
import threading
import time
from contextlib import contextmanager, suppress

import psutil
import psycopg2
import pytest
import requests
from answering import serving
from ckanext.landlab.stack.place import place_of
from conftest import wait_for
from harvest_pages import catalogue

DATASETS = 40
PLACED = 60  # seconds until the worker is where it is to be killed
RESUMED = 240  # seconds until the run has come to its end all the same
AFTER = {"gather": 0, "import": 5, "end": DATASETS - 5}  # datasets that are there before
POINTS = {
    "gather, before what was found is noted": ("harvest_object", "gather"),
    "gather, before the page is remembered": ("landlab_harvest_page", "gather"),
    "fetch of the second page": ("page", "gather"),
    "import, before the record is noted": ("landlab_harvest_record", "import"),
    "import, before the dataset is stored": ("package", "import"),
    "import, before its feed entries are stored": ("landlab_feed_entry", "import"),
    "import, before it is searchable": ("search", "import"),
    "end, before it is noted": ("landlab_harvest_run", "end"),
}
KILLED = list(POINTS) if os.environ.get("LANDLAB_FULL") else ["import, before its feed entries are stored"]


class Upstream(dict):
    """Two pages of a catalogue; the second is given only once its gate is open."""

    def __init__(self):
        super().__init__()
        self.gate, self.asked = threading.Event(), threading.Event()
        self.gate.set()

    def get(self, path, default=None):
        if path == "/catalog.ttl?page=2":
            self.asked.set()
            self.gate.wait(RESUMED)
        return super().get(path, default)


class Harvest:
    """One source on the running site, and what the database holds of it."""

    def __init__(self, site, number, address):
        self.site, self.token, self.name = site, site.sysadmin(), f"killed-{number}"
        self.body = site.action("organization_create", self.token, name=self.name, title=self.name)["id"]
        self.source = site.action(
            "harvest_source_create",
            self.token,
            name=f"{self.name}-source",
            title=self.name,
            url=address,
            source_type="landlab_dcat_ap_de",
            owner_org=self.body,
            frequency="MANUAL",
        )["id"]

    def begin(self):
        return self.site.action("harvest_job_create", self.token, source_id=self.source, run=True)["id"]

    def ask(self, question, *values):
        connection = psycopg2.connect(place_of(self.site.data / "ckan.ini").database)
        with connection, connection.cursor() as cursor:
            cursor.execute(question, values)
            answer = cursor.fetchall()
        connection.close()
        return answer

    def stored(self):
        query = "SELECT count(*) FROM package WHERE owner_org = %s AND type = 'dataset' AND state = 'active'"
        return self.ask(query, self.body)[0][0]

    def run(self, job):
        """Counts and failure of a run, None while it has not ended."""
        found = self.ask("SELECT counts, failure FROM landlab_harvest_run WHERE job_id = %s AND ended IS NOT NULL", job)
        return found[0] if found else None

    def ended(self, job):
        wait_for(lambda: self.run(job), RESUMED)
        counts, failure = self.run(job)
        assert failure == ""
        return {
            name: counts[name] for name in ("created", "changed", "unchanged", "deleted", "rejected") if counts[name]
        }


def names(point):
    """The datasets of a point: others at each, or they would be here already from the point before."""
    return [f"point{list(POINTS).index(point)}set{number:02}" for number in range(DATASETS)]


@pytest.fixture
def upstream(point):
    pages = Upstream()
    pages["/catalog.ttl"] = catalogue(names(point)[:20], follows="/catalog.ttl?page=2", total=DATASETS)
    pages["/catalog.ttl?page=2"] = catalogue(names(point)[20:])
    with serving(pages) as address:
        yield pages, f"{address}/catalog.ttl"
    pages.gate.set()


@contextmanager
def held(harvest, pages, place):
    """The worker stands still at *place* as long as this lasts."""
    if place == "page":
        yield
    elif place == "search":
        with asleep(harvest.site.pid("search")):
            yield
    else:
        with locked(harvest, place):
            pages.gate.set()
            waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = %s::regclass"
            wait_for(lambda: harvest.ask(waiting, place)[0][0], PLACED)
            yield


@contextmanager
def asleep(pid):
    process = psutil.Process(pid)
    process.suspend()
    try:
        time.sleep(4)  # what is being stored is stored by now, and asks to be found
        yield
    finally:
        with suppress(psutil.NoSuchProcess):  # somebody has started it anew
            process.resume()


@contextmanager
def locked(harvest, table):
    connection = psycopg2.connect(place_of(harvest.site.data / "ckan.ini").database)
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
    try:
        yield
    finally:
        connection.rollback()
        connection.close()


def killed(site):
    """Kill the worker and whatever it has started."""
    worker = psutil.Process(site.pid("worker"))
    for process in [worker, *worker.children(recursive=True)]:
        process.send_signal(signal.SIGKILL)
    wait_for(lambda: site.pid("worker") not in (worker.pid, None), PLACED)


def assert_whole(harvest, titles):
    """Each dataset is there once, with its file, its feed entries and the note of it, and is found."""
    stored = harvest.ask("SELECT id, title FROM package WHERE owner_org = %s AND type = 'dataset'", harvest.body)
    ids = [dataset for dataset, _title in stored]
    assert sorted(title for _dataset, title in stored) == titles
    noted = {
        "files": "SELECT package_id FROM resource WHERE state = 'active' AND package_id = ANY(%s)",
        "feed": "SELECT dataset_id FROM landlab_feed_item WHERE gone IS NULL AND dataset_id = ANY(%s)",
        "entries": "SELECT DISTINCT dataset_id FROM landlab_feed_entry WHERE dataset_id = ANY(%s)",
        "records": "SELECT dataset_id FROM landlab_harvest_record WHERE outcome = 'taken' AND dataset_id = ANY(%s)",
        "objects": "SELECT package_id FROM harvest_object WHERE current AND package_id = ANY(%s)",
    }
    for what, query in noted.items():
        assert (what, sorted(row[0] for row in harvest.ask(query, ids))) == (what, sorted(ids))
    found = harvest.site.action("package_search", harvest.token, fq=f"owner_org:{harvest.body}", rows=100)
    assert sorted(one["id"] for one in found["results"]) == sorted(ids)
    feed = requests.get(f"{harvest.site.status()['address']}/organization/{harvest.name}/catalog.nt", timeout=30).text
    assert (
        feed.count("<http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/dcat#Dataset>") == DATASETS
    )


@pytest.mark.parametrize("point", KILLED)
def test_a_run_whose_worker_is_killed_goes_on_by_itself(site, upstream, point):
    pages, address = upstream
    place, phase = POINTS[point]
    harvest = Harvest(site, list(POINTS).index(point), address)
    if phase == "gather":
        pages.gate.clear()

    job = harvest.begin()
    wait_for(lambda: pages.asked.is_set() or harvest.run(job), PLACED)
    assert not harvest.run(job), "it ended before it was killed"
    wait_for(lambda: harvest.stored() >= AFTER[phase], PLACED)
    with held(harvest, pages, place):
        half = harvest.stored()
        killed(site)
    pages.gate.set()
    at = time.monotonic()
    counts = harvest.ended(job)

    print(f"{point}: {half} of {DATASETS} were stored; ended {time.monotonic() - at:.0f} s after the kill: {counts}")
    assert half >= AFTER[phase]
    assert counts == {"created": DATASETS}
    assert_whole(harvest, [name.title() for name in names(point)])
    assert harvest.ended(harvest.begin()) == {"unchanged": DATASETS}
