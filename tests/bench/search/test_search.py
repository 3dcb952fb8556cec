"""Our search service beside a real Solr 9: the same documents and requests, in turns, on the same machine.

`LANDLAB_BENCH_SIZES=10000,100000` says how many datasets.  Every pass begins with a save, which empties what both
engines keep in memory, so that neither answers a whole pass from there.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

import documents
import psutil
import pytest
import requests_of
import solr9
from client import Client, Times, asked, memory, processor

SIZES = [int(size) for size in os.environ.get("LANDLAB_BENCH_SIZES", "10000,100000").split(",")]
BATCH = 500
CLIENTS = 8
SAVES = 30
PASSES = 2
VISIBLE = 50  # milliseconds from a save to being found
MEMORY = 1_000_000_000  # bytes, for 100,000 datasets


@dataclass
class Side:
    """One engine: where it answers, which process it is and where its index lies."""

    name: str
    url: str
    pid: int
    folder: Path
    figures: dict[str, float] = field(default_factory=dict)

    def add(self, batch: Sequence[dict], commit: bool) -> None:
        client = Client(self.url)
        path = f"update?commit={str(commit).lower()}"
        client.post(path, json.dumps(batch).encode(), "application/json")
        client.close()

    @property
    def disk(self) -> int:
        return sum(file.stat().st_size for file in self.folder.rglob("*") if file.is_file())


def full(document: dict) -> dict:
    """*document* with the two JSON texts that CKAN keeps in its index, as long as they are there."""
    resource = {"description": document.get("notes", "")[:300], "url": "https://daten.example/" + "x" * 60}
    whole = {**document, "resources": [{**resource, "format": name} for name in document.get("res_format", [])]}
    text = json.dumps({**whole, "extras": [{"key": f"feld-{number}", "value": "Wert" * 12} for number in range(25)]})
    return {**document, "state": "active", "data_dict": text, "validated_data_dict": text}


@pytest.fixture(params=SIZES)
def sides(request, tmp_path: Path) -> Iterator[tuple[int, Side, Side]]:
    """Both engines, empty, and how many documents they are to get."""
    library = solr9.jars()
    if isinstance(library, str):
        pytest.skip(f"NOT MEASURED BESIDE SOLR: {library}")
    port, data = solr9.free_port(), tmp_path / "ours"
    command = [sys.executable, "-m", "ckanext.landlab.search", "--port", str(port), "--data", data]
    service = subprocess.Popen(command, stderr=(tmp_path / "ours.log").open("wb"))
    url = f"http://127.0.0.1:{port}/solr/ckan"
    try:
        solr9.wait_for(f"{url}/select", service)
        with solr9.running(library, tmp_path, {"ckan": solr9.CONFIGSET}) as base:
            java = next(each for each in psutil.Process().children() if "java" in each.name())
            solr = Side("Solr 9", f"{base}/ckan", java.pid, tmp_path / "home" / "ckan" / "data" / "index")
            yield request.param, Side("ours", url, service.pid, data), solr
    finally:
        service.terminate()
        service.wait()


def test_our_service_is_faster_and_smaller_than_solr(sides):
    size, *both = sides
    for side in both:
        fill(side, size)
    for side in both:
        saves(side)
    print(
        f"\n{size:,} datasets; ms, requests a second, processor ms a request; how many times less ours is than Solr's"
    )
    print(HEADER)
    slower = []
    for name, bodies in requests_of.rows().items():
        for clients in (1, CLIENTS):
            ours, solr = measured(both, bodies, clients)
            print(f"{name:25}{clients:2} {shown(ours)} {shown(solr)} {ratio(solr.part(0.95), ours.part(0.95))}")
            if ours.part(0.95) > solr.part(0.95):
                slower.append(f"{name}, {clients} clients")
    for side in both:
        side.figures |= {"memory MB": memory(side.pid) / 1e6, "disk MB": side.disk / 1e6}
    for key, ours in both[0].figures.items():
        solr = both[1].figures[key]
        print(f"{key:27} {ours:31.1f} {solr:31.1f} {ratio(solr, ours)}")

    assert slower == []
    assert both[0].figures["memory MB"] < both[1].figures["memory MB"]
    assert both[0].figures["memory MB"] * 1e6 < MEMORY
    assert both[0].figures["visible p50 ms"] < VISIBLE


def fill(side: Side, size: int) -> None:
    start, used = time.perf_counter(), processor(side.pid)
    batch: list[dict] = []
    for number, document in enumerate(documents.made(size), 1):
        batch.append(full(document))
        if len(batch) == BATCH or number == size:
            side.add(batch, commit=number == size)
            batch = []
    side.figures |= {"index s": time.perf_counter() - start, "index processor s": processor(side.pid) - used}


def saves(side: Side) -> None:
    """How long a save takes, and how long until the next request finds it."""
    took, seen = [], []
    client = Client(side.url)
    document = full(next(documents.made(1)))
    for number in range(SAVES):
        body = json.dumps([{**document, "index_id": "save", "id": "save", "name": f"save-{number}"}]).encode()
        start = time.perf_counter()
        client.post("update?commit=true", body, "application/json")
        took.append((time.perf_counter() - start) * 1000)
        found = json.loads(client.post("select", f"q=name:save-{number}&fl=name".encode()))
        seen.append((time.perf_counter() - start) * 1000)
        assert found["response"]["numFound"] == 1
    client.close()
    side.figures |= {"commit p50 ms": median(took), "visible p50 ms": median(seen)}
    side.figures["visible p95 ms"] = sorted(seen)[int(SAVES * 0.95)]


def measured(both: Sequence[Side], bodies: Sequence[str], clients: int) -> list[Times]:
    """For each side the times of all passes; one before them, not counted, warms it up."""
    chance = random.Random(clients)
    passes: dict[str, list[Times]] = {side.name: [] for side in both}
    for number in range(PASSES + 1):
        order = chance.sample(bodies, len(bodies))
        for side in both:
            side.add([full(next(documents.made(1)))], commit=True)
            before = processor(side.pid)
            times = asked(side.url, order, clients)
            if number:
                passes[side.name].append(replace(times, processor=processor(side.pid) - before))
    return [joined(passes[side.name]) for side in both]


def joined(passes: Sequence[Times]) -> Times:
    every = sorted(time for each in passes for time in each.each)
    return Times(tuple(every), sum(each.span for each in passes), sum(each.processor for each in passes))


HEADER = (
    f"{'':27} {'ours p50':>8} {'p95':>7} {'rate':>6} {'cpu':>7} {'Solr p50':>8} {'p95':>7} {'rate':>6} {'cpu':>7}   p95"
)


def shown(times: Times) -> str:
    used = times.processor * 1000 / len(times.each)
    return f"{times.part(0.5):8.1f} {times.part(0.95):7.1f} {times.rate:6.0f} {used:7.2f}"


def ratio(solr: float, ours: float) -> str:
    return f"{solr / ours:5.1f}"
