"""What a container does: it waits, says what is missing, migrates once, serves, and writes only where it may."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
import requests
from conftest import PORT, Container, Image, Servers, wait_until

SIZE = 800  # MB, all files of the image
Start = Callable[..., Container]
Volume = Callable[[], Path]


def megabytes(folder: Path) -> int:
    return int(subprocess.run(["du", "-sxm", folder], capture_output=True, text=True, check=True).stdout.split()[0])


def test_the_image_is_small_labelled_and_carries_neither_compiler_nor_repository(image: Image) -> None:
    size = megabytes(image.root)
    print(f"\nimage: {size} MB on disk, {megabytes(image.root / 'opt/landlab')} MB of them Python and CKAN")

    labels = image.configuration["config"]["Labels"]
    assert size < SIZE
    assert labels["org.opencontainers.image.licenses"] == "AGPL-3.0-or-later"
    assert len(labels["org.opencontainers.image.revision"]) == 40
    for name in ("gcc", "cc", "g++", "make", "git", "pip", "pip3"):
        assert not any(
            (image.root / folder / name).exists() for folder in ("usr/bin", "usr/local/bin", "opt/landlab/bin")
        )
    for name in (".git", ".env", "var/lib/landlab/secrets.json", "build"):
        assert not (image.root / name).exists()
    assert int(image.uid) >= 1000


def test_debian_12_and_its_python(image: Image) -> None:
    assert 'VERSION_ID="12"' in (image.root / "etc/os-release").read_text()
    assert (image.root / "opt/landlab/bin/python").is_symlink()
    assert (image.root / "usr/bin/python3.11").exists()


def test_compiled_modules_are_known_by_their_content(image: Image) -> None:
    """All files have the time of the commit: Python would not take a module that remembers the time of its source."""
    folders = ("usr/lib/python3.11", "opt/landlab/lib/python3.11/site-packages/ckan")
    found = [file for folder in folders for file in (image.root / folder).glob("__pycache__/*.pyc")]

    assert len(found) > 100
    assert [file.name for file in found if not file.read_bytes()[4] & 1] == []


def test_a_missing_setting_stops_the_start_with_one_sentence_that_names_it(
    start: Start, volume: Volume, servers: Servers
) -> None:
    settings = {name: text for name, text in servers.environment.items() if name != "LANDLAB_SITE_URL"}

    ended = start("serve", "web", data=volume(), **settings)

    assert ended.wait(60) == 1
    assert ended.text.startswith("Error: LANDLAB_SITE_URL is not set.")
    assert ended.text.count("\n") == 1


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        (
            "LANDLAB_WEB_WORKERS",
            "many",
            "LANDLAB_WEB_WORKERS is set to 'many', but it must be a whole number from 1 to 64.",
        ),
        ("LANDLAB_SEARCH", "solr:8983", "LANDLAB_SEARCH is set to 'solr:8983', but it must be an address"),
        (
            "LANDLAB_SECRET_SITE_FILE",
            "/run/none",
            "LANDLAB_SECRET_SITE_FILE is set to '/run/none', but the file cannot",
        ),
    ],
)
def test_a_wrong_setting_stops_the_start_with_one_sentence(
    start: Start, volume: Volume, servers: Servers, variable: str, value: str, said: str
) -> None:
    ended = start("serve", "web", data=volume(), **{**servers.environment, variable: value})

    assert ended.wait(60) == 1
    assert said in ended.text
    assert "Traceback" not in ended.text


def test_a_server_that_does_not_answer_is_named_after_a_bounded_wait(
    start: Start, volume: Volume, servers: Servers
) -> None:
    begun = time.monotonic()
    wrong = {"LANDLAB_SECRET_DATABASE": "not-the-password", "LANDLAB_PATIENCE": "3"}

    ended = start("serve", "web", data=volume(), **{**servers.environment, **wrong})

    assert ended.wait(60) == 1
    assert "LANDLAB_DATABASE is set, but postgresql://127.0.0.1" in ended.text
    assert "password authentication failed" in ended.text
    assert "not-the-password" not in ended.text
    assert time.monotonic() - begun < 45


def test_two_that_start_at_once_migrate_once(webs: list[Container]) -> None:
    upgraded = [container.text.count("ckan: empty ->") for container in webs]

    assert sorted(upgraded) == [0, 1], [container.text for container in webs]
    assert all(container.text.count("The database is up to date.") == 1 for container in webs)


def test_it_runs_as_the_ordinary_user_in_a_read_only_root(webs: list[Container], image: Image) -> None:
    status = Path(f"/proc/{webs[0].first}/status").read_text()
    facts = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)

    assert facts["Uid"].split() == [image.uid] * 4
    assert int(facts["CapEff"], 16) == int(facts["CapBnd"], 16) == 0
    assert facts["NoNewPrivs"].strip() == "1"
    assert "Read-only file system" in webs[0].run("sh", "-c", "touch /opt/landlab/there").stdout
    assert "Read-only file system" in webs[0].run("sh", "-c", "touch /etc/there").stdout


def test_no_secret_is_in_the_log(webs: list[Container], servers: Servers) -> None:
    known = json.loads((webs[0].data / "secrets.json").read_text())
    secrets = [
        *known.values(),
        servers.environment["LANDLAB_SECRET_DATABASE"],
        servers.environment["LANDLAB_SECRET_REDIS"],
    ]

    assert len(secrets) >= 6
    assert not [container for container in webs for secret in secrets if secret in container.text]


def test_the_secrets_of_other_servers_are_handed_out_once_made(start: Start, volume: Volume) -> None:
    data = volume()
    target = "/var/lib/landlab/shared"
    assert start("secrets", target, data=data).wait(60) == 0
    first = {file.name: file.read_text() for file in (data / "shared").iterdir()}
    assert start("secrets", target, data=data).wait(60) == 0

    assert set(first) == {"database", "redis", "redis.conf", "search"}
    assert {file.name: file.read_text() for file in (data / "shared").iterdir()} == first
    assert first["redis"].strip() in first["redis.conf"]
    assert all((file.stat().st_mode & 0o777) == 0o444 for file in (data / "shared").iterdir())
    assert (data / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_the_health_checks_ask_the_real_thing(start: Start, webs: list[Container], servers: Servers) -> None:
    assert webs[0].run("landlab", "answers", "web").returncode == 0
    assert webs[0].run("landlab", "answers", "worker").returncode == 1, "there is no worker in this container"

    worker = start("serve", "worker", data=webs[0].data, **servers.environment)
    wait_until(lambda: worker.run("landlab", "answers", "worker").returncode == 0, "worker", worker)


def test_the_search_service_serves_alone(start: Start, volume: Volume) -> None:
    settings = {"LANDLAB_BIND": "127.0.0.4:8983", "LANDLAB_SECRET_SEARCH": "s" * 40}
    search = start("serve", "search", data=volume(), **settings)

    wait_until(lambda: search.run("landlab", "answers", "search").returncode == 0, "search", search)
    address = "http://127.0.0.4:8983/solr/ckan/select?q=*:*&rows=0"
    assert requests.get(address, timeout=10).status_code == 401
    assert requests.get(address, auth=("ckan", "s" * 40), timeout=10).json()["response"]["numFound"] == 0


@pytest.fixture
def stands_at(servers: Servers) -> Iterator[Callable[[str], None]]:
    """Say that the database stands at another revision; afterwards it says the truth again."""

    def ask(statement: str, *values: str) -> list[tuple]:
        connection = psycopg2.connect(servers.postgres.url)
        with connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            found = cursor.fetchall()
        connection.close()
        return found

    change = "UPDATE landlab_alembic_version SET version_num = %s RETURNING version_num"
    ((true,),) = ask("SELECT version_num FROM landlab_alembic_version")
    yield lambda revision: ask(change, revision) and None
    ask(change, true)


def test_a_database_that_a_later_version_wrote_is_refused(
    start: Start, webs: list[Container], servers: Servers, stands_at: Callable[[str], None]
) -> None:
    stands_at("999_from_tomorrow")
    ended = start("serve", "web", data=webs[0].data, **{**servers.environment, "LANDLAB_BIND": "127.0.0.5:5077"})

    assert ended.wait() == 1
    assert (
        "The database was written by a later version of landlab: it stands at revision 999_from_tomorrow" in ended.text
    )
    assert "Traceback" not in ended.text


def test_an_older_database_is_named_where_a_start_may_not_migrate(
    start: Start, webs: list[Container], servers: Servers, stands_at: Callable[[str], None]
) -> None:
    stands_at("001_notices")
    ended = start("serve", "web", data=webs[0].data, **{**servers.environment, "LANDLAB_MIGRATE": "no"})

    assert ended.wait() == 1
    assert "The database is older than landlab: it stands at revision 001_notices" in ended.text


def test_a_stop_is_obeyed_at_once(start: Start, webs: list[Container], servers: Servers) -> None:
    extra = start("serve", "web", data=webs[0].data, **servers.environment, LANDLAB_BIND=f"127.0.0.6:{PORT}")
    wait_until(lambda: extra.run("landlab", "answers", "web").returncode == 0, "web", extra)
    begun = time.monotonic()

    os.kill(extra.first, 15)

    assert extra.wait(30) == 0
    assert time.monotonic() - begun < 15
