"""What the tests need and the image has not, laid beside it: their packages, the tests that packages bring along, and
what others have published.

The packages of the image come first, and of all others only those that requirements-dev.txt adds are there, so that a
package which the image lacks stays missing.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sysconfig
from importlib import metadata
from pathlib import Path

CHECKOUT = Path(__file__).parents[2]
PACKAGES = Path(sysconfig.get_path("purelib"))
PUBLISHED = CHECKOUT.parent / "shared" / "testdata"  # official shapes and lists; without them their tests are skipped
LISTED = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
THERE = "/backups"  # where the image sees the folder

# Python reads it at its start.  The image leaves out the tests of CKAN and its extensions, whose helpers ours use.
START = f"""\
import sys
from importlib.machinery import PathFinder

class Left:
    @staticmethod
    def find_spec(name, path=None, target=None):
        parent = name.rpartition(".")[0].replace(".", "/")
        is_left = name.startswith(("ckan.", "ckanext.")) and "tests" in name.split(".")
        return PathFinder.find_spec(name, ["{THERE}/venv/" + parent]) if is_left else None

sys.meta_path.append(Left)
sys.path.append("{THERE}/packages")
"""


def lay(folder: Path) -> dict[Path, Path]:
    """Put this checkout, as it is committed or changed, and the packages of the tests into *folder*; returns which
    folders are to be mounted where."""
    for name in ("checkout", "packages", "start"):
        (folder / name).mkdir()
    for name in subprocess.run(LISTED, cwd=CHECKOUT, check=True, capture_output=True, text=True).stdout.split("\0"):
        if name and (CHECKOUT / name).is_file():
            (folder / "checkout" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / name, folder / "checkout" / name)
    (folder / "start" / "sitecustomize.py").write_text(START, encoding="utf-8")
    wanted = _pinned("requirements-dev.txt") - _pinned("requirements.txt")
    for found in metadata.distributions(path=[str(PACKAGES)]):
        if _plain(found.name) in wanted:
            for top in {file.parts[0] for file in found.files or ()} - {"..", "__pycache__"}:
                (folder / "packages" / top).symlink_to(f"{THERE}/venv/{top}")
    lent = {PACKAGES: folder / "venv", PUBLISHED: folder / "shared" / "testdata"}
    for there in lent.values():
        there.mkdir(parents=True, exist_ok=True)
    return {here: there for here, there in lent.items() if here.is_dir()}


def _pinned(name: str) -> set[str]:
    text = (CHECKOUT / name).read_text(encoding="utf-8")
    return {_plain(found) for found in re.findall(r"^([A-Za-z0-9._-]+)==", text, re.MULTILINE)}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()
