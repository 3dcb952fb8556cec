"""Where uploads lie: CKAN's own folder of files, but a file is there whole or not at all.

CKAN empties a file and writes the new one into it.  Who reads meanwhile gets half of it, a server that is killed
leaves half of it, and a backup cannot tie it down.  Here a new file is written beside the old one and then takes
its place.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

from ckan.lib.files.default.fs import FsStorage, PublicFsStorage
from file_keeper import FileData, Location, Upload

PASSING = "~"  # the end of the name of a file that is still being written; backups leave such files out


class _WholeUploader(FsStorage.UploaderFactory):  # type: ignore[misc, name-defined] CKAN makes this class at import
    """Writes beside, then replaces."""

    def upload(self, location: Location, upload: Upload, extras: dict[str, Any]) -> FileData:
        """Put *upload* at *location*, replacing what is there in one step."""
        place = Path(self.storage.full_path(location))
        if place.exists() and not self.storage.settings.overwrite_existing:
            return super().upload(location, upload, extras)  # which refuses
        passing = Location(f"{location}.{uuid4().hex}{PASSING}")
        part = Path(self.storage.full_path(passing))
        try:
            data = super().upload(passing, upload, extras)
            _settle(part)
            part.replace(place)
        finally:
            part.unlink(missing_ok=True)
        return replace(data, location=location)


class WholeFsStorage(FsStorage):
    """CKAN's storage in a folder, with whole files."""

    UploaderFactory = _WholeUploader


class PublicWholeFsStorage(PublicFsStorage):
    """The same for files that everybody may see."""

    UploaderFactory = _WholeUploader


ADAPTERS = {"landlab:fs": WholeFsStorage, "landlab:fs:public": PublicWholeFsStorage}


def _settle(file: Path) -> None:
    """Have the bytes on the disk before the file counts."""
    with file.open("rb") as content:
        os.fsync(content.fileno())
