"""Ports on the loopback address: which one a server gets, and that no second stack takes it meanwhile."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field

import psutil
from ckanext.landlab.errors import NoFreePort

HOST = "127.0.0.1"
TRIES = 200


@dataclass
class Ports:
    """The ports of one stack; they stay reserved as long as this object lives."""

    on_taken: Callable[[int], None] = lambda port: None
    _held: dict[int, socket.socket] = field(default_factory=dict)

    def reserve(self, preferred: int) -> int:
        """The first free port from *preferred* upwards; each one that is taken is told to `on_taken`."""
        for port in range(preferred, preferred + TRIES):
            if port not in self._held and self._hold(port):
                if is_free(port):
                    return port
                self.release(port)
            self.on_taken(port)
        raise NoFreePort(preferred, preferred + TRIES - 1)

    def release(self, port: int) -> None:
        """Let others have *port* again."""
        self._held.pop(port).close()

    def close(self) -> None:
        """Let go of every port."""
        for port in list(self._held):
            self.release(port)

    def _hold(self, port: int) -> bool:
        """Claim *port* among the stacks of this machine until our process ends, before any server listens on it."""
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            if sys.platform == "linux":  # only Linux has socket names that vanish with their process
                claim.bind(f"\0ckanext-landlab:{port}")
        except OSError:
            claim.close()
            return False
        self._held[port] = claim
        return True


def is_free(port: int) -> bool:
    """Whether nobody listens on *port*."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def listens(pid: int, port: int) -> bool:
    """Whether the process *pid* or a child of it is the one that listens on *port*."""
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        return any(
            connection.laddr and connection.laddr.port == port and connection.status == psutil.CONN_LISTEN
            for member in family
            for connection in member.net_connections(kind="tcp")
        )
    except psutil.Error:
        return False
