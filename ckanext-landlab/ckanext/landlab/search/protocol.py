"""HTTP for the service: a thread per connection, kept alive, with bounds on what comes in.

A server of its own on the standard library: no framework is needed for seven addresses, and start-up stays fast.
"""

from __future__ import annotations

import hmac
import json
import logging
import socket
import threading
from base64 import b64decode
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

from ckanext.landlab.errors import RequestError, SearchRefusal
from ckanext.landlab.search.params import Params
from ckanext.landlab.search.service import Asked, Service, Text

log = logging.getLogger(__name__)

BODY = 128 * 1024 * 1024
CONNECTIONS = 256
IDLE = 60  # seconds a silent connection is kept
CORE = "/solr/ckan"


class Server(ThreadingHTTPServer):
    """Listens on *address* and lets in whoever brings *token*, if there is one."""

    daemon_threads = True
    request_queue_size = 128
    places = threading.BoundedSemaphore(CONNECTIONS)

    def __init__(self, address: tuple[str, int], service: Service, token: str | None = None) -> None:
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, Handler)
        self.service = service
        self.token = token

    def process_request(self, request: Any, client_address: Any) -> None:
        """Give the connection a thread of its own, if there are not too many."""
        if self.places.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            request.sendall(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.places.release()


class Handler(BaseHTTPRequestHandler):
    server: Server  # type: ignore[assignment] the standard library calls it a BaseServer
    protocol_version = "HTTP/1.1"
    timeout = IDLE
    wbufsize = -1  # one write for head and body
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self._respond(b"")

    do_HEAD = do_GET  # noqa: N815 the same

    def do_POST(self) -> None:
        try:
            body = self._body()
        except SearchRefusal as refusal:
            self.close_connection = True
            self._send(refusal.code, _json(_refused(refusal)))
            return
        self._respond(body)

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._chunks()
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > BODY:
            raise RequestError(f"The body must say its length, at most {BODY} bytes", 413)
        return self.rfile.read(int(length))

    def _chunks(self) -> bytes:
        body = bytearray()
        while True:
            line = self.rfile.readline(64).split(b";")[0].strip()
            try:
                size = int(line, 16)
            except ValueError as error:
                raise RequestError("The chunks of the body cannot be read") from error
            if size < 0 or len(body) + size > BODY:
                raise RequestError(f"The body is longer than {BODY} bytes", 413)
            body += self.rfile.read(size)
            self.rfile.readline(1024)
            if size == 0:
                return bytes(body)

    def _respond(self, body: bytes) -> None:
        try:
            if not self._may_enter():
                raise RequestError("A token is needed: Authorization: Bearer …", 401)
            code, content = 200, self.server.service.answer(self._asked(body))
        except SearchRefusal as refusal:
            code, content = refusal.code, _refused(refusal)
        except (ValueError, OSError) as error:  # how the engine says that something is wrong with its files
            log.exception("cannot answer %s", self.path[:500])
            refusal = RequestError(f"The search engine cannot answer: {error}", 500)
            code, content = 500, _refused(refusal)
        except RecursionError:
            refusal = RequestError("The request is nested too deeply")
            code, content = 400, _refused(refusal)
        self._send(code, content if isinstance(content, Text) else _json(content))

    def _may_enter(self) -> bool:
        if self.server.token is None:
            return True
        return hmac.compare_digest(_brought(self.headers.get("Authorization", "")), self.server.token.encode())

    def _asked(self, body: bytes) -> Asked:
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        if not path.startswith(CORE):
            raise RequestError(f"Not found: {path}", 404)
        kind = self.headers.get("Content-Type", "").split(";")[0].strip().lower()
        form = body.decode("utf-8", "strict") if kind == "application/x-www-form-urlencoded" else ""
        return Asked(path[len(CORE) :], Params.parse(parts.query, form), b"" if form else body, kind)

    def _send(self, code: int, answer: Text) -> None:
        content = answer.content.encode("utf-8", "replace")
        self.send_response(code)
        self.send_header("Content-Type", answer.kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)
        self.wfile.flush()

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        log.debug("%s %s %s", self.command, self.path[:500], code)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the name that http.server uses
        log.info("%s %s", self.address_string(), format % args)


def _refused(refusal: SearchRefusal) -> dict[str, Any]:
    return {
        "responseHeader": {"status": refusal.code, "QTime": 0},
        "error": {"msg": str(refusal), "code": refusal.code},
    }


def _json(content: dict[str, Any]) -> Text:
    return Text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), "application/json;charset=utf-8")


def _brought(authorization: str) -> bytes:
    """The token in the header: after `Bearer`, or as password after `Basic`, which is what CKAN sends (RFC 7617)."""
    scheme, _, value = authorization.partition(" ")
    if scheme.casefold() != "basic":
        return value.encode()
    try:
        return b64decode(value, validate=True).partition(b":")[2]
    except ValueError:
        return b""
