"""The processes that read, and which of them answers what: a question that takes too long or too much ends alone."""

from __future__ import annotations

import logging
import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from ckanext.landlab.errors import RequestError
from ckanext.landlab.search.answers import Answers
from ckanext.landlab.search.reader import Read, Told

log = logging.getLogger(__name__)

LEAST = min(max(os.cpu_count() or 1, 2), 4) + 1  # processes that are always there; one more, for each waits at times
MOST = 2 * LEAST  # with those that stand in for a slow one
BUFFER = 1024 * 1024  # bytes that may lie between two processes
SLOW = 0.1  # of the time that an answer may take: then another process is started to stand in


@dataclass(frozen=True)
class Bounds:
    """What one answer may take: *seconds*, and *megabytes* of its process's memory."""

    seconds: float = 10
    megabytes: int = 512


class Process:
    """One reader of the index in *folder*, and the socket to it."""

    def __init__(self, folder: Path, bounds: Bounds) -> None:
        ours, theirs = socket.socketpair()
        for each in (ours, theirs):
            each.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, BUFFER)
        with theirs:
            module, limits = "ckanext.landlab.search.reader", [str(bounds.seconds), str(bounds.megabytes)]
            command = [sys.executable, "-m", module, str(theirs.fileno()), folder, *limits]
            environment = {name: value for name, value in os.environ.items() if name != "LANDLAB_SEARCH_TOKEN"}
            self.process = subprocess.Popen(  # noqa: S603 our own module
                command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, env=environment
            )
        self.connection = Connection(ours.detach())
        self.bounds = bounds

    def ask(self, content: bytes) -> bytes:
        """The answer to *content*.

        Raises:
            RequestError: the process ended over it.
        """
        try:
            self.connection.send_bytes(content)
            return self.connection.recv_bytes()
        except (EOFError, OSError) as error:
            self.connection.close()
            if self.process.wait(timeout=5) == -signal.SIGALRM:
                reason = f"The query took longer than {self.bounds.seconds:g} seconds and was given up"
                raise RequestError(f"{reason}: ask with fewer wildcards, clauses or rows") from error
            log.error("A reader ended with %s", self.process.returncode)
            reason = "The query needs more memory than one query may have, and was given up"
            raise RequestError(f"{reason}: ask for fewer rows or fields") from error

    @property
    def ended(self) -> bool:
        return self.connection.closed

    def end(self) -> None:
        self.connection.close()
        self.process.terminate()
        self.process.wait()


class Readers:
    """Reads the index in *folder* by processes, each one question at a time, none beyond *bounds*."""

    def __init__(self, folder: Path, bounds: Bounds) -> None:
        self.folder = folder
        self.bounds = bounds
        self.answers = Answers()
        self.lock = threading.Lock()
        self.idle: list[Process] = []
        self.waiting: deque[queue.SimpleQueue[Process]] = deque()  # who comes first is served first
        self.busy: dict[Process, float] = {}  # since when each has been at its question
        self.count = 0
        self._fill()

    def _more(self, most: int) -> Process | None:
        """Another process, unless there are *most* already."""
        with self.lock:
            if self.count >= most:
                return None
            self.count += 1
        try:
            return Process(self.folder, self.bounds)
        except OSError:
            with self.lock:
                self.count -= 1
            raise

    def told(self, read: Read) -> Told:
        """The answer to *read*: kept from before, or asked of a process.

        Raises:
            RequestError: there is none within the bounds.
        """
        kept = self.answers.kept(read)
        if kept is not None:
            return Told(200, True, kept)
        process = self._free()
        with self.lock:
            self.busy[process] = time.monotonic()
        try:
            told = Told.unpacked(process.ask(read.packed()))
        finally:
            self._give_back(process)
        if told.lasts:
            self.answers.keep(read, told.content)
        return told

    def _free(self) -> Process:
        """A process that has nothing to do; if all those there should be are slow, one more.

        Raises:
            RequestError: none gets free in twice the time that an answer may take.
        """
        with self.lock:
            if self.idle:
                return self.idle.pop()
            place: queue.SimpleQueue[Process] = queue.SimpleQueue()
            self.waiting.append(place)
        end = time.monotonic() + 2 * self.bounds.seconds
        while time.monotonic() < end:
            with suppress(queue.Empty):
                return place.get(timeout=self.bounds.seconds * SLOW)
            more = self._stand_in()
            if more:
                self._hand_over(more)
        with self.lock:
            if place in self.waiting:
                self.waiting.remove(place)
                raise RequestError("Too many slow queries at a time: try again in a moment", 503)
        return place.get()

    def _hand_over(self, process: Process) -> None:
        """Give *process* to who waits longest, or keep it for the next."""
        with self.lock:
            if self.waiting:
                self.waiting.popleft().put(process)
            else:
                self.idle.append(process)

    def _stand_in(self) -> Process | None:
        long_ago = time.monotonic() - self.bounds.seconds * SLOW
        with self.lock:
            slow = sum(since < long_ago for since in self.busy.values())
        return self._more(min(LEAST + slow, MOST))

    def _give_back(self, process: Process) -> None:
        with self.lock:
            del self.busy[process]
            surplus = process.ended or (self.count > LEAST and len(self.idle) >= LEAST)
            self.count -= surplus
        if not surplus:
            self._hand_over(process)
        elif not process.ended:
            process.end()
        self._fill()

    def _fill(self) -> None:
        while more := self._more(LEAST):
            self._hand_over(more)

    def close(self) -> None:
        """End all that are idle; the others end when the service does."""
        with self.lock:
            for process in self.idle:
                process.end()
