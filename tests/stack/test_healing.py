"""Whatever process of the stack is killed, the site is whole within ten seconds and has lost nothing.

On a slow or busy machine it may take as many times longer as Python takes to start, never more than half a minute.
"""

import os
import signal
import subprocess
import time

import psutil
import pytest
import requests
from conftest import AT_MOST, HEALED, STARTING, is_dead, wait_for
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
    children = psutil.Process(site.pid(server)).children()
    if server == "postgres":
        children = [child for child in children if "ckan ckan" in " ".join(child.cmdline())]
    return children[0].pid


@pytest.fixture(scope="module")
def healed():
    """Seconds for a site to be whole again: what a machine can do that takes so long to start Python with CKAN."""
    begun = time.monotonic()
    subprocess.run(STARTING, check=True, capture_output=True)
    return min(AT_MOST, max(HEALED, 4 * (time.monotonic() - begun)))


def living_children(pid):
    try:
        children = psutil.Process(pid).children() if pid else []
        return [child for child in children if not is_dead(child)]
    except psutil.NoSuchProcess:  # it ended while we looked
        return []


def is_used_without_error(site, treasure):
    try:
        return bool(site.action("package_show", treasure[0], id="schatz"))
    except (AssertionError, requests.RequestException):
        return False


def assert_whole_in_time(site, treasure, killed, limit):
    wait_for(site.is_whole, limit - (time.monotonic() - killed))
    wait_for(lambda: is_used_without_error(site, treasure), limit - (time.monotonic() - killed))
    assert_nothing_lost(site, treasure)


def assert_nothing_lost(site, treasure):
    token, dataset = treasure
    assert site.action("package_show", token, id="schatz")["id"] == dataset
    found = site.action("package_search", token, q="schatzkarte", include_drafts=True, include_private=True)
    assert [result["id"] for result in found["results"]] == [dataset]
    assert redis(site).get("treasure") == "kept"
    page = requests.get(site.status()["address"], timeout=10)
    assert page.status_code == 200


@pytest.mark.parametrize("server", ["postgres", "redis", "search", "web", "worker"])
def test_a_killed_server_comes_back(site, treasure, healed, server):
    victim = site.pid(server)

    os.kill(victim, signal.SIGKILL)
    killed = time.monotonic()

    wait_for(lambda: site.pid(server) not in (victim, None), healed)
    assert_whole_in_time(site, treasure, killed, healed)


@pytest.mark.parametrize("server", ["postgres", "web", "worker"])
def test_a_killed_child_of_a_server_comes_back(site, treasure, healed, server):
    requests.get(site.status()["address"], timeout=10)  # so that PostgreSQL has a client
    victim = psutil.Process(child_of(site, server))

    victim.kill()
    killed = time.monotonic()

    wait_for(lambda: is_dead(victim), healed)
    # A worker that has lost its scheduler is started anew, when it has ended in order.
    limit = AT_MOST if server == "worker" else healed
    wait_for(lambda: bool(living_children(site.pid(server))), limit - (time.monotonic() - killed))
    assert_whole_in_time(site, treasure, killed, limit)


def test_a_killed_supervisor_takes_its_servers_along_and_the_next_start_finds_all_data(site, treasure):
    os.kill(site.status()["supervisor"]["pid"], signal.SIGKILL)

    wait_for(lambda: not site.processes(), 20)
    site.up()

    assert site.is_whole()
    assert_nothing_lost(site, treasure)
