"""What was acknowledged but not yet committed, on disk: a killed service takes it up again.

Commands are bodies of `/update` as they came; a commit empties the journal.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path

from ckanext.landlab.errors import StorageError


class Journal:
    """Bodies in the file *path*, one line each."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = path.open("ab")

    def append(self, body: bytes, kind: str) -> None:
        """Keep *body* so that not even a power cut loses it.

        Raises:
            StorageError: it cannot be written.
        """
        line = json.dumps([kind, body.decode("utf-8", "surrogateescape")]).encode() + b"\n"
        end = self.file.tell()
        try:
            self.file.write(line)
            self.file.flush()
            os.fsync(self.file.fileno())
        except OSError as error:
            self.file.truncate(end)
            raise StorageError(str(error)) from error

    def kept(self) -> Iterator[tuple[bytes, str]]:
        """The bodies that no commit followed; a last line that is cut off was never acknowledged."""
        for line in self.path.read_bytes().split(b"\n"):
            if line.endswith(b"]"):
                kind, body = json.loads(line)
                yield body.encode("utf-8", "surrogateescape"), kind

    def empty(self) -> None:
        """Forget everything: it is committed."""
        if self.path.stat().st_size:
            self.file.truncate(0)
            self.file.seek(0)
            os.fsync(self.file.fileno())
