"""What notices cost a reader: the page of a dataset with ten notices beside the same page without.

Processor seconds of the CKAN process, both pages in turn, so that what else runs on the machine meets both alike.
"""

import os
import time
from statistics import median

import pytest
from ckan import plugins as p
from ckan.config.middleware import make_app
from ckan.plugins import toolkit as tk
from ckan.tests import factories
from ckan.tests.helpers import CKANTestApp
from gauges import gauge

ROUNDS = int(os.environ.get("LANDLAB_BENCH_ROUNDS", "40"))
TEN = ("GEN", "CHECK", "COMPLETE", "AGE", "AVAIL", "PRELIM", "GEOACC", "NOTLEGAL", "SAFETY", "KNOWN")


@pytest.fixture(scope="module")
def app(reset_db, reset_index):
    p.load_all()
    reset_db()
    reset_index()
    yield CKANTestApp(make_app(tk.config))
    p.unload_all()


def test_ten_notices_cost_at_most_a_tenth_of_the_page(app):
    owner = factories.Organization()
    files = [{"name": f"Jahr {year}", "url": f"https://daten.example/{year}.csv", "format": "CSV"} for year in range(4)]
    own = {"origin": "urn:landlab:origin:administrative_records", "resources": files}
    pages = {n: f"/de/dataset/{gauge(owner, *codes, **own)['name']}" for n, codes in ((0, ()), (10, TEN))}
    assert [app.get(page).body.count('<li class="landlab-notice ') for page in pages.values()] == [0, 10]
    times: dict[int, list[float]] = {0: [], 10: []}
    for _ in range(ROUNDS):
        for notices, page in pages.items():
            start = time.process_time()
            app.get(page)
            times[notices].append(time.process_time() - start)

    without, with_ten = (median(times[notices]) * 1000 for notices in (0, 10))
    print(
        f"\npage of a dataset: {without:.1f} ms without notices, {with_ten:.1f} ms with ten: {with_ten / without:.3f}"
    )
    assert with_ten / without <= 1.10
