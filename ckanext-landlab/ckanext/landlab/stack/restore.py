"""Putting a backup back: judged first, then database and files in one step each, then what can be made anew."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2
from ckanext.landlab.errors import BackupRefused
from ckanext.landlab.stack import dump, manifest
from ckanext.landlab.stack.bucket import UPLOADS
from ckanext.landlab.stack.language import _
from ckanext.landlab.stack.manifest import DATABASE, FILES, SETTINGS, Manifest
from ckanext.landlab.stack.place import Place

MIGRATIONS = Path(__file__).parents[1] / "migration" / "landlab" / "versions"
REVISION = re.compile(r"""^revision[^=]*=\s*["'](.+?)["']""", re.MULTILINE)
OUR_TABLES = "landlab_alembic_version"


def judge(place: Place, folder: Path) -> Manifest:
    """The list of the backup in *folder*; raises BackupRefused, with nothing touched, if it must not be restored."""
    found = manifest.check(folder)
    if not dump.is_readable(place, folder / DATABASE):
        raise BackupRefused(folder, _("This backup is damaged: {file} is no database.").format(file=DATABASE))
    revision = found.versions.get(OUR_TABLES, "")
    if revision and revision not in revisions():
        message = _("This backup comes from a newer version of landlab ({version}). Please install that one first.")
        raise BackupRefused(folder, message.format(version=found.versions.get("ckanext-landlab", "?")))
    _require_room(place, folder, found)
    return found


def revisions() -> list[str]:
    """The migrations of our tables that this version knows, in their order."""
    files = (file.read_text(encoding="utf-8") for file in sorted(MIGRATIONS.glob("[0-9]*.py")))
    return [found.group(1) for text in files if (found := REVISION.search(text))]


def others(place: Place) -> int:
    """How many programs are using the database at this moment."""
    connection = psycopg2.connect(place.database, connect_timeout=10)
    try:
        cursor = connection.cursor()
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        (count,) = cursor.fetchone() or (0,)
        return int(count)
    finally:
        connection.close()


def restore(place: Place, folder: Path) -> None:
    """Put database and files of the backup *folder* in the place of what is there, wholly or not at all."""
    try:
        with _files_beside(place, folder / FILES) as new:
            dump.restore(place, folder / DATABASE)
            if place.bucket:
                place.bucket.replace_by(new)
                for name in UPLOADS:
                    shutil.rmtree(new / name, ignore_errors=True)
            _exchange(place.files, new)
    except OSError as error:
        raise BackupRefused(place.files, error.strerror or str(error)) from error


def own_settings(folder: Path) -> str:
    """The settings that people had made, as the backup *folder* holds them."""
    return (folder / SETTINGS).read_text(encoding="utf-8")


@contextmanager
def _files_beside(place: Place, source: Path) -> Iterator[Path]:
    """The files of the backup in a folder beside the present ones, so that the exchange takes no time."""
    place.files.mkdir(parents=True, exist_ok=True)
    new = place.files / ".restored"
    shutil.rmtree(new, ignore_errors=True)
    try:
        shutil.copytree(source, new) if source.is_dir() else new.mkdir()
        _hand_over(new, place.files)
        yield new
    finally:
        shutil.rmtree(new, ignore_errors=True)


def _hand_over(new: Path, folder: Path) -> None:
    """Give the files to whom the folder belongs, where we are allowed to: a restore often runs as root."""
    owner = folder.stat()
    if os.geteuid() == 0:
        for path in (new, *new.rglob("*")):
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)


def _exchange(files: Path, new: Path) -> None:
    """Put what lies in *new* in the place of everything else in *files*, which may be a mount and cannot be renamed."""
    for path in files.iterdir():
        if path != new:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    for path in new.iterdir():
        path.rename(files / path.name)


def _require_room(place: Place, folder: Path, found: Manifest) -> None:
    parent = next(path for path in (place.files, *place.files.parents) if path.exists())
    free = shutil.disk_usage(parent).free
    if free < found.size:
        message = _("There is too little room: {needed} MB are needed, {free} MB are free.")
        raise BackupRefused(folder, message.format(needed=found.size >> 20, free=free >> 20))
