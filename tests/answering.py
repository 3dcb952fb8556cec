"""A server that answers well, badly, slowly or without end, by the path it is asked for."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import zstandard

CONTENT = b"\xef\xbb\xbfa;b\r\n\x00\xff"
LARGE = b"0123456789" * 100_000
ZEROS = bytes(50_000_000)
TURTLE = {"Content-Type": "text/turtle"}
PACKERS = {"gzip": gzip.compress, "zstd": zstandard.compress}


def packed(content: bytes, encoding: str, cut: int | None = None) -> tuple:
    return 200, PACKERS[encoding](content)[:cut], {"Content-Encoding": encoding}


FIXED = {
    "/file": lambda: (200, CONTENT, {"Content-Type": "text/csv", "ETag": '"one"', "Last-Modified": "yesterday"}),
    "/away": lambda: (302, b"", {"Location": "http://localhost.invalid/"}),
    "/inward": lambda: (302, b"", {"Location": "http://169.254.169.254/latest/meta-data/"}),
    "/elsewhere": lambda: (302, b"", {"Location": "file:///etc/passwd"}),
    "/round": lambda: (302, b"", {"Location": "/round"}),
    "/packed/gzip": lambda: packed(LARGE, "gzip"),
    "/packed/zstd": lambda: packed(LARGE, "zstd"),
    "/packed/br": lambda: (200, b"x", {"Content-Encoding": "br"}),
    "/cut/gzip": lambda: packed(LARGE, "gzip", -9),
    "/cut/zstd": lambda: packed(LARGE, "zstd", -9),
    "/bomb/gzip": lambda: packed(ZEROS, "gzip"),
    "/bomb/zstd": lambda: packed(ZEROS, "zstd"),
    "/half": lambda: (200, b"half", {"Content-Length": "100", "Connection": "close"}),
}


class Answers(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    asked: list[str] = []  # noqa: RUF012 of the whole server

    def do_GET(self):
        self.asked.append(self.path)
        named = self.path.strip("/").split("/")[0]
        if hasattr(self, f"answer_{named}"):
            getattr(self, f"answer_{named}")()
        else:
            self.answer(*FIXED.get(self.path, lambda: (404, b"", {}))())

    def answer_known(self):
        same = self.headers.get("If-None-Match") == '"one"' or self.headers.get("If-Modified-Since")
        self.answer(304 if same else 200, b"" if same else CONTENT, {})

    def answer_busy(self):
        times = int(self.path.split("/")[2])
        self.answer(200 if self.asked.count(self.path) > times else 503, b"there", {"Retry-After": "0"})

    def answer_endless(self):
        self.dripped(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_000, at_once=100_000)

    def answer_slow(self):
        """Takes 40 seconds."""
        head = b"X-Slow: 1\r\n" * 90 + b"X: " + b"x" * 1100 if self.path.endswith("head") else b"\r\n" + b"x" * 2000
        self.dripped(b"HTTP/1.1 200 OK\r\n" + head)

    def answer_silent(self):
        """Falls silent in the midst of a body whose length it has not told."""
        self.dripped(b"HTTP/1.1 200 OK\r\n\r\nhalf", at_once=100)
        time.sleep(2)

    def answer_later(self):
        again = self.asked.count(self.path) > 1
        moment = formatdate(time.time() + 2, usegmt=True)  # which knows no parts of a second
        self.answer(200 if again else 503, b"there", {"Retry-After": moment})

    def dripped(self, content, at_once=1):
        self.close_connection = True
        for start in range(0, len(content), at_once):
            try:
                self.wfile.write(content[start : start + at_once])
            except OSError:
                return
            time.sleep(0.02)

    def answer(self, status, content, headers):
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        try:
            self.wfile.write(content)
        except OSError:
            self.close_connection = True  # the other side has heard enough

    def log_message(self, *arguments):
        pass


@contextmanager
def answering() -> Iterator[str]:
    """The address of such a server, as long as it runs."""
    served = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{served.server_address[1]}"
    served.shutdown()
    served.server_close()


@contextmanager
def serving(pages: dict[str, bytes | tuple[int, bytes, dict[str, str]]]) -> Iterator[str]:
    """The address of a server that gives *pages* by path, as they are when they are asked for.

    A page with an ETag or a date is not given again to those who have it.
    """

    class Pages(Answers):
        def do_GET(self):
            found = pages.get(self.path, (404, b"", {}))
            status, content, headers = found if isinstance(found, tuple) else (200, found, TURTLE)
            had = [self.headers.get(name) for name in ("If-None-Match", "If-Modified-Since")]
            if any(known and known in had for known in (headers.get("ETag"), headers.get("Last-Modified"))):
                status, content = 304, b""
            self.answer(status, content, headers)

    served = ThreadingHTTPServer(("127.0.0.1", 0), Pages)
    threading.Thread(target=served.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{served.server_address[1]}"
    served.shutdown()
    served.server_close()
