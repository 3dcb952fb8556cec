"""What stands before CKAN at every request: its number, the count of answers, the log line, and the health pages.

It lies outside of CKAN, so that a site without database still says what it lacks.
"""

from __future__ import annotations

import hmac
import json
import logging
import re
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

from ckanext.landlab import config, due, gauges
from ckanext.landlab.stack import health
from ckanext.landlab.stack.lines import REQUEST, impersonal
from ckanext.landlab.stack.measures import Counters, exposition, kind_of
from werkzeug.wsgi import ClosingIterator

log = logging.getLogger(__name__)

NUMBER = re.compile(r"[\w-]{8,64}")
LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1")
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
REMEMBERED = 2  # seconds for which an answer about health holds, so that asking often costs nothing
CKANS_OWN = "ckan.config.middleware.flask_app"

Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]


class Watch:
    """A WSGI application around CKAN's."""

    def __init__(self, application: Application, settings: Any) -> None:
        self.application = application
        self.settings = settings
        self.root = (settings.get("ckan.root_path") or "").replace("/{{LANG}}", "").rstrip("/")
        self.counters = Counters()
        self.pages = {"/health/live": self.live, "/health/ready": self.ready, "/metrics": self.metrics}
        self._found: tuple[float, list[health.Part]] = (0.0, [])
        self._lock = threading.Lock()
        logging.getLogger(CKANS_OWN).addFilter(_is_no_request)

    def __call__(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        began = time.monotonic()
        number = environ.get("HTTP_X_REQUEST_ID", "")
        number = number if NUMBER.fullmatch(number) else uuid4().hex
        REQUEST.set(number)
        path = environ.get("PATH_INFO", "").removeprefix(self.root)
        method = environ.get("REQUEST_METHOD", "GET")
        status = [500]

        def begin(line: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            status[0] = int(line[:3])
            return start(line, [*headers, ("X-Request-ID", number)], *rest)

        def ended() -> None:
            seconds = time.monotonic() - began
            self.counters.count(kind_of(path, method), status[0], seconds)
            if path not in self.pages:
                facts = {"method": method, "status": status[0], "seconds": round(seconds, 4)}
                log.info("%s %s", method, impersonal(path), extra={"facts": facts})
                due.look()

        page = self.pages.get(path) if method in ("GET", "HEAD") else None
        answer = page(environ, begin) if page else self.application(environ, begin)
        return ClosingIterator(answer, ended)

    def live(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Say that this process answers; nothing else is asked."""
        return _json(start, "200 OK", {"status": "ok"})

    def ready(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Say of each part whether it works, with 503 if one fails that every reader needs.

        With `?strict` also one that is not needed at once counts, for those who watch; a balancer leaves it away.
        """
        parts = self._parts()
        failed = [part.name for part in parts if not part.works and part.needed]
        warnings = [part.name for part in parts if not part.works and not part.needed]
        strict = "strict" in environ.get("QUERY_STRING", "")
        told = {
            "status": "failed" if failed else "warning" if warnings else "ok",
            "failed": failed,
            "warnings": warnings,
            "parts": {part.name: part.told() for part in parts},
        }
        bad = failed or (strict and warnings)
        return _json(start, "503 Service Unavailable" if bad else "200 OK", told)

    def metrics(self, environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        """Give Prometheus its numbers: to this machine itself, and to who knows the token."""
        if not _may_measure(environ):
            return _answer(start, "403 Forbidden", b"Set ckanext.landlab.metrics.token and send it as Bearer token.\n")
        text = exposition(self.counters, gauges.all_of_them(self._parts()))
        return _answer(start, "200 OK", text.encode(), "text/plain; version=0.0.4; charset=utf-8")

    def _parts(self) -> list[health.Part]:
        with self._lock:
            asked, parts = self._found
            if time.monotonic() - asked > REMEMBERED or not parts:
                parts = health.parts(self.settings, config.health_limits())
                self._found = (time.monotonic(), parts)
            return parts


def wrap(app: Any, settings: Any) -> None:
    """Put the watch around *app*."""
    app.wsgi_app = Watch(app.wsgi_app, settings)


def _may_measure(environ: dict[str, Any]) -> bool:
    """Whether who asks sits at this machine, with no proxy between, or sends the token."""
    if token := config.metrics_token():
        given = environ.get("HTTP_AUTHORIZATION", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode("utf-8", "replace"), token.encode())
    return environ.get("REMOTE_ADDR") in LOOPBACK and not any(environ.get(name) for name in FORWARDED)


def _json(start: Start, status: str, told: dict[str, Any]) -> Iterable[bytes]:
    return _answer(start, status, json.dumps(told, indent=1).encode() + b"\n", "application/json")


def _answer(start: Start, status: str, body: bytes, kind: str = "text/plain; charset=utf-8") -> Iterable[bytes]:
    start(status, [("Content-Type", kind), ("Content-Length", str(len(body))), ("Cache-Control", "no-store")])
    return [body]


def _is_no_request(record: logging.LogRecord) -> bool:
    """Whether a line of CKAN says something else than which page it has answered, which we say ourselves."""
    return "render time" not in str(record.msg)
