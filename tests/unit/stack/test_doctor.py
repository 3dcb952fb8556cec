"""The doctor says of each fault what to do; what needs a whole site is in tests/stack/test_watching.py."""

import json
import shutil
import threading
import time
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from ckanext.landlab.stack import doctor, health, manifest
from ckanext.landlab.stack.folder import Folder

PARTS = ("database", "redis", "search", "disk", "store", "queue")
SAFE = {
    "ckan.site_url": "https://daten.example.org",
    "debug": "false",
    "smtp.server": "mail.example.org",
    **{f"ckanext.landlab.pages.{page}": "https://example.org" for page in doctor.PAGES},
}


@pytest.fixture
def folder(tmp_path):
    folder = Folder(tmp_path / "var")
    folder.make()
    return folder


def faults(symptoms):
    return {symptom.name: symptom for symptom in symptoms if symptom.state != doctor.OK}


def test_a_site_that_is_set_up_rightly_has_no_fault_in_its_settings(folder):
    folder.secrets()

    assert faults(doctor._settings(folder, SAFE)) == {}


@pytest.mark.parametrize(
    ("change", "name", "state", "advice"),
    [
        ({"ckan.site_url": "http://daten.example.org"}, "https", doctor.WRONG, "name https in ckan.site_url"),
        ({"debug": "true"}, "debug", doctor.WRONG, "debug = false"),
        ({"smtp.server": ""}, "mail", doctor.WARNING, "smtp.server = …"),
        ({"ckanext.landlab.pages.imprint": ""}, "pages", doctor.WARNING, "ckanext.landlab.pages.imprint = …"),
    ],
)
def test_each_setting_that_is_wrong_has_its_advice(folder, change, name, state, advice):
    (fault,) = faults(doctor._settings(folder, {**SAFE, **change})).values()

    assert (fault.name, fault.state) == (name, state)
    assert advice in fault.advice


def test_what_only_this_machine_can_reach_may_do_without(folder):
    own = {"ckan.site_url": "http://localhost:5000"}
    folder.write("steps.json", {"sample": "1"})

    assert faults(doctor._settings(folder, own)) == {}


def test_sample_data_on_a_public_site_are_wrong(folder):
    folder.write("steps.json", {"sample": "1"})

    assert faults(doctor._settings(folder, SAFE))["sample"].advice == "ckan landlab sample remove"


def test_secrets_that_others_can_read_are_named(folder):
    folder.secrets()
    file = folder.path / "secrets.json"
    file.chmod(0o644)

    assert faults(doctor._settings(folder, SAFE))["secrets"].advice == f"chmod 600 {file}"


@pytest.mark.parametrize("part", PARTS)
def test_each_part_that_fails_has_advice_of_its_own(part):
    told = doctor._part(health.Part(part, works=False, seconds=1, reason="no answer", needed=part != "queue"))

    others = {doctor._advice(name) for name in ("database", "redis", "search", "disk", "store", "queue")} - {
        told.advice
    }
    assert told.state == (doctor.WARNING if part == "queue" else doctor.WRONG)
    assert told.advice
    assert len(others) == 5


def test_a_site_that_does_not_run_is_to_be_started(folder):
    (folder.path / "postgres").mkdir()

    (told,) = doctor._servers(folder)

    assert (told.state, told.advice) == (doctor.WRONG, "landlab up --detach")


@pytest.mark.parametrize(
    ("server", "state"),
    [({"state": "failed", "restarts": 0}, doctor.WRONG), ({"state": "running", "restarts": 9}, doctor.WARNING)],
)
def test_a_server_that_died_or_dies_again_and_again_has_its_log_named(folder, monkeypatch, server, state):
    (folder.path / "postgres").mkdir()
    monkeypatch.setattr(doctor, "report", lambda _folder: {"running": True, "servers": {"web": server}})

    (told,) = doctor._servers(folder)

    assert (told.state, told.advice) == (state, "landlab logs web")


@contextmanager
def page(status, pause=0.0):
    """A start page that answers so."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            time.sleep(pause)
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_words):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield {"ckan.site_url": f"http://127.0.0.1:{server.server_port}"}
    server.shutdown()


def test_the_start_page_is_looked_at(monkeypatch):
    with page(200) as settings:
        assert faults(doctor._page(settings, 5)) == {}
    with page(500) as settings:
        assert faults(doctor._page(settings, 5))["page"].advice == "landlab logs web"
    monkeypatch.setattr(doctor, "SLOW", 0.1)
    with page(200, 0.2) as settings:
        slow = faults(doctor._page(settings, 5))["page"]
    away = faults(doctor._page({"ckan.site_url": "http://127.0.0.1:9"}, 5))["page"]

    assert (slow.state, "more web workers" in slow.advice) == (doctor.WARNING, True)
    assert (away.state, "ckan.site_url is right" in away.advice) == (doctor.WRONG, True)


def test_errors_of_the_last_day_are_counted_and_older_ones_are_not(folder):
    now = datetime.now(timezone.utc)
    lines = [(now, "ERROR", "jetzt"), (now, "INFO", "nichts"), (now - timedelta(days=2), "ERROR", "vorgestern")]
    told = [json.dumps({"time": at.isoformat(), "level": level, "message": text}) for at, level, text in lines]
    half = told[0][: told[0].index("message")]  # just being written
    folder.log("web").write_text("\n".join([*told, half]))

    found = doctor._errors(folder)

    assert (found.state, found.advice) == (doctor.WARNING, "landlab logs web")
    assert "1 errors" in found.seen
    assert found.seen.endswith("jetzt")


def test_a_backup_that_is_missing_or_old_is_wrong(tmp_path):
    assert doctor._backup(tmp_path).advice == f"landlab backup {tmp_path} --keep 14"

    for name, hours, state in (
        ("landlab-20260101T000000Z", 30, doctor.WRONG),
        ("landlab-20260102T000000Z", 1, doctor.OK),
    ):
        made = datetime.now(timezone.utc) - timedelta(hours=hours)
        (tmp_path / name).mkdir()
        manifest.Manifest(made.isoformat(), "", {}, {}, ()).write(tmp_path / name)
        assert doctor._backup(tmp_path).state == state
    shutil.rmtree(tmp_path / name)
    assert "hours old" in doctor._backup(tmp_path).seen
