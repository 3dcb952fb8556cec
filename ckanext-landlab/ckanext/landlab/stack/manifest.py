"""The list that lies in a backup: what it holds, of which site, and the checksum of every file.

A backup is judged by its list alone before anything is touched: whatever is missing, altered or added is named.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ckanext.landlab.errors import BackupRefused
from ckanext.landlab.stack.language import _

FORMAT = 1
LIST = "backup.json"
SEAL = "backup.json.sha256"
DATABASE = "database.dump"
FILES = "files"
SETTINGS = "settings.ini"
NAME = re.compile(r"landlab-\d{8}T\d{6}Z(-\d+)?")
CHUNK = 1 << 20


@dataclass(frozen=True)
class Entry:
    """One file of a backup: its path in it, its length and its SHA-256."""

    path: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    made: str
    site: str
    versions: dict[str, str]
    rows: dict[str, int]
    entries: tuple[Entry, ...]

    def write(self, folder: Path) -> None:
        """Put the list and its seal into *folder*."""
        text = json.dumps({"format": FORMAT, **asdict(self)}, indent=1, ensure_ascii=False) + "\n"
        (folder / LIST).write_text(text, encoding="utf-8")
        (folder / SEAL).write_text(f"{digest_of(folder / LIST)}  {LIST}\n", encoding="utf-8")

    @property
    def files(self) -> int:
        """How many files of people it holds."""
        return sum(entry.path.startswith(f"{FILES}/") for entry in self.entries)

    @property
    def size(self) -> int:
        """How many bytes the backup holds."""
        return sum(entry.size for entry in self.entries)


def digest_of(file: Path) -> str:
    """The SHA-256 of *file*."""
    digest = hashlib.sha256()
    with file.open("rb") as content:
        while piece := content.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def read(folder: Path) -> Manifest:
    """The list of the backup in *folder*; raises BackupRefused where there is none that can be trusted."""
    if not (folder / LIST).is_file():
        raise BackupRefused(folder, _("This is no backup of landlab: {file} is missing.").format(file=LIST))
    seal = folder / SEAL
    if not seal.is_file() or seal.read_text(encoding="utf-8", errors="replace")[:64] != digest_of(folder / LIST):
        raise BackupRefused(folder, _("This backup is damaged: {file} was altered.").format(file=LIST))
    try:
        found: dict[str, Any] = json.loads((folder / LIST).read_text(encoding="utf-8"))
        if found.pop("format", None) != FORMAT:
            message = _("This backup was made by another version of landlab that keeps it differently.")
            raise BackupRefused(folder, message)
        return Manifest(**{**found, "entries": tuple(Entry(**entry) for entry in found["entries"])})
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        message = _("This is no backup of landlab: {file} cannot be read.").format(file=LIST)
        raise BackupRefused(folder, message) from error


def check(folder: Path) -> Manifest:
    """The list of the backup in *folder*, after every byte was compared with it."""
    manifest = read(folder)
    known = {entry.path for entry in manifest.entries}
    for entry in manifest.entries:
        if reason := _damage(folder / entry.path, entry):
            raise BackupRefused(folder, reason)
    if strange := sorted(set(_paths(folder)) - known - {LIST, SEAL}):
        message = _("This backup is damaged: {file} does not belong to it.")
        raise BackupRefused(folder, message.format(file=strange[0]))
    return manifest


def entry_of(folder: Path, file: Path) -> Entry:
    """The entry of *file*, which lies in the backup *folder*."""
    return Entry(file.relative_to(folder).as_posix(), file.stat().st_size, digest_of(file))


def backups(folder: Path) -> list[Path]:
    """The whole backups in *folder*, the oldest first."""
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if NAME.fullmatch(path.name) and (path / LIST).is_file())


def chosen(folder: Path) -> Path:
    """The backup in *folder*: itself, or the youngest of those that lie in it."""
    return next(reversed(backups(folder)), folder) if not (folder / LIST).exists() else folder


def thin_out(folder: Path, keep: int) -> list[Path]:
    """Throw away all but the *keep* youngest backups of *folder*, and nothing that is no backup; returns what went."""
    old = backups(folder)[:-keep]
    for path in old:
        shutil.rmtree(path)
    return old


def _damage(file: Path, entry: Entry) -> str:
    if not file.is_file() or file.is_symlink():
        return _("This backup is damaged: {file} is missing.").format(file=entry.path)
    if file.stat().st_size != entry.size or digest_of(file) != entry.sha256:
        return _("This backup is damaged: {file} was altered.").format(file=entry.path)
    return ""


def _paths(folder: Path) -> Iterator[str]:
    return (path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir() or path.is_symlink())
