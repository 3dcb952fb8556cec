"""The service at its address: a thread per connection, kept alive, with bounds on what comes in."""

from __future__ import annotations

import hmac
import logging
import socket
import threading
from base64 import b64decode
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any
from urllib.parse import unquote

from ckanext.landlab.errors import RequestError, SearchRefusal
from ckanext.landlab.search import exchange
from ckanext.landlab.search.exchange import Head
from ckanext.landlab.search.reader import dumped, refused
from ckanext.landlab.search.service import Asked, Service, Text

log = logging.getLogger(__name__)

BODY = 64 * 1024 * 1024  # bytes of an update
QUESTION = 2 * 1024 * 1024  # bytes of a question, as in Solr
BODIES = 2 * BODY  # bytes of all bodies that are held at a time
CONNECTIONS = 256
IDLE = 60  # seconds a silent connection is kept
CORE = "/solr/ckan"
FORM = "application/x-www-form-urlencoded"
FULL = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Room:
    """Counts the bytes that requests hold, so that many big ones do not fill the memory."""

    def __init__(self, size: int) -> None:
        self.left = size
        self.lock = threading.Lock()

    @contextmanager
    def taken(self, size: int) -> Iterator[None]:
        """*size* bytes for as long as the block runs.

        Raises:
            RequestError: so many are not left.
        """
        with self.lock:
            if size > self.left:
                raise RequestError("Too many big requests at a time: try again in a moment", 503)
            self.left -= size
        try:
            yield
        finally:
            with self.lock:
                self.left += size


class Server(ThreadingTCPServer):
    """Listens on *address* and lets in whoever brings *token*, if there is one."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], service: Service, token: str | None = None) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, Handler)
        self.service = service
        self.token = token
        self.places = threading.BoundedSemaphore(CONNECTIONS)
        self.room = Room(BODIES)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give the connection a thread of its own, if there are not too many."""
        if self.places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            request.sendall(FULL)
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.places.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        log.exception("a connection from %s broke off", client_address)


class Handler(StreamRequestHandler):
    server: Server  # type: ignore[assignment] the standard library calls it a BaseServer
    timeout = IDLE
    disable_nagle_algorithm = True

    def handle(self) -> None:
        """Answer one request after the other until the client, or what it sends, ends the connection."""
        try:
            while self._exchange():
                pass
        except (TimeoutError, ConnectionError) as error:
            log.debug("%s left: %s", self.client_address, error)

    def _exchange(self) -> bool:
        head = None
        try:
            head = exchange.head(self.rfile)
            if head is None:
                return False
            answer, stays = self._answer(head), head.stays
        except SearchRefusal as refusal:  # nobody knows where the next request would begin
            answer, stays = _refused(refusal), False
        self.wfile.write(exchange.answer(answer.code, answer.kind, answer.content, head, stays))
        return stays

    def _answer(self, head: Head) -> Text:
        if not self._may_enter(head):
            raise RequestError("A token is needed: Authorization: Bearer …", 401)
        if head.method not in ("GET", "HEAD", "POST"):
            raise RequestError(f"{head.method} is not known here", 405)
        most = BODY if head.target.startswith(f"{CORE}/update") else QUESTION
        with self.server.room.taken(head.length(most)):
            if head.headers.get("expect", "").lower() == "100-continue":
                self.wfile.write(exchange.CONTINUE)
            return self._told(head, exchange.body(self.rfile, head, most))

    def _told(self, head: Head, body: bytes) -> Text:
        try:
            answer = self.server.service.answer(_asked(head, body))
        except SearchRefusal as refusal:
            return _refused(refusal)
        except (ValueError, OSError) as error:  # how the engine says that something is wrong with its files
            log.exception("cannot answer %s", head.target[:500])
            return _refused(RequestError(f"The search engine cannot answer: {error}", 500))
        return answer if isinstance(answer, Text) else Text(dumped(answer))

    def _may_enter(self, head: Head) -> bool:
        if self.server.token is None:
            return True
        return hmac.compare_digest(_brought(head.headers.get("authorization", "")), self.server.token.encode())


def _asked(head: Head, body: bytes) -> Asked:
    path, _, query = head.target.partition("?")
    path = unquote(path)
    if not path.startswith(CORE):
        raise RequestError(f"Not found: {path}", 404)
    kind = head.headers.get("content-type", "").split(";")[0].strip().lower()
    try:
        form = body.decode() if kind == FORM else ""
    except UnicodeDecodeError as error:
        raise RequestError(f"The parameters are not UTF-8: {error}") from error
    return Asked(path[len(CORE) :], query, form, b"" if form else body, kind)


def _refused(refusal: SearchRefusal) -> Text:
    return Text(dumped(refused(refusal)), code=refusal.code)


def _brought(authorization: str) -> bytes:
    """The token in the header: after `Bearer`, or as password after `Basic`, which is what CKAN sends (RFC 7617)."""
    scheme, _, value = authorization.partition(" ")
    if scheme.casefold() != "basic":
        return value.encode()
    try:
        return b64decode(value, validate=True).partition(b":")[2]
    except ValueError:
        return b""
