"""A client that takes as little of the processor as it can, for it shares the machine with what it measures."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import psutil


class Client:
    """One kept connection to the core at *url*."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        assert parts.hostname
        self.head = (
            f"POST {parts.path}/%s HTTP/1.1\r\nHost: {parts.netloc}\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n"
        )
        self.socket = socket.create_connection((parts.hostname, parts.port or 80), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.socket.makefile("rb")

    def post(self, path: str, body: bytes, kind: str = "application/x-www-form-urlencoded") -> bytes:
        """What is answered to *body*."""
        self.socket.sendall((self.head % (path, kind, len(body))).encode() + body)
        status = self.file.readline()
        length, chunked = 0, False
        while (line := self.file.readline().lower()) not in (b"\r\n", b""):
            if line.startswith(b"content-length:"):
                length = int(line[15:])
            chunked |= line.startswith(b"transfer-encoding: chunked")
        content = b"".join(self._chunks()) if chunked else self.file.read(length)
        assert b" 200 " in status, (status, content[:500])
        return content

    def _chunks(self):
        while size := int(self.file.readline().split(b";")[0], 16):
            yield self.file.read(size)
            self.file.readline()
        self.file.readline()

    def close(self) -> None:
        self.socket.close()


@dataclass(frozen=True)
class Times:
    """How long requests took, in milliseconds, sorted; in seconds their *span* and the server's *processor* time."""

    each: tuple[float, ...]
    span: float
    processor: float = 0.0

    def part(self, share: float) -> float:
        return self.each[min(int(len(self.each) * share), len(self.each) - 1)]

    @property
    def rate(self) -> float:
        return len(self.each) / self.span


def asked(url: str, bodies: Sequence[str], clients: int) -> Times:
    """Ask *bodies* of *url*, shared out to so many *clients* at a time."""
    took: list[float] = []

    def work(own: Sequence[bytes]) -> None:
        client, mine = Client(url), []
        for body in own:
            start = time.perf_counter()
            client.post("select", body)
            mine.append((time.perf_counter() - start) * 1000)
        client.close()
        took.extend(mine)

    encoded = [body.encode() for body in bodies]
    threads = [threading.Thread(target=work, args=(encoded[number::clients],)) for number in range(clients)]
    start = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    span = time.perf_counter() - start
    assert len(took) == len(bodies)
    return Times(tuple(sorted(took)), span)


def memory(pid: int) -> int:
    """The bytes of memory of the process *pid* and its children; what they share counts once."""
    top = psutil.Process(pid)
    return sum(each.memory_full_info().pss for each in [top, *top.children(recursive=True)])


def processor(pid: int) -> float:
    """The seconds of processor time that *pid* and its children have taken so far."""
    top = psutil.Process(pid)
    return sum(sum(each.cpu_times()[:2]) for each in [top, *top.children(recursive=True)])
