"""50 readers and 5 editors at once for two minutes on a whole site: how long answers take, and that none is wrong.

10,000 datasets with LANDLAB_FULL=1, else 500; LANDLAB_LOAD_SECONDS says how long.  The datasets are the sample's,
copied within the database, then indexed and given feed entries as any others.

    LANDLAB_FULL=1 .venv/bin/python -m pytest -s -p no:ckan -p no:ckan_fixtures tests/bench/load
"""

from __future__ import annotations

import json
import os
import random
import statistics
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg2
import pytest
import requests

FULL = bool(os.environ.get("LANDLAB_FULL"))
DATASETS = int(os.environ.get("LANDLAB_LOAD_DATASETS", "10000" if FULL else "500"))
SECONDS = int(os.environ.get("LANDLAB_LOAD_SECONDS", "120" if FULL else "30"))
READERS, EDITORS = 50, 5
THINKING = (1.0, 3.0)  # seconds between two requests of one person
BIN = Path(sys.executable).parent
WORDS = ("Haushalt", "Baum", "Kita", "Radverkehr", "Wetter", "Spielplatz", "Müll", "Pegel", "Wahl", "Parken")

# Copies of every public dataset, with ids made from the old one and the number of the copy.
COPIES = """
CREATE TEMP TABLE copies AS
    SELECT p.id AS old, n, md5(p.id || '-' || n)::uuid::text AS id
    FROM package p, generate_series(1, %(times)s) n
    WHERE p.state = 'active' AND p.type = 'dataset' AND NOT p.private;
INSERT INTO package SELECT (jsonb_populate_record(p, jsonb_build_object(
    'id', c.id, 'name', p.name || '-' || c.n, 'title', p.title || ' ' || c.n))).*
    FROM package p JOIN copies c ON c.old = p.id;
INSERT INTO resource SELECT (jsonb_populate_record(r, jsonb_build_object(
    'id', md5(r.id || '-' || c.n)::uuid::text, 'package_id', c.id))).*
    FROM resource r JOIN copies c ON c.old = r.package_id;
INSERT INTO package_tag SELECT (jsonb_populate_record(t, jsonb_build_object(
    'id', md5(t.id || '-' || c.n)::uuid::text, 'package_id', c.id))).*
    FROM package_tag t JOIN copies c ON c.old = t.package_id;
"""


