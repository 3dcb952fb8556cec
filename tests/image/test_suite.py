"""The tests of other folders, tried on the image, with a real Solr 9.

Those of tests/site are run by the Python of the image on its packages, as its user in its read-only root; a choice in
every run, all with LANDLAB_FULL=1.  Those of tests/browser see a container behind nginx, with LANDLAB_FULL=1.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import beside
import pytest
import solr9
from conftest import CHECKOUT, HERE, PORT, Container, Image, Servers, wait_until
from front import Front, Names, certificate, front

__all__ = ["certificate", "front"]  # fixtures
CHOICE = ("test_internal.py", "test_profile.py", "test_uploads.py", "test_words_of_the_site.py")
BROWSER = ("tests/browser", "--ignore=tests/browser/test_harvesting.py")  # a container reaches no 127.0.0.1 of ours
LEAST = 20  # tests that must have run
LIMIT = 3600  # seconds
# shell; lends folders read-only, "FROM TO FROM TO -- COMMAND"
LEND = 'while [ "$1" != -- ]; do mount --bind "$1" "$2"; mount -o remount,bind,ro "$2"; shift 2; done; shift; exec "$@"'
ALONE = "127.0.0.7"  # where a container listens of which the other tests do not know


@pytest.fixture
def pytest_inside(
    image: Image, servers: Servers, volume: Callable[[], Path], room: Callable[[str], Path]
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run pytest inside the image."""
    python = (image.root / "opt/landlab/bin/python").resolve().name
    if python != f"python{sys.version_info.major}.{sys.version_info.minor}":
        pytest.skip(f"THE SITE WAS NOT TRIED IN THE IMAGE: it has {python}, the tests' packages are for another")
    shared = room("beside")
    shared.chmod(0o755)
    lent = beside.lay(shared)
    data = volume()
    solr = servers.environment["LANDLAB_SEARCH"].rpartition("/")[0]
    environment = {
        **image.environment,
        "PYTHONPATH": f"{beside.THERE}/start",
        "LANDLAB_TEST_DATA": "/var/lib/landlab/test",
        "LANDLAB_TEST_ENGINE": f"{solr}/tests",
    }
    for name in ("CKAN_INI", "LANDLAB_DATA"):
        environment.pop(name)
    there = f'cd {beside.THERE}/checkout && exec "$@"'

    def _pytest(*words: str) -> subprocess.CompletedProcess[str]:
        run = ["/opt/landlab/bin/python", "-m", "pytest", "-q", "-rfEs", "-p", "no:cacheprovider", *words]
        inside = ["sh", str(HERE / "inside"), str(image.root), image.uid, str(data), str(shared)]
        pairs = [str(path) for pair in lent.items() for path in pair]
        return subprocess.run(
            ["unshare", "--mount", "sh", "-euc", LEND, "sh", *pairs, "--", *inside, "sh", "-c", there, "sh", *run],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=LIMIT,
            check=False,
        )

    return _pytest


def test_the_tests_of_the_site_pass_inside_the_image(
    pytest_inside: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    chosen = ["tests/site"] if os.environ.get("LANDLAB_FULL") else [f"tests/site/{name}" for name in CHOICE]

    ended = pytest_inside(*chosen)

    print(ended.stdout[-3000:])
    assert ended.returncode == 0, ended.stdout[-6000:]
    assert "Loading templates from /opt/landlab/lib" in ended.stdout
    passed = re.search(r"(\d+) passed", ended.stdout)
    assert passed
    assert int(passed[1]) >= LEAST


@pytest.fixture
def before_nginx(
    start: Callable[..., Container],
    volume: Callable[[], Path],
    servers: Servers,
    front: Callable[..., Front],
) -> str:
    """The address of nginx before a container with the sample data and its worker."""
    port, data = solr9.free_port(), volume()
    address = f"http://127.0.0.1:{port}"
    settings = {**servers.environment, "LANDLAB_SITE_URL": address}
    web = start("serve", "web", data=data, **settings, LANDLAB_BIND=f"{ALONE}:{PORT}")
    wait_until(lambda: web.run("landlab", "answers", "web").returncode == 0, "web", web)
    loaded = web.run("ckan", "landlab", "sample", "load")
    assert loaded.returncode == 0, loaded.stdout[-2000:]
    start("serve", "worker", data=data, **settings)
    front(names=Names((ALONE,)), port=port, LANDLAB_SITE_URL=address, LANDLAB_API_RATE="1000")
    return address


@pytest.mark.skipif(not os.environ.get("LANDLAB_FULL"), reason="takes minutes: LANDLAB_FULL=1")
def test_the_tests_with_a_browser_pass_before_nginx(before_nginx: str) -> None:
    words = ["-q", "-rs", "-p", "no:ckan", "-p", "no:ckan_fixtures", *BROWSER]

    ended = subprocess.run(
        [sys.executable, "-m", "pytest", *words],
        cwd=CHECKOUT,
        env={**os.environ, "LANDLAB_BROWSER_SITE": before_nginx},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=LIMIT,
        check=False,
    )

    print(ended.stdout[-3000:])
    assert ended.returncode == 0, ended.stdout[-6000:]
