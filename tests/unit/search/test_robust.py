"""What must not break the service: kill -9, a broken index, a full disk, wild requests; each in its own process."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from ckanext.landlab.search.engine import FORMAT
from conftest import dataset

START = 60  # seconds


class Process:
    """The service as `landlab up` starts it."""

    def __init__(
        self, folder: Path, limit: Callable[[], None] | None = None, options: Sequence[str] = (), **environment: str
    ) -> None:
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/solr/ckan"
        self.log = folder.with_suffix(".log")
        command = [sys.executable, "-m", "ckanext.landlab.search", "--port", str(self.port), "--data", folder]
        command += options
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, stderr=log, preexec_fn=limit, env={**os.environ, **environment})
        end = time.monotonic() + START
        while not self.answers():
            assert self.process.poll() is None, self.log.read_text()
            assert time.monotonic() < end, "the service does not answer"
            time.sleep(0.1)

    def answers(self) -> bool:
        with socket.socket() as caller:
            return caller.connect_ex(("127.0.0.1", self.port)) == 0

    def add(self, *names: str, commit: bool = True, **values: object) -> requests.Response:
        body = [dataset(name, **values) for name in names]
        return requests.post(f"{self.url}/update", json=body, params={"commit": str(commit).lower()}, timeout=30)

    def names(self, q: str = "*:*") -> list[str]:
        answer = requests.get(f"{self.url}/select", params={"q": q, "rows": "1000", "fl": "name"}, timeout=30).json()
        return sorted(doc["name"] for doc in answer["response"]["docs"])

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(timeout=30)


@pytest.fixture
def run(tmp_path):
    started: list[Process] = []

    def start(**options) -> Process:
        started.append(Process(tmp_path / "data", **options))
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.wait()


def test_kill_9_loses_nothing_that_was_acknowledged(run):
    first = run()
    first.add("eins", "zwei")
    first.add("drei", commit=False)
    requests.post(
        f"{first.url}/update",
        data="<delete><id>index-eins</id></delete>",
        headers={"Content-Type": "text/xml"},
        timeout=30,
    )
    assert first.names() == ["eins", "zwei"]
    first.kill()

    second = run()
    assert second.names() == ["drei", "zwei"]
    second.kill()
    assert run().names() == ["drei", "zwei"]


def test_kill_9_in_the_middle_of_writing_leaves_an_index_that_opens(run):
    first = run()
    acknowledged = [name for name in (f"satz-{number}" for number in range(15)) if first.add(name).status_code == 200]
    body = json.dumps([dataset(f"viele-{number}") for number in range(3000)]).encode()
    kind = "Host: x\r\nContent-Type: application/json"
    head = f"POST /solr/ckan/update?commit=true HTTP/1.1\r\n{kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(("127.0.0.1", first.port)) as connection:
        connection.sendall(head.encode() + body)
        time.sleep(0.3)
        first.kill()

    found = run().names("name:satz-*")
    assert found == sorted(acknowledged)
    assert len(found) == 15


def test_a_broken_index_is_moved_aside_and_said(run, tmp_path):
    first = run()
    first.add("eins")
    first.stop()
    (tmp_path / "data" / "index" / "meta.json").write_text("{", encoding="utf-8")

    second = run()
    assert second.names() == []
    assert second.add("zwei").status_code == 200
    assert [file.name for file in (tmp_path / "data").glob("index.broken-*")]
    assert "search-index rebuild" in second.log.read_text()


def test_an_index_of_other_declarations_is_written_anew(run, tmp_path):
    first = run()
    first.add("eins", "zwei", quelle="Amt", notes="Bäume")
    first.stop()
    (tmp_path / "data" / "made-by").write_text(f"{FORMAT} of other fields", encoding="utf-8")

    second = run()
    assert second.names("quelle:Amt AND notes:baum") == ["eins", "zwei"]
    assert not list((tmp_path / "data").glob("index.broken-*"))


def test_an_index_of_an_earlier_format_is_written_anew(run, tmp_path):
    """`format-2.zip` is an index of two datasets as the version before wrote it."""
    with zipfile.ZipFile(Path(__file__).with_name("format-2.zip")) as packed:
        packed.extractall(tmp_path / "data")
    assert (tmp_path / "data" / "made-by").read_text(encoding="utf-8").startswith("2 ")

    service = run()
    assert service.names("quelle:Amt AND notes:baum") == ["eins", "zwei"]
    answer = requests.get(f"{service.url}/select", params={"q": "name:eins"}, timeout=30).json()
    (found,) = answer["response"]["docs"]
    assert found["title"] == "Verzeichnis der Straßenbäume eins"
    assert found["notes"] == 'Bäume & "Sträucher" äöü'
    assert json.loads(found["data_dict"]) == {"name": "eins", "title": "Bäume"}
    assert found["metadata_modified"] == "2026-01-02T03:04:05Z"
    assert (tmp_path / "data" / "made-by").read_text(encoding="utf-8").startswith(f"{FORMAT} ")
    assert not list((tmp_path / "data").glob("index.broken-*"))


def test_a_full_disk_is_an_error_and_not_the_end(run):
    service = run(limit=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000)))
    service.add("eins")
    noise = os.urandom(300_000).hex()
    refused = service.add("zwei", notes="x", data_dict=noise, validated_data_dict=noise[::-1])

    assert refused.status_code == 500
    assert "cannot be written" in refused.json()["error"]["msg"]
    assert service.names() == ["eins"]
    assert service.add("drei").status_code == 200
    assert service.names() == ["drei", "eins"]


def test_only_who_brings_the_token_is_let_in(run):
    service = run(LANDLAB_SEARCH_TOKEN="geheim")
    assert requests.get(f"{service.url}/select", timeout=30).status_code == 401
    wrong = {"Authorization": "Bearer falsch"}
    assert requests.get(f"{service.url}/select", headers=wrong, timeout=30).status_code == 401
    right = {"Authorization": "Bearer geheim"}
    assert requests.get(f"{service.url}/select", headers=right, timeout=30).status_code == 200
    assert requests.get(f"{service.url}/select", auth=("ckan", "geheim"), timeout=30).status_code == 200


def test_nobody_outside_is_served_without_a_token(tmp_path):
    command = [sys.executable, "-m", "ckanext.landlab.search", "--host", "0.0.0.0", "--port", "0", "--data", tmp_path]  # noqa: S104 that is what is refused
    environment = {key: value for key, value in os.environ.items() if key != "LANDLAB_SEARCH_TOKEN"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False, env=environment)
    assert done.returncode == 2
    assert "LANDLAB_SEARCH_TOKEN" in done.stderr


WILD = [
    "(" * 500 + "a" + ")" * 500,
    " OR ".join(f"a{number}" for number in range(5000)),
    "name:" + "*a" * 200,
    "name:/" + "(a|b)*a" + "(a|b)" * 30 + "/",
    "title:" + "x" * 100_000,
    "title:" + "?" * 1000,
    "[" * 3000,
    '"' * 3001,
    "{!bool must='{!bool must=$q}'}",
    "{!frange l=0}" + "sum(" * 100 + "1" + ")" * 100,
    "views_total:[99999999999999999999 TO *]",
    "\x00 OR \ufffe",
]


def test_no_question_stops_the_service(run):
    service = run()
    service.add("eins")
    for question in WILD:
        start = time.monotonic()
        answer = requests.post(f"{service.url}/select", data={"q": question, "df": "text"}, timeout=30)
        assert answer.status_code in (200, 400), (question[:50], answer.text[:200])
        assert time.monotonic() - start < 5, question[:50]
    for params in ({"rows": "999999999"}, {"start": "999999999"}, {"facet": "true", "facet.field": ["a.b", "", "*"]}):
        assert requests.get(f"{service.url}/select", params={"q": "*:*", **params}, timeout=30).status_code in (
            200,
            400,
        )
    assert service.names() == ["eins"]


def test_a_question_that_takes_too_long_is_given_up_alone(run):
    service = run(options=["--seconds", "3"])  # the others wait for at most twice as long
    service.add(*(f"satz-{number}" for number in range(1000)))
    sums = [f"{{!frange l={number}}}sum({','.join(['views_total'] * 30)})" for number in range(1900)]
    many = {"q": "*:*", "facet": "true", "facet.query": sums}
    with ThreadPoolExecutor() as pool:
        slow = [pool.submit(requests.post, f"{service.url}/select", data=many, timeout=60) for _ in range(5)]
        took = []
        for number in range(20):
            start = time.monotonic()
            assert service.names(f"name:satz-{number}") == [f"satz-{number}"]
            took.append(time.monotonic() - start)
        refused = [each.result() for each in slow]

    assert [answer.status_code for answer in refused] == [400] * 5
    assert "took longer than 3 seconds" in refused[0].json()["error"]["msg"]
    assert max(took) < 15
    assert len(service.names()) == 1000


def test_a_question_that_needs_too_much_memory_is_given_up_alone(run):
    service = run(options=["--megabytes", "110"])
    for number in range(8):
        service.add(f"satz-{number}", data_dict=os.urandom(2_000_000).hex(), commit=number == 7)
    refused = requests.get(f"{service.url}/select", params={"q": "*:*", "rows": "100", "fl": "data_dict"}, timeout=30)

    assert refused.status_code == 400
    assert "more memory than one query may have" in refused.json()["error"]["msg"]
    assert len(service.names()) == 8


def test_broken_bodies_are_refused(run):
    service = run()
    xml, form = {"Content-Type": "text/xml"}, {"Content-Type": "application/json"}
    for body in (b"<add><doc>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><add>&b;</add>", b"\xff\xfe", b"<nichts/>"):
        assert requests.post(f"{service.url}/update", data=body, headers=xml, timeout=30).status_code == 400
    for body in (b"[", b"[1]", b'"x"', b'{"add": 1}', b'{"nichts": {}}', b"[" * 100_000, b'[{"index_id": {"a": 1}}]'):
        assert requests.post(f"{service.url}/update", data=body, headers=form, timeout=30).status_code == 400
    with socket.create_connection(("127.0.0.1", service.port)) as connection:
        connection.sendall(b"POST /solr/ckan/update HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\n")
        assert b" 413 " in connection.recv(1000)
    assert service.names() == []
