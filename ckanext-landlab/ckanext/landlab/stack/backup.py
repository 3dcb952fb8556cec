"""A backup while people work: database and files of the very same moment.

An uploaded file is put in its place before its dataset is committed.  So for a moment we keep everybody from
committing; in it we name a snapshot of the database and tie the files down with hard links, which takes
milliseconds, because no byte is copied.  A file is replaced by another, never written into (see storage.py); what is
tied down stays as it was.  Then people go on, and we copy at leisure.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from configparser import RawConfigParser
from contextlib import contextmanager
from datetime import datetime, timezone
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import psycopg2
import psycopg2.extensions
from ckanext.landlab.errors import BackupRefused
from ckanext.landlab.stack import dump, manifest
from ckanext.landlab.stack.bucket import PASSING
from ckanext.landlab.stack.language import _
from ckanext.landlab.stack.place import Place
from psycopg2 import sql

TABLES = ("package", "resource", "group", "user")  # all that uploads belong to
LOCK_WAIT = 2  # seconds that writers may have to queue behind us, if somebody else's write takes long
PATIENCE = 60  # seconds until we give up
TRIES = 5  # moments that we take while files in a bucket are being replaced
REST = 1  # second between two tries
ROOM = 20 * 1024 * 1024  # bytes to leave free
PACKAGES = ("ckan", "ckanext-landlab", "ckanext-dcat", "ckanext-harvest", "ckanext-scheming")
SECRET_WORDS = ("password", "secret", "token", "api_key", "apikey", "dsn", "credential", "privatekey")
PRIVATE = 0o700


def backup(place: Place, folder: Path, own_settings: Path | None = None) -> Path:
    """Make a backup of *place* below *folder* and return it; it appears whole or not at all."""
    part = folder / f".landlab-{os.getpid()}.part"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made, rows, versions = _taken(place, folder, part)
        _write_settings(own_settings, part / manifest.SETTINGS)
        entries = tuple(manifest.entry_of(part, file) for file in sorted(part.rglob("*")) if file.is_file())
        site = str(place.settings.get("ckan.site_url", ""))
        manifest.Manifest(made.isoformat(timespec="seconds"), site, versions, rows, entries).write(part)
        _settle(part)
        return part.rename(_free_name(folder, made))
    except (OSError, psycopg2.Error) as error:
        raise BackupRefused(folder, str(error).strip()) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _taken(place: Place, folder: Path, part: Path) -> tuple[datetime, dict[str, int], dict[str, str]]:
    """Database and files of one moment, in *part*: when that was, how many rows, of which versions.

    Files in a bucket cannot be tied down.  Where one is replaced while we copy, we take another moment.
    """
    for _try in range(TRIES):
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=PRIVATE)
        made = datetime.now(timezone.utc)
        with _moment(place) as (tied, snapshot, cursor, stored):
            _require_room(folder, tied, cursor)
            dump.dump(place, part / manifest.DATABASE, snapshot)
            rows, versions = _rows(cursor), _versions(cursor)
            _copy(tied, part / manifest.FILES)
            if place.bucket is None or place.bucket.copy_to(part / manifest.FILES, stored):
                return made, rows, versions
    message = _("Files were replaced again and again meanwhile. Please try again at a quieter time.")
    raise BackupRefused(folder, message)


@contextmanager
def _moment(place: Place) -> Iterator[tuple[Path, str, psycopg2.extensions.cursor, dict[str, str]]]:
    """The files tied down, the snapshot of the database that belongs to them, and what lay in the bucket then."""
    tied = place.files.with_name(f"{place.files.name}.backup-{os.getpid()}")
    tied = tied if os.access(tied.parent, os.W_OK) else place.files / f".backup-{os.getpid()}"
    snapshot = _connected(place)
    try:
        with _nobody_commits(place):
            snapshot.set_session(isolation_level="REPEATABLE READ", readonly=True)
            cursor = snapshot.cursor()
            cursor.execute("SELECT pg_export_snapshot()")
            (name,) = cursor.fetchone() or ("",)
            _tie(place.files, tied)
            stored = place.bucket.files() if place.bucket else {}
        yield tied, name, cursor, stored
    finally:
        snapshot.close()
        shutil.rmtree(tied, ignore_errors=True)


@contextmanager
def _nobody_commits(place: Place) -> Iterator[None]:
    """Keep everybody from writing what files belong to; they wait for us, and we never let them wait long."""
    guard = _connected(place)
    until = time.monotonic() + PATIENCE
    tables = sql.SQL(", ").join(map(sql.Identifier, TABLES))
    try:
        while True:
            cursor = guard.cursor()
            cursor.execute("SET LOCAL lock_timeout = %s", (f"{LOCK_WAIT}s",))
            try:
                cursor.execute(sql.SQL("LOCK TABLE {} IN SHARE MODE").format(tables))
                break
            except psycopg2.errors.LockNotAvailable as error:
                guard.rollback()
                if time.monotonic() > until:
                    message = _("Somebody has been writing for over a minute (a harvest?). Please try again later.")
                    raise BackupRefused(place.files, message) from error
                time.sleep(REST)
        yield
    finally:
        guard.close()


def _connected(place: Place) -> psycopg2.extensions.connection:
    return psycopg2.connect(place.database, connect_timeout=10)


def _tie(source: Path, target: Path) -> None:
    """Give every file below *source* a second name below *target*; a copy where links are unknown."""
    target.mkdir(mode=PRIVATE)
    for folder, folders, files in os.walk(source):
        folders[:] = [name for name in folders if not name.startswith(".backup-")]
        place = target / Path(folder).relative_to(source)
        place.mkdir(exist_ok=True)
        for name in files:
            if not name.endswith(PASSING):  # a file that is still being written
                _link_or_copy(Path(folder) / name, place / name)


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def _copy(source: Path, target: Path) -> None:
    """Copy regular files only: a link in the folder of uploads is nobody's data."""

    def not_regular(folder: str, names: list[str]) -> list[str]:
        return [name for name in names if Path(folder, name).is_symlink()]

    shutil.copytree(source, target, ignore=not_regular, copy_function=shutil.copy2)


