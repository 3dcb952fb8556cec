"""A catalogue of 200 MB in one file: fetched over HTTP and gathered by the harvester, in a process that is watched.

`pytest -s` shows the table; `LANDLAB_LARGE_MB` makes it smaller for a try.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import large_catalogue
import pytest
from answering import serving
from ckanext.harvest.model import HarvestJob
from ckanext.landlab.harvest import running
from sources import source

SIZE = int(os.environ.get("LANDLAB_LARGE_MB", "200")) * 1_000_000
MOST = 250  # MB more than the process has before it begins; 100,000 datasets are named in it
GATHERING = """
import json, re, sys, time
from pathlib import Path
from ckan.cli import CKANConfigLoader
from ckan.config.middleware import make_app

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024

app = make_app(CKANConfigLoader(sys.argv[1]).get_config())
with app._wsgi_app.test_request_context():
    from ckan.plugins import toolkit as tk
    from ckanext.harvest.model import HarvestJob
    from ckanext.landlab.harvest import gathering
    tk.config["ckanext.landlab.internal_hosts"] = "127.0.0.1"
    Path("/proc/self/clear_refs").write_text("5")  # what was needed to start does not count
    before, start = peak(), time.monotonic()
    found = len(gathering.gather(HarvestJob.get(sys.argv[2])))
    print(json.dumps([found, before, peak(), time.monotonic() - start]))
"""

pytestmark = pytest.mark.skipif(not large_catalogue.REAL.exists(), reason=f"{large_catalogue.REAL} is not there")


@pytest.mark.usefixtures("with_plugins", "clean_db", "clean_index")
@pytest.mark.parametrize("named", ["nt", "ttl", "rdf", "jsonld"])
def test_a_large_file_is_gathered_in_bounded_memory(named, tmp_path, pytestconfig):
    file = tmp_path / f"catalogue.{named}"
    datasets = large_catalogue.write(file, named, SIZE)
    with serving({"/catalogue": file.read_bytes()}) as address:
        job = HarvestJob(source_id=source(running.NAME, f"{address}/catalogue"))
        job.save()
        ini = Path(pytestconfig.option.ckan_ini)
        command = [sys.executable, "-c", GATHERING, ini, job.id]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr[-3000:]
    found, before, peak, seconds = json.loads(ended.stdout.splitlines()[-1])

    print(
        f"\n{named}: {file.stat().st_size / 1e6:.0f} MB, {found} datasets in {seconds:.0f} s;"
        f" memory {before} MB at the start, {peak} MB at most"
    )
    assert found == datasets
    assert peak - before < MOST
