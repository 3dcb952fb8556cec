"""Take a file from the web without being led into the own network.

Every address a name resolves to must be public, the connection goes to just that address, and each redirect is judged
anew; size and time are bounded (OWASP: server-side request forgery).
"""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Collection
from contextlib import closing
from typing import BinaryIO
from urllib.parse import SplitResult, urljoin, urlsplit

import urllib3
from ckanext.landlab.errors import Unfetchable

REDIRECTS = 5
CHUNK = 64 * 1024
PORTS = {"http": 80, "https": 443}
AGENT = "ckanext-landlab"


def fetch(address: str, target: BinaryIO, limit: int, seconds: float, trusted: Collection[str] = ()) -> int:
    """Write what lies at *address* to *target* and say how many bytes; *trusted* hosts may be in the own network.

    Raises:
        Unfetchable: it is no web address, not public, too large, too slow, or not there.
    """
    until = time.monotonic() + seconds
    for _ in range(REDIRECTS + 1):
        response = _opened(address, until, trusted)
        with closing(response):
            if response.status in (301, 302, 303, 307, 308) and response.headers.get("Location"):
                address = urljoin(address, response.headers["Location"])
                continue
            if response.status != 200:
                raise Unfetchable(address, "status", str(response.status))
            return _copied(address, response, target, limit, until)
    raise Unfetchable(address, "redirects")


def _opened(address: str, until: float, trusted: Collection[str]) -> urllib3.BaseHTTPResponse:
    parts = _parts(address)
    host = parts.hostname or ""
    port = parts.port or PORTS[parts.scheme]
    timeout = urllib3.Timeout(total=max(0.1, until - time.monotonic()))
    options = {"timeout": timeout, "maxsize": 1, "retries": False}
    target = _public_address(address, host, port, trusted)
    if parts.scheme == "https":
        # The certificate must be the name's, though the connection goes to the address that was judged.
        pool = urllib3.HTTPSConnectionPool(target, port, server_hostname=host, assert_hostname=host, **options)
    else:
        pool = urllib3.HTTPConnectionPool(target, port, **options)
    headers = {"Host": parts.netloc.rpartition("@")[2], "User-Agent": AGENT, "Accept-Encoding": "identity"}
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        return pool.urlopen("GET", path, headers=headers, redirect=False, preload_content=False, decode_content=False)
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
        raise Unfetchable(address, "unreachable") from error


def _parts(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        known = parts.scheme in PORTS and parts.hostname and (parts.port is None or parts.port > 0)
    except ValueError as error:
        raise Unfetchable(address, "address") from error
    if not known:
        raise Unfetchable(address, "address")
    return parts


def _public_address(address: str, host: str, port: int, trusted: Collection[str]) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unfetchable(address, "unreachable") from error
    numbers = [str(entry[4][0]) for entry in found]
    if host not in trusted and not all(_is_public(number) for number in numbers):
        raise Unfetchable(address, "private")
    return numbers[0]


def _is_public(number: str) -> bool:
    ip = ipaddress.ip_address(number.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None)
    return ip.is_global and not ip.is_multicast and (mapped is None or mapped.is_global)


def _copied(address: str, response: urllib3.BaseHTTPResponse, target: BinaryIO, limit: int, until: float) -> int:
    if int(response.headers.get("Content-Length") or 0) > limit:
        raise Unfetchable(address, "size")
    size = 0
    try:
        # read1 gives what has come so far: waiting for a whole chunk, a slow server could outlast the bound.
        while chunk := response.read1(CHUNK, decode_content=False):
            size += len(chunk)
            if size > limit:
                raise Unfetchable(address, "size")
            if time.monotonic() > until:
                raise Unfetchable(address, "time")
            target.write(chunk)
    except (urllib3.exceptions.HTTPError, OSError) as error:
        raise Unfetchable(address, "broken") from error
    return size
