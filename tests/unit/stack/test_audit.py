"""What is pinned is compared with published weaknesses: by a copy of the data without the web, or by the service."""

import json
import threading
import zipfile
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from ckanext.landlab.errors import AuditRefused
from ckanext.landlab.stack import audit
from ckanext.landlab.stack.cli import main
from click.testing import CliRunner

# As OSV publishes it: PYSEC-2023-74 in full but for its references.
REQUESTS = {
    "id": "PYSEC-2023-74",
    "summary": "Requests leaks Proxy-Authorization headers",
    "modified": "2023-06-05T01:13:00Z",
    "affected": [
        {
            "package": {"name": "requests", "ecosystem": "PyPI", "purl": "pkg:pypi/requests"},
            "ranges": [
                {"type": "GIT", "events": [{"introduced": "0"}, {"fixed": "74ea7cf7a6a27a4eeb2ae24e162bcc942a6706d5"}]},
                {"type": "ECOSYSTEM", "events": [{"introduced": "2.3.0"}, {"fixed": "2.31.0"}]},
            ],
            "versions": ["2.3.0", "2.30.0"],
        }
    ],
}
TWICE = {"events": [{"introduced": "0"}, {"fixed": "1.2"}, {"introduced": "2.0"}, {"last_affected": "2.3"}]}


def copy_of(tmp_path, *advisories):
    copy = tmp_path / "all.zip"
    with zipfile.ZipFile(copy, "w") as archive:
        for advisory in advisories:
            archive.writestr(f"{advisory['id']}.json", json.dumps(advisory))
    return copy


def lock_of(tmp_path, *lines):
    lock = tmp_path / "lock.txt"
    lock.write_text("".join(f"{line} \\\n    --hash=sha256:{'0' * 64}\n" for line in lines))
    return lock


def asked(*words):
    return CliRunner().invoke(main, ["audit", *map(str, words)])


@pytest.mark.parametrize(("version", "weak"), [("2.30.0", True), ("2.29.0", True), ("2.31.0", False), ("2.2", False)])
def test_a_version_is_weak_if_it_is_listed_or_lies_in_a_range(tmp_path, version, weak):
    found = audit.from_copy({("requests", version), ("flask", "3.0")}, copy_of(tmp_path, REQUESTS))

    assert [each.number for each in found] == (["PYSEC-2023-74"] if weak else [])


@pytest.mark.parametrize(
    ("version", "weak"),
    [("1.0", True), ("1.2", False), ("1.9", False), ("2.0", True), ("2.3", True), ("2.3.1", False), ("2.0rc1", False)],
)
def test_a_weakness_may_come_again_and_end_with_the_last_version_that_has_it(version, weak):
    assert audit.concerns({"ranges": [{"type": "ECOSYSTEM", **TWICE}]}, version) is weak


def test_a_weakness_in_the_copy_is_told_and_leaves_with_1(tmp_path):
    lock, copy = lock_of(tmp_path, "requests==2.30.0", "flask==3.0"), copy_of(tmp_path, REQUESTS)

    told = asked("--lock", lock, "--database", copy)

    assert told.exit_code == 1
    assert "requests 2.30.0: PYSEC-2023-74 Requests leaks" in told.output
    assert asked("--lock", lock, "--database", copy, "--accept", "PYSEC-2023-74").exit_code == 0


def test_a_weakness_that_was_taken_back_does_not_count(tmp_path):
    copy = copy_of(tmp_path, {**REQUESTS, "withdrawn": "2024-01-01T00:00:00Z"})

    assert asked("--lock", lock_of(tmp_path, "requests==2.30.0"), "--database", copy).exit_code == 0


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_what_is_no_copy_is_refused_and_nothing_counts_as_audited(tmp_path, content):
    copy = tmp_path / "all.zip"
    copy.write_bytes(content)

    told = asked("--lock", lock_of(tmp_path, "requests==2.30.0"), "--database", copy)

    assert told.exit_code == 1
    assert "NOT AUDITED: 1 packages" in told.output


def test_without_the_web_it_is_said_aloud_that_nothing_was_audited(tmp_path, monkeypatch):
    monkeypatch.setattr(audit.from_service, "__defaults__", ("http://127.0.0.1:9/",))

    told, strict = (asked("--lock", lock_of(tmp_path, "requests==2.30.0"), *more) for more in ((), ("--strict",)))

    assert (told.exit_code, strict.exit_code) == (0, 1)
    assert told.output.startswith("NOT AUDITED: 1 packages were compared with nothing.")
    assert "--database" in told.output


@contextmanager
def osv(answer):
    """A server that speaks OSV's protocol: what it was asked, and its address."""
    heard = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            content = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield heard, f"http://127.0.0.1:{server.server_port}/v1/querybatch"
    server.shutdown()


def test_the_service_is_asked_for_every_package_at_once():
    with osv({"results": [{}, {"vulns": [{"id": "PYSEC-2023-74"}]}]}) as (heard, address):
        found = audit.from_service({("requests", "2.30.0"), ("flask", "3.0")}, address)

    assert [str(each) for each in found] == ["requests 2.30.0: PYSEC-2023-74"]
    assert [query["package"]["name"] for query in heard[0]["queries"]] == ["flask", "requests"]
    assert {query["package"]["ecosystem"] for query in heard[0]["queries"]} == {"PyPI"}


@pytest.mark.parametrize("answer", [{"results": []}, {"results": None}, [], {}])
def test_an_answer_that_is_not_whole_is_no_audit(answer):
    with osv(answer) as (_heard, address), pytest.raises(AuditRefused):
        audit.from_service({("requests", "2.30.0")}, address)


def test_without_a_lock_file_what_is_installed_counts(tmp_path):
    found = audit.packages([tmp_path / "none.txt"])

    assert "ckan" in {name for name, _version in found}
    assert "ckanext-landlab" not in {name for name, _version in found}
