"""A process that answers one question after the other, as those of `readers.py` come through a socket.

`python -m ckanext.landlab.search.reader SOCKET FOLDER SECONDS MEGABYTES`: the kernel ends it when an answer takes more
time or memory than that, for the engine's code cannot be interrupted any other way.  Then another is started.
"""

from __future__ import annotations

import json
import logging
import resource
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import uuid4

from ckanext.landlab.errors import RequestError, SearchRefusal
from ckanext.landlab.search import reading
from ckanext.landlab.search.giving import Written
from ckanext.landlab.search.params import Params
from ckanext.landlab.search.schema import Schema, schema
from ckanext.landlab.search.view import View, fields, opened

log = logging.getLogger("landlab.search")

GIVEN_UP = 70  # the status of a process that ran out of memory


@dataclass(frozen=True)
class Read:
    """A question as it came: *number* of the commit that it must see, path, query string and form."""

    number: int
    path: str
    query: str
    form: str

    def packed(self) -> bytes:
        return json.dumps([self.number, self.path, self.query, self.form]).encode()

    @classmethod
    def unpacked(cls, content: bytes) -> Read:
        return cls(*json.loads(content))


@dataclass(frozen=True)
class Told:
    """An answer: its status, whether it *lasts* until the next commit, and JSON."""

    code: int
    lasts: bool
    content: bytes

    def packed(self) -> bytes:
        return b"%03d%d" % (self.code, self.lasts) + self.content

    @classmethod
    def unpacked(cls, content: bytes) -> Told:
        return cls(int(content[:3]), content[3:4] == b"1", content[4:])


class Reader:
    """Answers from the index in *folder*."""

    def __init__(self, folder: Path, schema: Schema) -> None:
        self.schema = schema
        self.index = opened(folder, schema)
        self.fields = fields(schema)
        self.view = self.seen(0)

    def seen(self, number: int) -> View:
        return View(self.index.searcher(), self.index, self.schema, self.fields, number)

    def told(self, read: Read) -> Told:
        """The answer to *read*, from the index as of its commit or later."""
        try:
            if read.number != self.view.number:
                self.index.reload()
                self.view = self.seen(read.number)
            params = Params.parse(read.query, read.form)
            return Told(200, reading.lasts(params), dumped(reading.answer(self.view, read.path, params)))
        except SearchRefusal as refusal:
            return Told(refusal.code, False, dumped(refused(refusal)))
        except RecursionError:
            return Told(400, False, dumped(refused(RequestError("The request is nested too deeply"))))
        except (ValueError, OSError) as error:  # how the engine says that something is wrong with its files
            log.exception("cannot answer %s", f"{read.query}{read.form}"[:500])
            return Told(500, False, dumped(refused(RequestError(f"The search engine cannot answer: {error}", 500))))


def refused(refusal: SearchRefusal) -> dict[str, Any]:
    """*refusal* as Solr words one."""
    return {
        "responseHeader": {"status": refusal.code, "QTime": 0},
        "error": {"msg": str(refusal), "code": refusal.code},
    }


_PLACE = f"{uuid4()}"  # where a text goes that is JSON already; nobody outside can guess it


def dumped(answer: Mapping[str, Any]) -> bytes:
    """*answer* as JSON."""
    written: list[bytes] = []

    def place(value: Written) -> str:
        written.append(value.content)
        return _PLACE

    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"), default=place).encode("utf-8", "replace")
    if not written:
        return text
    between = text.split(f'"{_PLACE}"'.encode())
    return b"".join(part for pair in zip_longest(between, written, fillvalue=b"") for part in pair)


def main() -> None:
    """Answer what comes through the socket until its other end is closed."""
    number, folder, seconds = int(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
    memory = int(sys.argv[4]) * 1024 * 1024
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the service ends its readers
    resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    reader = Reader(folder, schema())
    with Connection(number) as connection:
        while True:
            try:
                content = connection.recv_bytes()
            except EOFError:
                return
            signal.setitimer(signal.ITIMER_REAL, seconds)  # nothing handles SIGALRM: it ends the process
            try:
                told = reader.told(Read.unpacked(content)).packed()
            except MemoryError:
                sys.exit(GIVEN_UP)
            signal.setitimer(signal.ITIMER_REAL, 0)
            connection.send_bytes(told)


if __name__ == "__main__":
    main()