@dataclass
class Seen:
    """What happened: seconds by kind of request, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    errors: list[str] = field(default_factory=list)

    def ask(self, kind: str, call: Callable[[], requests.Response]) -> requests.Response | None:
        """The answer, if there is a good one."""
        began = time.monotonic()
        try:
            answer = call()
        except requests.RequestException as error:
            self.errors.append(f"{kind}: {type(error).__name__}")
            return None
        self.seconds[kind].append(time.monotonic() - began)
        if not answer.ok:
            self.errors.append(f"{kind}: {answer.status_code} {answer.text[:200]}")
            return None
        return answer


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path]]:
    """A site with that many datasets: its address and its settings."""
    data = tmp_path_factory.mktemp("load") / "var"
    landlab = [BIN / "landlab", "--data", data]
    subprocess.run([*landlab, "up", "--sample", "--detach"], check=True)
    try:
        ini = data / "ckan.ini"
        url = next(line.split("=", 1)[1].strip() for line in ini.read_text().splitlines() if "sqlalchemy.url" in line)
        with psycopg2.connect(url.replace("%%", "%")) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM package WHERE state = 'active' AND type = 'dataset' AND NOT private")
            (there,) = cursor.fetchone() or (1,)
            cursor.execute(COPIES, {"times": DATASETS // there})
        connection.close()
        commands = (["search-index", "rebuild", "--quiet"], ["landlab", "feeds", "rebuild"])
        began = time.monotonic()
        filling = [
            subprocess.Popen([BIN / "ckan", "-c", ini, *command], stdout=subprocess.DEVNULL) for command in commands
        ]
        assert [process.wait() for process in filling] == [0, 0]
        print(f"\nfilled in {time.monotonic() - began:.0f} s")
        status = subprocess.run([*landlab, "status", "--json"], check=True, capture_output=True, text=True)
        yield json.loads(status.stdout)["address"], ini
    finally:
        subprocess.run([*landlab, "down"], check=True)


def reader(address: str, names: list[str], seen: Seen, until: float) -> None:
    """A person who looks around: start page, searches, datasets, the API, and now and then a feed."""
    chance, session = random.Random(), requests.Session()
    session.headers["Connection"] = "close"  # between two requests the server may close it; browsers then ask again
    while time.monotonic() < until:
        kind, path = chance.choice(
            [
                ("start", "/"),
                ("search", f"/dataset/?q={chance.choice(WORDS)}"),
                ("search", f"/dataset/?q={chance.choice(WORDS)}&page={chance.randint(1, 5)}"),
                ("dataset", f"/dataset/{chance.choice(names)}"),
                ("dataset", f"/dataset/{chance.choice(names)}"),
                ("api", f"/api/3/action/package_search?q={chance.choice(WORDS)}&rows=10"),
                ("feed", f"/catalog.ttl?page={chance.randint(1, max(1, DATASETS // 100 - 1))}"),
            ]
        )
        seen.ask(kind, lambda path=path: session.get(address + path, timeout=60))
        time.sleep(chance.uniform(*THINKING))


def editor(address: str, token: str, name: str, seen: Seen, until: float) -> None:
    """A person who saves one dataset again and again, and finds each time what was saved."""
    session, count = requests.Session(), 0
    session.headers.update({"Authorization": token, "Connection": "close"})
    while time.monotonic() < until:
        count += 1
        saved = {"id": name, "version": str(count)}
        seen.ask(
            "save", lambda saved=saved: session.post(f"{address}/api/3/action/package_patch", json=saved, timeout=60)
        )
        shown = seen.ask("show", lambda: session.get(f"{address}/api/3/action/package_show?id={name}", timeout=60))
        if shown and (version := shown.json()["result"]["version"]) != str(count):
            seen.errors.append(f"show: {name} is at {version}, not {count}")
        time.sleep(random.uniform(*THINKING))


def test_readers_and_editors_at_once_get_no_wrong_answer(site: tuple[str, Path]) -> None:
    address, ini = site
    found = requests.get(f"{address}/api/3/action/package_search?rows=1000&fl=name", timeout=60).json()["result"]
    names = [dataset["name"] for dataset in found["results"]]
    every = requests.get(f"{address}/api/3/action/package_list", timeout=60).json()["result"]
    own = [name for name in every if not name.rpartition("-")[2].isdecimal()][:EDITORS]
    added = subprocess.run(
        [BIN / "ckan", "-c", ini, "user", "token", "add", "admin", "load", "-q"],
        check=True,
        capture_output=True,
        text=True,
    )
    token = added.stdout.split()[-1]
    assert found["count"] >= DATASETS * 0.9
    assert len(own) == EDITORS

    seen, until = Seen(), time.monotonic() + SECONDS
    people = [threading.Thread(target=reader, args=(address, names, seen, until)) for _ in range(READERS)]
    people += [threading.Thread(target=editor, args=(address, token, name, seen, until)) for name in own]
    for person in people:
        person.start()
    for person in people:
        person.join()

    total = sum(map(len, seen.seconds.values()))
    people_there = f"{READERS} readers and {EDITORS} editors"
    print(f"\n{found['count']} datasets, {people_there}, {SECONDS} s, load of the machine {os.getloadavg()[0]:.0f}")
    for kind, seconds in sorted(seen.seconds.items()):
        p95 = statistics.quantiles(seconds, n=20)[-1] if len(seconds) > 1 else seconds[0]
        print(f"  {kind:<8} {len(seconds):>6} requests, median {statistics.median(seconds):6.2f} s, p95 {p95:6.2f} s")
    print(f"  in all   {total:>6} requests, {total / SECONDS:.1f} a second, {len(seen.errors)} errors")
    assert seen.errors == []
    assert set(seen.seconds) == {"start", "search", "dataset", "api", "feed", "save", "show"}
