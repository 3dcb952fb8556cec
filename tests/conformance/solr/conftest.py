"""The same 2,000 documents in a real Solr 9 and in our service, each in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import documents
import pytest
import requests
import solr9


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


@pytest.fixture(scope="session")
def solr(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Engine]]:
    """A running Solr: its core `landlab` with our configset, and `stock` with CKAN's own schema."""
    library = solr9.jars()
    if isinstance(library, str):
        pytest.skip(f"NOT COMPARED WITH SOLR: {library}", allow_module_level=True)
    cores = {"landlab": solr9.CONFIGSET, "stock": solr9.stock(tmp_path_factory.mktemp("stock"))}
    with solr9.running(library, tmp_path_factory.mktemp("solr"), cores) as base:
        yield {name: Engine(f"solr-{name}", f"{base}/{name}") for name in cores}


@pytest.fixture(scope="session")
def ours(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Our service in a process of its own."""
    folder, port = tmp_path_factory.mktemp("ours"), solr9.free_port()
    command = [sys.executable, "-m", "ckanext.landlab.search", "--port", str(port), "--data", folder / "data"]
    process = subprocess.Popen(command, stderr=(folder / "log").open("wb"))
    try:
        url = f"http://127.0.0.1:{port}/solr/ckan"
        solr9.wait_for(f"{url}/select", process)
        yield Engine("ours", url)
    finally:
        process.terminate()
        process.wait()


@pytest.fixture(scope="session")
def filled(solr: dict[str, Engine], ours: Engine) -> dict[str, Engine]:
    """Both engines with the same documents."""
    made = list(documents.made())
    with ThreadPoolExecutor() as both:
        list(both.map(lambda engine: engine.add(made), (solr["landlab"], ours)))
    return {"solr": solr["landlab"], "ours": ours}
