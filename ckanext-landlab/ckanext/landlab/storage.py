"""Where uploads lie: CKAN's own folder of files, but a file is there whole or not at all.

CKAN empties a file and writes the new one into it.  Who reads meanwhile gets half of it, a server that is killed
leaves half of it, and a backup cannot tie it down.  Here a new file is written beside the old one and then takes
its place; the old one is kept until the save is certain.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from uuid import uuid4

import file_keeper as fk
from ckan.lib.files.default.fs import FsStorage, PublicFsStorage
from ckanext.landlab import reversal
from ckanext.landlab.stack import bucket
from file_keeper import FileData, Location, Upload


class _Shared:
    """Makes the folder whoever else is at it: of two servers that start at once, file-keeper lets only one live."""

    initialize: bool
    path: str

    def __post_init__(self, **kwargs: Any) -> None:
        if self.initialize:
            with suppress(PermissionError, FileExistsError):  # file-keeper says what is wrong
                Path(self.path).mkdir(parents=True, exist_ok=True)
        super().__post_init__(**kwargs)  # type: ignore[misc] of the settings that it is mixed into


class _Settings(_Shared, FsStorage.SettingsFactory):  # type: ignore[misc, name-defined]
    pass


class _PublicSettings(_Shared, PublicFsStorage.SettingsFactory):  # type: ignore[misc, name-defined]
    pass


class _WholeUploader(FsStorage.UploaderFactory):  # type: ignore[misc, name-defined] CKAN makes this class at import
    """Writes beside, then replaces."""

    def upload(self, location: Location, upload: Upload, extras: dict[str, Any]) -> FileData:
        """Put *upload* at *location*, replacing what is there in one step."""
        place = Path(self.storage.full_path(location))
        if place.exists() and not self.storage.settings.overwrite_existing:
            return super().upload(location, upload, extras)  # which refuses
        passing = Location(f"{location}.{uuid4().hex}{bucket.PASSING}")
        part = Path(self.storage.full_path(passing))
        try:
            data = super().upload(passing, upload, extras)
            _settle(part)
            _exchange(part, place) if reversal.is_open() else part.replace(place)
        finally:
            part.unlink(missing_ok=True)
        return replace(data, location=location)


class _PatientManager(FsStorage.ManagerFactory):  # type: ignore[misc, name-defined] CKAN makes this class at import
    """Removes what is no longer wanted when the save that says so is certain."""

    def remove(self, data: FileData, extras: dict[str, Any]) -> bool:
        """Remove a file; whether there was one."""
        if not reversal.is_open() or not self.exists(data, extras):
            return super().remove(data, extras)
        place = Path(self.storage.full_path(data.location))
        reversal.remember(reversal.Step(str(place), settle=partial(place.unlink, missing_ok=True)))
        return True


class WholeFsStorage(FsStorage):
    """CKAN's storage in a folder, with whole files."""

    SettingsFactory = _Settings
    UploaderFactory = _WholeUploader
    ManagerFactory = _PatientManager


class PublicWholeFsStorage(PublicFsStorage):
    """The same for files that everybody may see."""

    SettingsFactory = _PublicSettings
    UploaderFactory = _WholeUploader
    ManagerFactory = _PatientManager


def adapters(settings: Mapping[str, Any]) -> dict[str, type[fk.Storage]]:
    """Our storages by the type that settings name; that for S3 only where it is named, because boto3 takes memory."""
    found: dict[str, type[fk.Storage]] = {"landlab:fs": WholeFsStorage, "landlab:fs:public": PublicWholeFsStorage}
    if any(value == bucket.TYPE for option, value in settings.items() if option.startswith("ckan.files.storage.")):
        from ckanext.landlab.buckets import BucketStorage

        found[bucket.TYPE] = BucketStorage
    return found


@contextmanager
def on_disk(storage: fk.Storage, location: Location) -> Iterator[Path | None]:
    """The file at *location* as one with a path, a copy where it lies elsewhere; None if there is none."""
    data = fk.FileData(location)
    if not storage.exists(data):
        yield None
    elif isinstance(storage, FsStorage):
        yield Path(storage.full_path(location))
    else:
        with NamedTemporaryFile() as copy:
            for piece in storage.stream(data):
                copy.write(piece)
            copy.flush()
            yield Path(copy.name)


def _exchange(part: Path, place: Path) -> None:
    """Put *part* in its place, and what was there back again if the save is refused."""
    kept = place.with_name(f"{place.name}.{uuid4().hex}{bucket.PASSING}")
    if place.exists():
        _link_or_copy(place, kept)
    own = part.stat().st_ino
    reversal.forget(str(place))
    part.replace(place)

    def back() -> None:
        if place.exists() and place.stat().st_ino == own:  # else somebody has saved after us
            kept.replace(place) if kept.exists() else place.unlink()
        kept.unlink(missing_ok=True)

    reversal.remember(reversal.Step(str(place), back, partial(kept.unlink, missing_ok=True)))


def _link_or_copy(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # a disk that knows no second names
        shutil.copy2(source, target)


def _settle(file: Path) -> None:
    """Have the bytes on the disk before the file counts."""
    with file.open("rb") as content:
        os.fsync(content.fileno())
