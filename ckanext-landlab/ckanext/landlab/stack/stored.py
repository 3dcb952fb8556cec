"""One file in a bucket: what the store knows of it, its bytes from any of them on, and copies of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from ckanext.landlab.stack.bucket import GONE, PASSING, Bucket

PIECE = 1 << 16  # bytes that are handed on at a time


@dataclass(frozen=True)
class Stored:
    """The file in *bucket* under *key*, which is there or not."""

    bucket: Bucket
    key: str

    def head(self) -> dict[str, Any] | None:
        """What the store says of it; None if it is not there."""
        from botocore.exceptions import ClientError

        try:
            return self.bucket.client.head_object(Bucket=self.bucket.name, Key=self.key)
        except ClientError as error:
            if error.response.get("ResponseMetadata", {}).get("HTTPStatusCode") == GONE:
                return None
            raise

    def mark(self) -> str | None:
        """What changes with its content; None if it is not there."""
        found = self.head()
        return mark_in(found) if found else None

    def keep(self) -> Stored | None:
        """A copy of it that is no file of the site; None if it is not there."""
        if self.mark() is None:
            return None
        kept = Stored(self.bucket, f"{self.key}.{uuid4().hex}{PASSING}")
        kept.take(self)
        return kept

    def take(self, other: Stored) -> None:
        """Be a copy of *other*."""
        self.bucket.copy(other.key, self.key)

    def drop(self) -> None:
        """Be there no more."""
        self.bucket.client.delete_object(Bucket=self.bucket.name, Key=self.key)


class Content(Iterator[bytes]):
    """The bytes of *stored* while it has *mark*, from any of them on; fetched when the first is wanted."""

    def __init__(self, stored: Stored, mark: str) -> None:
        self.stored, self.mark, self.start = stored, mark, 0
        self.body: Any = None

    def seekable(self) -> bool:
        """Whether one may begin in the middle; Werkzeug asks."""
        return True

    def seek(self, start: int) -> None:
        """Begin with byte *start*."""
        self.start = start

    def tell(self) -> int:
        """Where it begins."""
        return self.start

    def __next__(self) -> bytes:
        if self.body is None:
            bucket, more = self.stored.bucket, {"Range": f"bytes={self.start}-"} if self.start else {}
            found = bucket.client.get_object(Bucket=bucket.name, Key=self.stored.key, IfMatch=self.mark, **more)
            self.body = found["Body"]
        if piece := self.body.read(PIECE):
            return piece
        raise StopIteration

    def close(self) -> None:
        """Let the store go, also where the reader has left in the middle."""
        if self.body is not None:
            self.body.close()


def mark_in(head: dict[str, Any]) -> str:
    """The mark of a file in what the store says of it."""
    return head["ETag"].strip('"')
