"""HTTP/1.1 as far as Solr's clients speak it: one request read, one answer written, with bounds on both.

The standard library's handler takes longer over the head of a request than the engine over most questions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from io import BufferedIOBase

from ckanext.landlab.errors import RequestError

LINE = 64 * 1024  # bytes of the first line: Solr's clients put queries there too
HEADERS = 100
HEADER = 8 * 1024
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


@dataclass(frozen=True)
class Head:
    """What stands before a body: method, target as sent, version and headers with small names."""

    method: str
    target: str
    version: str
    headers: Mapping[str, str]

    @property
    def stays(self) -> bool:
        """Whether the connection is kept for another request."""
        wish = self.headers.get("connection", "").lower()
        return wish == "keep-alive" if self.version == "HTTP/1.0" else wish != "close"

    @property
    def chunked(self) -> bool:
        return self.headers.get("transfer-encoding", "").lower() == "chunked"

    def length(self, most: int) -> int:
        """How many bytes the body has at most.

        Raises:
            RequestError: more than *most*, or it does not say.
        """
        if self.chunked:
            return most
        given = self.headers.get("content-length", "0")
        if not (given.isascii() and given.isdigit()) or len(given) > 12 or int(given) > most:
            raise RequestError(f"The body must say its length, at most {most} bytes", 413)
        return int(given)


def head(source: BufferedIOBase) -> Head | None:
    """The next head in *source*; None at its end.

    Raises:
        RequestError: it is no HTTP, or too long.
    """
    line = source.readline(LINE + 1)
    if not line.strip():
        return None
    parts = line.decode("latin-1").split()
    if len(line) > LINE:
        raise RequestError(f"The address is longer than {LINE} bytes: use POST", 414)
    if len(parts) != 3 or parts[2] not in ("HTTP/1.0", "HTTP/1.1"):
        raise RequestError("This is not HTTP/1.1")
    return Head(parts[0], parts[1], parts[2], _headers(source))


def _headers(source: BufferedIOBase) -> dict[str, str]:
    found: dict[str, str] = {}
    for _ in range(HEADERS):
        line = source.readline(HEADER + 1)
        if line in (b"\r\n", b"\n", b""):
            break
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or len(line) > HEADER or name != name.strip():
            raise RequestError("A header of the request cannot be read", 431 if len(line) > HEADER else 400)
        if name.lower() in found and name.lower() in ("content-length", "transfer-encoding", "authorization"):
            raise RequestError(f"The header {name} stands there twice")
        found[name.lower()] = value.strip()
    else:
        raise RequestError(f"The request has more than {HEADERS} headers", 431)
    if "transfer-encoding" in found and ("content-length" in found or found["transfer-encoding"].lower() != "chunked"):
        raise RequestError("The length of the body is not clear")
    return found


def body(source: BufferedIOBase, asked: Head, most: int) -> bytes:
    """The body after the head *asked*, whole.

    Raises:
        RequestError: it is longer than *most*, or ends early.
    """
    if asked.chunked:
        return _chunks(source, most)
    size = asked.length(most)
    content = source.read(size)
    if len(content) < size:
        raise RequestError("The body ends before its length")
    return content


def _chunks(source: BufferedIOBase, most: int) -> bytes:
    content = bytearray()
    while True:
        line = source.readline(64).split(b";")[0].strip()
        try:
            size = int(line, 16)
        except ValueError as error:
            raise RequestError("The chunks of the body cannot be read") from error
        if size < 0 or len(content) + size > most:
            raise RequestError(f"The body is longer than {most} bytes", 413)
        content += source.read(size)
        source.readline(1024)
        if size == 0:
            return bytes(content)


def answer(code: int, kind: str, content: bytes, asked: Head | None, stays: bool) -> bytes:
    """An answer as it goes out: its head, and *content* unless only the head was asked for."""
    lines = [
        f"HTTP/1.1 {code} {HTTPStatus(code).phrase}",
        f"Date: {formatdate(usegmt=True)}",
        f"Content-Type: {kind}",
        f"Content-Length: {len(content)}",
        *([] if stays else ["Connection: close"]),
        "\r\n",
    ]
    return "\r\n".join(lines).encode("latin-1") + (b"" if asked and asked.method == "HEAD" else content)
