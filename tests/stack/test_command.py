"""`landlab` as a person and a script use it."""

import pytest
import requests
from conftest import Running, words_of

SERVERS = {"postgres", "redis", "search", "web", "worker"}


def test_status_gives_scripts_address_state_and_pid_of_every_server(site):
    status = site.status()

    assert status["running"]
    assert status["ready"]
    assert status["address"].startswith("http://localhost:")
    assert set(status["servers"]) == SERVERS
    assert {server["state"] for server in status["servers"].values()} == {"running"}
    assert all(server["pid"] for server in status["servers"].values())


def test_scripts_speak_german(site):
    texts = requests.get(f"{site.status()['address']}/api/i18n/de", timeout=30).json()

    assert texts["Upload"][1] == "Hochladen"
    assert texts["Please Confirm"][1] == "Bitte bestätigen", "which CKAN has no German for"


def test_a_second_start_says_where_it_already_runs(site):
    ended = site.landlab("up")

    assert ended.returncode == 0
    assert site.status()["address"] in ended.stdout


def test_logs_are_shown_by_name(site):
    assert "ready to accept connections" in site.landlab("logs", "-n", "10000", "postgres").stdout
    unknown = site.landlab("logs", "oracle")
    assert unknown.returncode == 1
    assert "postgres" in unknown.stderr


def test_no_password_stands_where_everybody_can_read_it(site):
    secrets = site.secrets().values()
    assert len(secrets) >= 6

    for process in site.processes():
        assert not any(secret in words_of(process) for secret in secrets)
    open_to_others = [path for path in site.data.iterdir() if path.is_file() and path.stat().st_mode & 0o077]
    assert [path.name for path in open_to_others if any(secret in path.read_text() for secret in secrets)] == []


def test_german_where_the_system_is_german(site):
    german = Running(site.data, LC_ALL="de_DE.UTF-8")

    assert "Es läuft schon" in german.landlab("up").stdout


@pytest.mark.parametrize("variable", ["CKAN_SQLALCHEMY_URL", "CKAN_REDIS_URL", "CKAN_SOLR_URL"])
def test_a_named_server_that_does_not_answer_is_named_and_nothing_is_left(another, variable):
    url = {
        "CKAN_SQLALCHEMY_URL": "postgresql://me:secret@127.0.0.1:9/ckan",
        "CKAN_REDIS_URL": "redis://:secret@127.0.0.1:9/0",
        "CKAN_SOLR_URL": "http://me:secret@127.0.0.1:9/solr/ckan",
    }[variable]
    running = another(**{variable: url})

    ended = running.landlab("up", "--no-sample")

    assert ended.returncode == 1
    assert f"{variable} is set, but" in ended.stderr
    assert "secret" not in ended.stderr
    assert running.processes() == []


def test_reset_asks_first(another):
    running = another()
    running.data.mkdir()
    (running.data / "secrets.json").write_text("{}")

    assert running.landlab("reset", input="n\n").returncode == 1
    assert (running.data / "secrets.json").exists()
    assert running.landlab("reset", "--yes").returncode == 0
    assert not (running.data / "secrets.json").exists()


def test_reset_keeps_away_from_a_folder_that_is_not_ours(another):
    running = another()
    running.data.mkdir()
    (running.data / "search").mkdir()

    assert running.landlab("reset", "--yes").returncode == 1
    assert (running.data / "search").exists()


def test_stopping_what_does_not_run_is_no_error(another):
    ended = another().landlab("down")

    assert (ended.returncode, ended.stdout) == (0, "Nothing was running.\n")
