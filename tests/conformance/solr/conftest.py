"""The same 2,000 documents in a real Solr 9 and in our service, each in a process of its own.

Solr comes from Maven Central's artefacts into `var/solr` (or lies already where LANDLAB_SOLR_LIB says).
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import documents
import pytest
import requests

VERSION = "9.10.1"
CHECKOUT = Path(__file__).parents[3]
HERE = Path(__file__).parent
WAIT = 90  # seconds for a server to start

POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>landlab</groupId><artifactId>oracle</artifactId><version>1</version><dependencies>
<dependency><groupId>org.apache.solr</groupId><artifactId>solr-core</artifactId><version>{VERSION}</version></dependency>
<dependency><groupId>org.apache.solr</groupId><artifactId>solr-test-framework</artifactId><version>{VERSION}</version>
</dependency></dependencies></project>"""


class Engine:
    """A Solr core at *url*, ours or Solr's."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self.url = url
        self.session = requests.Session()

    def add(self, documents: list[dict], timeout: float = 300) -> None:
        answer = self.session.post(f"{self.url}/update?commit=true", json=documents, timeout=timeout)
        assert answer.status_code == 200, answer.text[:500]

    def ask(self, params: dict, path: str = "/select") -> dict:
        return self.session.post(self.url + path, data={"wt": "json", **params}, timeout=60).json()


def jars() -> Path:
    """The folder with Solr's jars, fetched if they are not there; a test is skipped aloud where that cannot be."""
    given = os.environ.get("LANDLAB_SOLR_LIB")
    if given:
        return Path(given)
    for tool in ("java", "mvn"):
        if shutil.which(tool) is None:
            pytest.skip(f"NOT COMPARED WITH SOLR: {tool} is not installed", allow_module_level=True)
    folder = CHECKOUT / "var" / "solr" / VERSION
    if not (folder / "lib").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pom.xml").write_text(POM, encoding="utf-8")
        fetch = [
            "mvn",
            "-q",
            "-B",
            "dependency:copy-dependencies",
            "-DoutputDirectory=lib.new",
            "-DincludeScope=runtime",
        ]
        done = subprocess.run(fetch, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"NOT COMPARED WITH SOLR: Maven fetches nothing: {done.stdout[-300:]}", allow_module_level=True)
        (folder / "lib.new").rename(folder / "lib")
    return folder / "lib"


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def wait_for(url: str, process: subprocess.Popen) -> None:
    end = time.monotonic() + WAIT
    while time.monotonic() < end:
        assert process.poll() is None, f"{url} ended"
        try:
            if requests.get(url, params={"q": "*:*", "rows": "0"}, timeout=10).status_code == 200:
                return
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.2)
    raise AssertionError(f"{url} does not answer")


def solr_home(folder: Path) -> Path:
    """A home with two cores: `landlab` with our configset, `stock` with CKAN's own schema."""
    import ckan

    home = folder / "home"
    shutil.copytree(CHECKOUT / "config" / "solr" / "conf", home / "landlab" / "conf")
    shutil.copytree(CHECKOUT / "config" / "solr" / "conf", home / "stock" / "conf")
    schema = Path(ckan.__file__).with_name("config") / "solr" / "schema.xml"
    text = schema.read_text(encoding="utf-8").replace(
        "<uniqueKey>", '<field name="spell" type="text_general" indexed="true" stored="false"/><uniqueKey>'
    )
    (home / "stock" / "conf" / "schema.xml").write_text(text.replace("</fields>", "</fields>"), encoding="utf-8")
    for name in ("synonyms.txt", "protwords.txt"):
        (home / "stock" / "conf" / name).write_text("", encoding="utf-8")
    for name in ("landlab", "stock"):
        (home / name / "core.properties").write_text(f"name={name}\n", encoding="utf-8")
    (home / "solr.xml").write_text("<solr/>", encoding="utf-8")
    return home


@pytest.fixture(scope="session")
def solr(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Engine]]:
    """A running Solr: its cores `landlab` and `stock`."""
    library, folder, port = jars(), tmp_path_factory.mktemp("solr"), free_port()
    command = ["java", "-Xmx512m", "-cp", f"{library}/*", HERE / "Oracle.java", solr_home(folder), str(port)]
    with (folder / "solr.log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=folder)
    base = f"http://127.0.0.1:{port}/solr"
    try:
        wait_for(f"{base}/landlab/select", process)
        yield {name: Engine(f"solr-{name}", f"{base}/{name}") for name in ("landlab", "stock")}
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="session")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Our service in a process of its own."""
    folder, port = tmp_path_factory.mktemp("ours"), free_port()
    command = [sys.executable, "-m", "ckanext.landlab.search", "--port", str(port), "--data", folder / "data"]
    process = subprocess.Popen(command, stderr=(folder / "log").open("wb"))
    try:
        url = f"http://127.0.0.1:{port}/solr/ckan"
        wait_for(f"{url}/select", process)
        yield Engine("ours", url)
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="session")
def filled(solr: dict[str, Engine], ours: Engine) -> dict[str, Engine]:
    """Both engines with the same documents."""
    made = documents.made()
    for engine in (solr["landlab"], ours):
        engine.add(made)
    return {"solr": solr["landlab"], "ours": ours}
