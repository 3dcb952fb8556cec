"""Two builds of the same checkout give the same image: every file, its bytes, owner and rights, and so its digest.

With LANDLAB_FULL=1, because it builds twice from nothing.  Packages of Debian and of the index are those of the hour.
"""

from __future__ import annotations

import hashlib
import os
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import HERE, buildah, mounted

pytestmark = pytest.mark.skipif(not os.environ.get("LANDLAB_FULL"), reason="builds twice: LANDLAB_FULL=1")


def contents(root: Path) -> dict[str, tuple]:
    """Every path below *root* and what is there."""
    return {str(path.relative_to(root)): _facts(path) for path in _paths(root)}


def _paths(root: Path) -> Iterator[Path]:
    for folder, folders, files in os.walk(root):
        yield from (Path(folder, name) for name in (*folders, *files))


def _facts(path: Path) -> tuple:
    found = path.lstat()
    what = ""
    if stat.S_ISLNK(found.st_mode):
        what = str(path.readlink())
    elif stat.S_ISREG(found.st_mode):
        what = hashlib.sha256(path.read_bytes()).hexdigest()
    return oct(found.st_mode), found.st_uid, found.st_gid, int(found.st_mtime), what


def test_two_builds_give_the_same_image() -> None:
    seen, digests = [], []
    for name in ("localhost/landlab:once", "localhost/landlab:again"):
        environment = {**os.environ, "LANDLAB_IMAGE": name, "LANDLAB_BUILD": "--no-cache"}
        subprocess.run(["sh", HERE / "build"], env=environment, stdout=subprocess.PIPE, check=True)
        with mounted(name) as image:
            seen.append(contents(image.root))
            digests.append(image.configuration["rootfs"])
        buildah("rmi", name)

    once, again = seen
    print(f"\n{len(once)} files twice")
    assert len(once) > 10_000
    assert sorted(name for name in {**once, **again} if once.get(name) != again.get(name)) == []
    assert digests[0] == digests[1]
