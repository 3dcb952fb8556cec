"""Uploads in a store that speaks S3, for sites of several machines: the storage `landlab:s3`.

A file is there whole or not at all, because the store shows it when its last byte has come.  Readers get it from CKAN,
which knows who may, so the bucket stays closed to everybody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError
from ckan.config.declaration import Declaration, Key
from ckan.lib.files import base
from ckanext.landlab import reversal
from ckanext.landlab.stack.bucket import GONE, PASSING, Bucket
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
        bucket = Bucket(
            self.bucket, self.path, self.endpoint or "", self.region or "", self.key or "", self.secret or ""
        )
        self.initialize = False  # the bucket is there, and whose it is and who may read it is not for us to say
        try:
            self.client = bucket.client
            super().__post_init__(**more)
        except (BotoCoreError, ValueError) as error:
            raise exc.InvalidStorageConfigurationError(self.name, f"{self.bucket}: {error}") from error


class Reader(base.Reader, s3.Reader):  # pyright: ignore[reportIncompatibleVariableOverride] as CKAN's own are mixed
    """Gives files through CKAN only: an address at the store would ask nobody for rights."""

    capabilities = Capability.STREAM

    def stream(self, data: FileData, extras: dict[str, Any]) -> Iterable[bytes]:
        """The file, in pieces."""
        body: Any = super().stream(data, extras)
        return body.iter_chunks(1 << 16)


class Uploader(base.Uploader, s3.Uploader):
    """Keeps what was there until the save is certain."""

    def upload(self, location: Location, upload: Upload, extras: dict[str, Any]) -> FileData:
        """Store *upload* at *location*, and what was there before again if the save is refused."""
        if not reversal.is_open():
            return super().upload(location, upload, extras)
        place = _Place(self.storage, location)
        kept = place.keep()
        reversal.forget(place.key)
        data = super().upload(location, upload, extras)

        def back() -> None:
            if place.mark() == data.hash:  # else somebody has saved after us
                place.take(kept) if kept else place.drop()
            settle()

        def settle() -> None:
            if kept:
                _Place(self.storage, kept).drop()

        reversal.remember(reversal.Step(place.key, _told(back), _told(settle)))
        return data


class Manager(base.Manager, s3.Manager):
    """Looks without fetching, and removes when the save that says so is certain."""

    def exists(self, data: FileData, extras: dict[str, Any]) -> bool:
        """Whether the file is there."""
        return _Place(self.storage, data.location).mark() is not None

    def analyze(self, location: Location, extras: dict[str, Any]) -> FileData:
        """What the store knows about the file."""
        found = _Place(self.storage, location).head()
        if found is None:
            raise exc.MissingFileError(self.storage, location)
        kind, mark = found["ContentType"], found["ETag"].strip('"')
        return FileData(location, size=found["ContentLength"], content_type=kind, hash=mark, algorithm="md5")

    def remove(self, data: FileData, extras: dict[str, Any]) -> bool:
        """Remove a file; whether there was one."""
        place = _Place(self.storage, data.location)
        if not reversal.is_open() or place.mark() is None:
            return super().remove(data, extras)
        reversal.remember(reversal.Step(place.key, settle=_told(place.drop)))
        return True

    def scan(self, extras: dict[str, Any]) -> Iterable[str]:
        """The place of every file."""
        settings: Any = self.storage.settings
        prefix = f"{settings.path}/" if settings.path else ""
        for page in settings.client.get_paginator("list_objects_v2").paginate(Bucket=settings.bucket, Prefix=prefix):
            for entry in page.get("Contents", ()):
                yield entry["Key"].removeprefix(prefix)


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


class _Place:
    """One file in the store."""

    def __init__(self, storage: Any, location: str) -> None:
        self.client, self.bucket = storage.settings.client, storage.settings.bucket
        self.location, self.key = location, storage.full_path(Location(location))
        self.storage = storage

    def head(self) -> dict[str, Any] | None:
        """What the store says of it; None if it is not there."""
        try:
            return self.client.head_object(Bucket=self.bucket, Key=self.key)
        except ClientError as error:
            if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == GONE:
                return None
            raise

    def mark(self) -> str | None:
        """What changes with its content; None if it is not there."""
        found = self.head()
        return found["ETag"].strip('"') if found else None

    def keep(self) -> str:
        """Copy it and return where the copy lies; empty if there is nothing to copy."""
        kept = f"{self.location}.{uuid4().hex}{PASSING}"
        if self.mark() is None:
            return ""
        _Place(self.storage, kept).take(self.location)
        return kept

    def take(self, location: str) -> None:
        """Be a copy of the file at *location*."""
        source = {"Bucket": self.bucket, "Key": self.storage.full_path(Location(location))}
        self.client.copy_object(Bucket=self.bucket, CopySource=source, Key=self.key)

    def drop(self) -> None:
        """Be there no more."""
        self.client.delete_object(Bucket=self.bucket, Key=self.key)


def _told(what: Callable[[], None]) -> Callable[[], None]:
    """*what*, whose failure is one of storing."""

    def done() -> None:
        try:
            what()
        except (BotoCoreError, ClientError) as error:
            raise OSError(str(error)) from error

    return done
