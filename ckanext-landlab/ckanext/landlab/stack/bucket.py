"""A bucket of a store that speaks S3: where a site of several machines keeps its uploads.

The keys are the places that the same files have in the folder of uploads, so a site moves into a bucket and out of it
by backup and restore.  boto3 takes time and memory, so it is imported where there is a bucket.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

TYPE = "landlab:s3"
OPTION = "ckan.files.storage.default."
PATIENCE = 5  # seconds until a connection is there
SILENCE = 60  # seconds between two pieces of a file
PASSING = "~"  # the end of a name, here or in a folder, that is there only while somebody saves
UPLOADS = ("resources", "storage")  # CKAN's folders for files of datasets, and for pictures
MOST = 1000  # keys that the store deletes at once
PART = 16 << 20  # bytes; what is larger is sent in parts, for no store takes more than 5 GB in one piece
COPIED = 1 << 30  # the same for copies, for which no byte comes here
GONE = 404


@dataclass(frozen=True)
class Bucket:
    """The part of a bucket below *prefix*."""

    name: str
    prefix: str
    endpoint: str
    region: str
    key: str
    secret: str
    attempts: int = 3

    @cached_property
    def client(self) -> Any:
        """The connection to the store."""
        import boto3
        from botocore.config import Config

        return boto3.client(
            "s3",
            endpoint_url=self.endpoint or None,
            region_name=self.region or "us-east-1",  # what stores without regions expect
            aws_access_key_id=self.key or None,
            aws_secret_access_key=self.secret or None,
            config=Config(
                connect_timeout=PATIENCE,
                read_timeout=SILENCE,
                retries={"total_max_attempts": self.attempts, "mode": "standard"},
                # Other stores than Amazon's do not know the checksums that boto3 adds unless told.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def files(self) -> dict[str, str]:
        """Every file by its place below the prefix, with the mark that changes with its content."""
        prefix = f"{self.prefix}/" if self.prefix else ""
        found = {}
        for page in self.client.get_paginator("list_objects_v2").paginate(Bucket=self.name, Prefix=prefix):
            for entry in page.get("Contents", ()):
                if not entry["Key"].endswith(PASSING):
                    found[entry["Key"].removeprefix(prefix)] = entry["ETag"]
        return found

    def copy_to(self, folder: Path, marks: Mapping[str, str]) -> bool:
        """Copy the files that *marks* names into *folder*; False if one of them has changed meanwhile."""
        return all(self._fetch(place, mark, folder / place) for place, mark in marks.items())

    def replace_by(self, folder: Path) -> None:
        """Hold what lies in the folders of uploads in *folder*, and nothing else."""
        files = [file for name in UPLOADS for file in sorted((folder / name).rglob("*")) if file.is_file()]
        wanted = {str(file.relative_to(folder)): file for file in files}
        for place, file in wanted.items():
            self.put(place, file)
        self.drop(place for place in self.files() if place not in wanted)

    def _fetch(self, place: str, mark: str, target: Path) -> bool:
        """Copy the file at *place* to *target*; False if it is no longer the one that *mark* belongs to."""
        from botocore.exceptions import ClientError

        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            found = self.client.get_object(Bucket=self.name, Key=self.full(place), IfMatch=mark)
        except ClientError as error:
            if error.response["Error"]["Code"] in ("PreconditionFailed", "NoSuchKey", "412", "404"):
                return False
            raise
        with target.open("wb") as file:
            for piece in found["Body"].iter_chunks(1 << 20):
                file.write(piece)
        return True

    def put(self, place: str, source: Path) -> None:
        """Store *source* at *place*."""
        kind = mimetypes.guess_type(source.name)[0] or "application/octet-stream"
        with source.open("rb") as file:
            self.send(self.full(place), file, kind)

    def send(self, key: str, content: Any, kind: str) -> None:
        """Store *content* under *key*, in parts where it is large: it is there when the last of them has come."""
        more = {"ContentType": kind}
        self.client.upload_fileobj(content, self.name, key, ExtraArgs=more, Config=_in_parts(PART, PART))

    def copy(self, source: str, key: str) -> None:
        """Have the store copy what lies under *source* to *key*."""
        config = _in_parts(COPIED, COPIED)
        self.client.copy({"Bucket": self.name, "Key": source}, self.name, key, Config=config)

    def drop(self, places: Iterable[str]) -> None:
        """Delete the files at *places*."""
        keys = [{"Key": self.full(place)} for place in places]
        for start in range(0, len(keys), MOST):
            self.client.delete_objects(Bucket=self.name, Delete={"Objects": keys[start : start + MOST], "Quiet": True})

    def reason(self) -> str:
        """What is wrong with the bucket; empty if it answers."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            self.client.head_bucket(Bucket=self.name)
        except ClientError as error:
            status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode")
            return "there is no such bucket" if status == GONE else "login refused"
        except (BotoCoreError, ValueError):
            return "no answer"
        return ""

    def full(self, place: str) -> str:
        """The key of the file at *place*."""
        return f"{self.prefix}/{place}" if self.prefix else place


def _in_parts(threshold: int, size: int) -> Any:
    """How a large file is transferred: part after part, so that it takes the memory of one."""
    from boto3.s3.transfer import TransferConfig

    return TransferConfig(multipart_threshold=threshold, multipart_chunksize=size, use_threads=False)


def bucket_of(settings: Mapping[str, Any], attempts: int = 3) -> Bucket | None:
    """The bucket that the settings of a site name; None where its uploads lie in a folder."""
    if settings.get(f"{OPTION}type") != TYPE:
        return None

    def told(name: str) -> str:
        return str(settings.get(f"{OPTION}{name}") or "")

    names = ("bucket", "path", "endpoint", "region", "key", "secret")
    name, prefix, *rest = (told(option) for option in names)
    return Bucket(name, prefix.strip("/"), *rest, attempts=attempts)
