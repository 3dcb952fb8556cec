"""Whatever process of the stack is killed, the site is whole within ten seconds and has lost nothing.

On a slow or busy machine it may take as many times longer as Python takes to start, never more than half a minute.
"""

import os
import signal
import subprocess
import time

import pytest
import requests
from conftest import AT_MOST, HEALED, STARTING, is_dead, living_children, wait_for, words_of
from redis import Redis


@pytest.fixture(scope="module")
def treasure(site):
    """A dataset in the database and the index, and a value in Redis: what must survive."""
    token = site.sysadmin()
    site.action("organization_create", token, name="rebenau", title="Stadt Rebenau")
    dataset = site.action(
        "package_create", token, name="schatz", title="Schatzkarte", owner_org="rebenau", state="draft", private=True
    )
    redis(site).set("treasure", "kept")
    return token, dataset["id"]


def redis(site):
    port = site.status()["servers"]["redis"]["address"].rpartition(":")[2]
    return Redis(port=int(port), password=site.secrets()["redis"], decode_responses=True)


def child_of(site, server):
    """A child of the server; for PostgreSQL one that serves a client, for the worker its scheduler."""
    children = living_children(site.pid(server))
    if server == "postgres":
        children = [child for child in children if "ckan ckan" in words_of(child)]
    return children[0]


@pytest.fixture(scope="module", autouse=True)
def before():
    """Seconds that this machine needs to start Python with CKAN before anything is killed."""
    return start_of_python()


def start_of_python():
    begun = time.monotonic()
    subprocess.run(STARTING, check=True, capture_output=True)
    return time.monotonic() - begun


@pytest.fixture(autouse=True)
def at_rest(site):
    """A worker that lost Redis or its scheduler in the test before has started anew."""
    wait_for(site.is_at_rest, 60)


def is_used_without_error(site, treasure):
    try:
        return bool(site.action("package_show", treasure[0], id="schatz"))
    except (AssertionError, requests.RequestException):
        return False


def wait_for_whole(site, treasure, killed):
    wait_for(site.is_whole, AT_MOST - (time.monotonic() - killed))
    wait_for(lambda: is_used_without_error(site, treasure), AT_MOST - (time.monotonic() - killed))


def assert_in_time(killed, before):
    """What took longer than it may must have done so on a machine that takes as much longer to start Python."""
    took = time.monotonic() - killed
    assert took < HEALED or took < 4 * max(before, start_of_python())


def assert_nothing_lost(site, treasure):
    token, dataset = treasure
    assert site.action("package_show", token, id="schatz")["id"] == dataset
    found = site.action("package_search", token, q="schatzkarte", include_drafts=True, include_private=True)
    assert [result["id"] for result in found["results"]] == [dataset]
    assert redis(site).get("treasure") == "kept"
    page = requests.get(site.status()["address"], timeout=30)
    assert page.status_code == 200


@pytest.mark.parametrize("server", ["postgres", "redis", "search", "web", "worker"])
def test_a_killed_server_comes_back(site, treasure, before, server):
    victim = site.pid(server)

    os.kill(victim, signal.SIGKILL)
    killed = time.monotonic()

    wait_for(lambda: site.pid(server) not in (victim, None), AT_MOST)
    wait_for_whole(site, treasure, killed)
    assert_in_time(killed, before)
    assert_nothing_lost(site, treasure)


@pytest.mark.parametrize("server", ["postgres", "web", "worker"])
def test_a_killed_child_of_a_server_comes_back(site, treasure, before, server):
    requests.get(site.status()["address"], timeout=30)  # so that PostgreSQL has a client
    victim = child_of(site, server)

    victim.kill()
    killed = time.monotonic()

    wait_for(lambda: is_dead(victim), AT_MOST)
    wait_for(lambda: bool(living_children(site.pid(server))), AT_MOST - (time.monotonic() - killed))
    wait_for_whole(site, treasure, killed)
    if server != "worker":  # which is started anew when it has ended in order
        assert_in_time(killed, before)
    assert_nothing_lost(site, treasure)


def test_a_killed_supervisor_takes_its_servers_along_and_the_next_start_finds_all_data(site, treasure):
    os.kill(site.status()["supervisor"]["pid"], signal.SIGKILL)

    wait_for(lambda: not site.processes(), 60)
    site.up()

    assert site.is_whole()
    assert_nothing_lost(site, treasure)
