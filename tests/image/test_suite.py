"""The tests of tests/site, run by the Python of the image on its packages, as its user in its read-only root.

PostgreSQL and Redis are those of the image, Solr 9 is Solr 9.  A choice in every run, all of them with LANDLAB_FULL=1.
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
from conftest import HERE, Image, Servers

CHOICE = ("test_internal.py", "test_profile.py", "test_uploads.py", "test_words_of_the_site.py")
LEAST = 20  # tests that must have run
LIMIT = 3600  # seconds


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
    beside.lay(shared)
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
    lent = 'mount --bind "$1" "$2/venv" && mount -o remount,bind,ro "$2/venv" && shift 2 && exec "$@"'
    there = f'cd {beside.THERE}/checkout && exec "$@"'

    def _pytest(*words: str) -> subprocess.CompletedProcess[str]:
        run = ["/opt/landlab/bin/python", "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", *words]
        inside = ["sh", str(HERE / "inside"), str(image.root), image.uid, str(data), str(shared)]
        command = ["unshare", "--mount", "sh", "-c", lent, "sh", str(beside.PACKAGES), str(shared)]
        return subprocess.run(
            [*command, *inside, "sh", "-c", there, "sh", *run],
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