def _require_room(folder: Path, tied: Path, cursor: psycopg2.extensions.cursor) -> None:
    """Refuse before anything is written, where the disk cannot hold it; a dump is never larger than its database."""
    cursor.execute("SELECT pg_database_size(current_database())")
    (database,) = cursor.fetchone() or (0,)
    needed = int(database) + sum(file.stat().st_size for file in tied.rglob("*") if file.is_file()) + ROOM
    free = shutil.disk_usage(folder).free
    if free < needed:
        message = _("There is too little room: {needed} MB are needed, {free} MB are free.")
        raise BackupRefused(folder, message.format(needed=needed >> 20, free=free >> 20))


def _rows(cursor: psycopg2.extensions.cursor) -> dict[str, int]:
    """How many rows each table has, for people and for the comparison after a restore."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    counted = {}
    for (table,) in cursor.fetchall():
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        (counted[table],) = cursor.fetchone() or (0,)
    return counted


def _versions(cursor: psycopg2.extensions.cursor) -> dict[str, str]:
    """The versions of the packages, and of the tables of each: the newest migration that was applied."""
    found = {name: _version(name) for name in PACKAGES}
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename LIKE '%alembic_version'")
    for (table,) in cursor.fetchall():
        cursor.execute(sql.SQL("SELECT version_num FROM {}").format(sql.Identifier(table)))
        found[table] = " ".join(str(number) for (number,) in cursor.fetchall())
    return found


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _write_settings(own: Path | None, target: Path) -> None:
    """Write the settings that people made, without those that are secret."""
    parser = RawConfigParser()
    parser.optionxform = str  # type: ignore[method-assign] CKAN's options keep their case
    parser.read([own] if own else [], encoding="utf-8")
    for section in parser.sections():
        for option, value in parser.items(section):
            if is_secret(option, value):
                parser.remove_option(section, option)
    with target.open("w", encoding="utf-8") as file:
        parser.write(file)


def is_secret(option: str, value: str) -> bool:
    """Whether a setting is a secret: by its name, or by a password in an address."""
    return any(word in option.lower() for word in SECRET_WORDS) or ("://" in value and "@" in value)


def _settle(folder: Path) -> None:
    """Have everything on the disk before the backup counts as one."""
    for path in (*folder.rglob("*"), folder):
        place = os.open(path, os.O_RDONLY)
        os.fsync(place)
        os.close(place)


def _free_name(folder: Path, made: datetime) -> Path:
    name = f"landlab-{made:%Y%m%dT%H%M%SZ}"
    tries: Iterator[Path] = (folder / (f"{name}-{number}" if number else name) for number in range(1000))
    return next(path for path in tries if not path.exists())
