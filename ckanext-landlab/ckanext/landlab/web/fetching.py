"""Take what lies at an address of the web: the one way for the whole of LandLab.

Only http and https; every hop of a redirect is judged anew and private networks are refused (see guarding); size and
time are bounded, unpacked as well as packed; what is there already is not sent again; a server that is in trouble is
asked again a little later.  Nothing is interpreted: bytes go to a file.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import BinaryIO
from urllib.parse import SplitResult, urljoin, urlsplit

import requests
import urllib3
from ckanext.landlab.errors import Unfetchable
from ckanext.landlab.web import guarding
from ckanext.landlab.web.guarding import Visit
from ckanext.landlab.web.unpacking import ACCEPTED, PIECE, UNPACKERS, Broken, unpacked

REDIRECTS = 5
SILENCE = 60  # seconds without a byte
PORTS = {"http": 80, "https": 443}
AGENT = "ckanext-landlab"
BUSY = (429, 500, 502, 503, 504)
AGAIN = ("unreachable", "broken", "time")
LONGEST_PAUSE = 60  # seconds, whatever a server asks for


@dataclass(frozen=True, kw_only=True)
class Terms:
    """How a fetch may go: bytes, seconds, attempts, and which hosts may be in the own network."""

    size: int
    seconds: float
    attempts: int = 1
    pause: float = 1.0  # before the second attempt; doubled for each further one
    trusted: Collection[str] = ()
    proxy: str = ""


@dataclass(frozen=True)
class Seen:
    """What is known of an earlier answer, so that an unchanged one is not sent again."""

    etag: str = ""
    modified: str = ""

    def headers(self) -> dict[str, str]:
        named = {"If-None-Match": self.etag, "If-Modified-Since": self.modified}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True)
class Fetched:
    """What came: from which address in the end, how much, as what; *unchanged* says that nothing had to come."""

    address: str
    size: int = 0
    media_type: str = ""
    seen: Seen = field(default_factory=Seen)
    unchanged: bool = False


def fetch(
    address: str,
    target: BinaryIO,
    terms: Terms,
    headers: Mapping[str, str] | None = None,
    seen: Seen | None = None,
) -> Fetched:
    """Write what lies at *address* to *target*; with more than one attempt *target* must be a file that can be cut.

    Raises:
        Unfetchable: it is no web address, not public, too large, too slow, or not there.
    """
    until = time.monotonic() + terms.seconds
    asked = {**(headers or {}), **(seen or Seen()).headers()}
    start = target.tell() if terms.attempts > 1 else 0
    for attempt in range(1, terms.attempts + 1):
        try:
            return _followed(address, target, terms, asked, until)
        except Unfetchable as error:
            pause = _pause(error, attempt, terms)
            if attempt == terms.attempts or pause is None or time.monotonic() + pause > until:
                raise
        time.sleep(pause)
        target.seek(start)
        target.truncate()
    raise AssertionError("unreachable")  # pragma: no cover


def _pause(error: Unfetchable, attempt: int, terms: Terms) -> float | None:
    """How long to wait before the next attempt; None where another one cannot help."""
    if error.reason not in AGAIN and not (error.reason == "status" and int(error.fact) in BUSY):
        return None
    backoff = terms.pause * 2 ** (attempt - 1) * random.uniform(0.75, 1.25)  # noqa: S311 no secret
    return min(LONGEST_PAUSE, max(backoff, error.after))


def _followed(address: str, target: BinaryIO, terms: Terms, headers: Mapping[str, str], until: float) -> Fetched:
    for _ in range(REDIRECTS + 1):
        parts = parts_of(address)
        visit = Visit(address, until, terms.trusted)
        if terms.proxy:
            _judge_for_proxy(visit, parts)
        with guarding.session(visit, terms.proxy) as session:
            answer = _asked(session, address, headers, visit)
            with answer:
                location = answer.headers.get("Location")
                if answer.status_code in (301, 302, 303, 307, 308) and location:
                    address = urljoin(address, location)
                    continue
                return _taken(address, answer, target, terms.size, until)
    raise Unfetchable(address, "redirects")


def _judge_for_proxy(visit: Visit, parts: SplitResult) -> None:
    try:
        visit.judged(parts.hostname or "", parts.port or PORTS[parts.scheme])
    except Unfetchable as error:
        if error.reason == "private":
            raise


def parts_of(address: str) -> SplitResult:
    """The parts of an address of the web; raises Unfetchable for any other."""
    try:
        parts = urlsplit(address)
        known = parts.scheme in PORTS and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError as error:
        raise Unfetchable(address, "address") from error
    if not known or any(ord(character) < 33 for character in address):
        raise Unfetchable(address, "address")
    return parts


def _asked(session: requests.Session, address: str, headers: Mapping[str, str], visit: Visit) -> requests.Response:
    sent = {"User-Agent": AGENT, "Accept-Encoding": ACCEPTED, **headers}
    try:
        return session.get(
            address,
            headers=sent,
            timeout=(min(guarding.PATIENCE, visit.left), min(SILENCE, visit.left)),
            stream=True,
            allow_redirects=False,
            verify=os.environ.get("REQUESTS_CA_BUNDLE") or True,  # the certificate authority of an own network
        )
    except requests.exceptions.SSLError as error:
        raise Unfetchable(address, "time" if _late(visit.until) else "certificate") from error
    except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema, UnicodeError) as error:
        raise Unfetchable(address, "address") from error
    except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
        raise Unfetchable(address, "time" if _late(visit.until) else "unreachable") from error


def _taken(address: str, answer: requests.Response, target: BinaryIO, limit: int, until: float) -> Fetched:
    seen = Seen(answer.headers.get("ETag", ""), answer.headers.get("Last-Modified", ""))
    if answer.status_code == 304:
        return Fetched(address, seen=seen, unchanged=True)
    if answer.status_code != 200:
        raise Unfetchable(address, "status", str(answer.status_code), after=_after(answer))
    if _number(answer.headers.get("Content-Length")) > limit:
        raise Unfetchable(address, "size")
    encoding = answer.headers.get("Content-Encoding", "").strip().lower()
    if encoding not in UNPACKERS:
        raise Unfetchable(address, "encoding", encoding[:40])
    size = 0
    try:
        for piece in unpacked(_pieces(address, answer, limit, until), encoding):
            size += len(piece)
            if size > limit:
                raise Unfetchable(address, "size")
            target.write(piece)
    except (urllib3.exceptions.HTTPError, requests.RequestException, Broken) as error:
        raise Unfetchable(address, "time" if _late(until) else "broken") from error
    return Fetched(address, size, answer.headers.get("Content-Type", ""), seen)


def _pieces(address: str, answer: requests.Response, limit: int, until: float) -> Iterator[bytes]:
    """The answer as it comes: waiting for whole chunks, a slow server could outlast the bound."""
    size = 0
    while piece := _piece(address, answer, until):
        size += len(piece)
        if size > limit:
            raise Unfetchable(address, "size")
        yield piece


def _piece(address: str, answer: requests.Response, until: float) -> bytes:
    if _late(until):
        raise Unfetchable(address, "time")
    try:
        piece = answer.raw.read1(PIECE, decode_content=False)
    except OSError as error:  # of the connection; one of the target's disk is the caller's
        raise Unfetchable(address, "time" if _late(until) else "broken") from error
    if not piece and _late(until):  # an answer of unknown length that the alarm has ended looks like a whole one
        raise Unfetchable(address, "time")
    return piece


def _late(until: float) -> bool:
    return time.monotonic() >= until - 0.05


def _after(answer: requests.Response) -> float:
    """In how many seconds the server wants to be asked again; it may say when (RFC 9110, 10.2.3)."""
    said = answer.headers.get("Retry-After", "")
    try:
        return _number(said) or parsedate_to_datetime(said).timestamp() - time.time()
    except (ValueError, OverflowError):
        return 0


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() else 0
