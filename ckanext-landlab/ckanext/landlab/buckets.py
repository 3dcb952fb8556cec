"""Uploads in a store that speaks S3, for sites of several machines: the storage `landlab:s3`.

A file is there whole or not at all, because the store shows it when its last byte has come.  Readers get it from CKAN,
which knows who may, so the bucket stays closed to everybody else; whoever has a part of it already gets the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import flask
from botocore.exceptions import BotoCoreError, ClientError
from ckan.config.declaration import Declaration, Key
from ckan.lib.files import base
from ckanext.landlab import reversal
from ckanext.landlab.stack.bucket import PART, Bucket
from ckanext.landlab.stack.stored import PIECE, Content, Stored, mark_in
from file_keeper import Capability, FileData, Location, Upload, exc
from file_keeper.default.adapters import s3

OPTIONS = {
    "bucket": "Name of the bucket.",
    "endpoint": "Address of the store; empty for Amazon's own.",
    "region": "Region of the bucket, where the store has any.",
    "key": "Access key; empty for the variable AWS_ACCESS_KEY_ID.",
    "secret": "Secret key; empty for the variable AWS_SECRET_ACCESS_KEY.",
}


@dataclass
class Settings(base.Settings, s3.Settings):
    """Where the bucket is, and how long to wait for it."""

    def __post_init__(self, **more: Any) -> None:
        where = (self.endpoint or "", self.region or "", self.key or "", self.secret or "")
        bucket = Bucket(self.bucket, self.path.strip("/"), *where)
        self.initialize = False  # the bucket is there, and whose it is and who may read it is not for us to say
        try:
            self.ours, self.client = bucket, bucket.client
            super().__post_init__(**more)
        except (BotoCoreError, ValueError) as error:
            raise exc.InvalidStorageConfigurationError(self.name, f"{self.bucket}: {error}") from error


class Reader(base.Reader, s3.Reader):  # pyright: ignore[reportIncompatibleVariableOverride] as CKAN's own are mixed
    """Gives files through CKAN only: an address at the store would ask nobody for rights."""

    capabilities = Capability.STREAM

    def stream(self, data: FileData, extras: dict[str, Any]) -> Iterable[bytes]:
        """The file, in pieces."""
        body: Any = super().stream(data, extras)
        return body.iter_chunks(PIECE)

    def response(self, data: FileData, extras: dict[str, Any]) -> Any:
        """The file, or the part of it that is asked for, or that it is still the one that the reader has."""
        place = _stored(self.storage, data.location)
        found = place.head()
        if found is None:
            raise exc.MissingFileError(self.storage, data.location)
        size, mark = found["ContentLength"], mark_in(found)
        answer = flask.Response(
            Content(place, mark), mimetype=data.content_type or None, headers={"Content-Length": str(size)}
        )
        answer.direct_passthrough = True
        answer.set_etag(mark)
        return answer.make_conditional(flask.request, accept_ranges=True, complete_length=size)


class Uploader(base.Uploader, s3.Uploader):
    """Sends large files in parts, and keeps what was there until the save is certain."""

    def upload(self, location: Location, upload: Upload, extras: dict[str, Any]) -> FileData:
        """Store *upload* at *location*, and what was there before again if the save is refused."""
        if not reversal.is_open():
            return self._store(location, upload, extras)
        place = _stored(self.storage, location)
        kept = place.keep()
        reversal.forget(place.key)
        data = self._store(location, upload, extras)

        def back() -> None:
            if place.mark() == data.hash:  # else somebody has saved after us
                place.take(kept) if kept else place.drop()
            settle()

        def settle() -> None:
            if kept:
                kept.drop()

        reversal.remember(reversal.Step(place.key, _told(back), _told(settle)))
        return data

    def _store(self, location: Location, upload: Upload, extras: dict[str, Any]) -> FileData:
        """Store *upload*, and have it refused by file_keeper where a file may not be replaced."""
        place = _stored(self.storage, location)
        is_in_the_way = not self.storage.settings.overwrite_existing and place.mark() is not None
        if upload.size <= PART or is_in_the_way:
            return super().upload(location, upload, extras)
        place.bucket.send(place.key, upload.stream, upload.content_type)
        return self.storage.manager.analyze(location, extras)


class Manager(base.Manager, s3.Manager):
    """Looks without fetching, and removes when the save that says so is certain."""

    def exists(self, data: FileData, extras: dict[str, Any]) -> bool:
        """Whether the file is there."""
        return _stored(self.storage, data.location).mark() is not None

    def analyze(self, location: Location, extras: dict[str, Any]) -> FileData:
        """What the store knows about the file."""
        found = _stored(self.storage, location).head()
        if found is None:
            raise exc.MissingFileError(self.storage, location)
        kind, mark = found["ContentType"], mark_in(found)
        return FileData(location, size=found["ContentLength"], content_type=kind, hash=mark, algorithm="md5")

    def remove(self, data: FileData, extras: dict[str, Any]) -> bool:
        """Remove a file; whether there was one."""
        place = _stored(self.storage, data.location)
        if not reversal.is_open() or place.mark() is None:
            return super().remove(data, extras)
        reversal.remember(reversal.Step(place.key, settle=_told(place.drop)))
        return True

    def scan(self, extras: dict[str, Any]) -> Iterable[str]:
        """The place of every file."""
        settings: Any = self.storage.settings
        yield from settings.ours.files()


class BucketStorage(base.Storage, s3.S3Storage):  # type: ignore[misc] CKAN mixes its own in the same way
    """A bucket of a store that speaks S3."""

    settings: Settings  # pyright: ignore[reportIncompatibleVariableOverride]
    SettingsFactory = Settings
    UploaderFactory = Uploader
    ReaderFactory = Reader
    ManagerFactory = Manager

    @classmethod
    def declare_config_options(cls, declaration: Declaration, key: Key) -> None:
        """Declare what the settings of a site may say of the bucket."""
        super().declare_config_options(declaration, key)
        for name, meaning in OPTIONS.items():
            declaration.declare(getattr(key, name), "").set_description(meaning)


def _stored(storage: Any, location: str) -> Stored:
    """The file of *storage* at *location*."""
    return Stored(storage.settings.ours, storage.full_path(Location(location)))


def _told(what: Callable[[], None]) -> Callable[[], None]:
    """*what*, whose failure is one of storing."""

    def done() -> None:
        try:
            what()
        except (BotoCoreError, ClientError) as error:
            raise OSError(str(error)) from error

    return done
