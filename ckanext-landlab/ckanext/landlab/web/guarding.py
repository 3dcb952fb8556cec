"""Connections that reach public addresses only: judged and made in one step, so that no name can change in between.

A name is resolved once, every address it has is judged, and the connection goes to just the address that was judged
(OWASP: server-side request forgery).  An alarm ends it when its time is up, whatever the other side does.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
import time
from collections.abc import Collection, Iterator
from typing import Any

import requests
from ckanext.landlab.errors import Unfetchable
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.connection import create_connection

PATIENCE = 10  # seconds to connect
TRANSLATED = ipaddress.ip_network("64:ff9b::/96")  # an IPv4 address within IPv6 (RFC 6052)
COMPATIBLE = ipaddress.ip_network("::/96")  # the same as it was once written (RFC 4291, 2.5.5.1)


class Visit:
    """One request: where it leads, until when it may last, and which hosts may be in the own network."""

    def __init__(self, address: str, until: float, trusted: Collection[str] = ()) -> None:
        self.address = address
        self.until = until
        self.trusted = frozenset(name.strip().lower() for name in trusted)
        self.alarms: list[threading.Timer] = []

    @property
    def left(self) -> float:
        return max(0.1, self.until - time.monotonic())

    def connected(self, host: str, port: int) -> socket.socket:
        """A connection to *host*; raises Unfetchable."""
        number = self.judged(host, port)
        try:
            connection = create_connection((number, port), timeout=min(PATIENCE, self.left))
        except OSError as error:
            raise Unfetchable(self.address, "unreachable") from error
        self._watch(connection)
        return connection

    def judged(self, host: str, port: int) -> str:
        """The address to which to connect for *host*, in digits; raises Unfetchable unless all it has are public."""
        try:
            found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise Unfetchable(self.address, "unreachable") from error
        numbers = [str(entry[4][0]) for entry in found]
        trusted = not self.trusted.isdisjoint((host.lower(), f"{host.lower()}:{port}"))
        if not trusted and not all(is_public(number) for number in numbers):
            raise Unfetchable(self.address, "private")
        return numbers[0]

    def _watch(self, connection: socket.socket) -> None:
        """Shut the connection down when the time is up, even while a head comes byte by byte."""
        watched = connection.dup()  # TLS takes the connection itself over

        def ring() -> None:
            with contextlib.suppress(OSError), watched:
                watched.shutdown(socket.SHUT_RDWR)

        alarm = threading.Timer(self.left, ring)
        alarm.daemon = True
        alarm.watched = watched  # type: ignore[attr-defined]
        alarm.start()
        self.alarms.append(alarm)

    def over(self) -> None:
        """Switch the alarms off."""
        for alarm in self.alarms:
            alarm.cancel()
            alarm.watched.close()  # type: ignore[attr-defined]
        self.alarms.clear()


def is_public(number: str) -> bool:
    """Whether the address in digits belongs to the public network, also where it wraps another one."""
    ip = ipaddress.ip_address(number.partition("%")[0])
    if not ip.is_global or ip.is_multicast:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return True
    wrapped = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in TRANSLATED or ip in COMPATIBLE:
        wrapped.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return all(inner is None or inner.is_global for inner in wrapped)


class GuardedAdapter(HTTPAdapter):
    """What `requests` connects with, for one visit."""

    def __init__(self, visit: Visit) -> None:
        self.visit = visit
        super().__init__(max_retries=0)

    def init_poolmanager(self, *arguments: Any, **options: Any) -> None:
        super().init_poolmanager(*arguments, **options)
        self.poolmanager.pool_classes_by_scheme = _pools(self.visit)  # type: ignore[attr-defined]


def _pools(visit: Visit) -> dict[str, type]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return visit.connected(self.host, self.port)

    class Secure(HTTPSConnection):
        """The certificate must still be the name's."""

        def _new_conn(self) -> socket.socket:
            return visit.connected(self.host, self.port)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain  # pyright: ignore[reportAssignmentType]

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure  # pyright: ignore[reportAssignmentType]

    return {"http": PlainPool, "https": SecurePool}


@contextlib.contextmanager
def session(visit: Visit, proxy: str = "") -> Iterator[requests.Session]:
    """A session that can reach what *visit* may reach.

    A *proxy* resolves names itself: what we can resolve is judged all the same, what only the proxy knows is its own.
    """
    with requests.Session() as opened:
        opened.trust_env = False  # neither proxies nor passwords from the environment
        if proxy:
            opened.proxies = {"http": proxy, "https": proxy}
        else:
            adapter = GuardedAdapter(visit)
            opened.mount("http://", adapter)
            opened.mount("https://", adapter)
        try:
            yield opened
        finally:
            visit.over()
