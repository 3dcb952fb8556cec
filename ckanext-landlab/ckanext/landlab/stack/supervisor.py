"""Starts the servers in order, waits until each answers, restarts one that dies, stops them all.

One thread, one loop: nothing in it waits for a single server, so the others are looked after meanwhile.
What is running stands in `stack.json` in the data folder, for `landlab status` and for the start after a crash.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

from ckanext.landlab.errors import ServerFailed
from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.logs import bound
from ckanext.landlab.stack.ports import Ports, is_free
from ckanext.landlab.stack.process import Mark, end, end_group, mark_of, own_mark
from ckanext.landlab.stack.server import Server

STEP = 0.2  # seconds between two looks
LOOK = 3  # seconds between two questions whether a server is whole
BOUND = 30  # seconds between two looks at the size of the logs
STEADY = 30  # seconds after which a server counts as healthy again
TRIES = 8  # deaths in a row before we give up
FIRST_TRIES = 3  # the same for a server that has never answered: then it is no accident
STOP_PATIENCE = 15  # seconds for a clean end
STATE = "stack.json"


@dataclass
class Unit:
    """One server and the process that is it at the moment."""

    server: Server
    process: subprocess.Popen[bytes] | None = None
    mark: Mark | None = None
    state: str = "stopped"  # stopped, starting, running, waiting
    since: float = 0
    next_look: float = 0
    has_run: bool = False
    failures: int = 0
    restarts: int = 0

    def report(self) -> dict[str, Any]:
        """What others may know about it."""
        return {
            "state": self.state,
            "pid": self.mark.pid if self.mark else None,
            "started": self.mark.started if self.mark else None,
            "address": self.server.address,
            "end_signal": int(self.server.end_signal),
            "restarts": self.restarts,
            "log": str(self.server.folder.log(self.server.name)),
        }


class Supervisor:
    """The servers of one data folder, which the caller has locked."""

    def __init__(
        self, folder: Folder, tell: Callable[[str, Server, str], None] = lambda event, server, detail: None
    ) -> None:
        self.folder = folder
        self.units: dict[str, Unit] = {}
        self.facts: dict[str, Any] = {"supervisor": vars(own_mark())}
        self.tell = tell
        self._known_ports: dict[str, int] = folder.read("ports.json")
        self._next_bound = 0.0
        self.ports = Ports()

    def __enter__(self) -> Supervisor:
        clean_up(self.folder)
        self.publish()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, *servers: Server) -> None:
        """Start the *servers* and return when each of them answers."""
        units = [self._launch(Unit(server)) for server in servers]
        while any(unit.state != "running" for unit in units):
            self.tend()
            time.sleep(STEP / 4)

    def tend(self) -> None:
        """Look after every server once: who died is started again, who answers is running."""
        if time.monotonic() > self._next_bound:
            self._next_bound = time.monotonic() + BOUND
            bound(self.folder.logs)
        for unit in self.units.values():
            self._tend(unit)

    def stop(self) -> None:
        """Stop all servers, the last started first, and be sure that nothing is left."""
        for unit in reversed(self.units.values()):
            if unit.process and unit.mark:
                self.tell("stopping", unit.server, "")
                end([(unit.mark, unit.server.end_signal)], STOP_PATIENCE)
                unit.process.wait()
            unit.state, unit.mark, unit.process = "stopped", None, None
        self.ports.close()
        (self.folder.path / STATE).unlink(missing_ok=True)

    def publish(self, **facts: Any) -> None:
        """Write down what runs, and *facts* of the caller beside it."""
        self.facts |= facts
        servers = {name: unit.report() for name, unit in self.units.items()}
        self.folder.write(STATE, {**self.facts, "servers": servers})

    def _launch(self, unit: Unit) -> Unit:
        server = unit.server
        self.units[server.name] = unit
        self.give_port(server)
        server.prepare()
        self.tell("starting", server, "")
        unit.process = server.launch().start()
        unit.mark = mark_of(unit.process.pid)
        unit.state, unit.since = "starting", time.monotonic()
        self.publish()
        return unit

    def give_port(self, server: Server) -> None:
        """The port of last time if it is free, so that addresses stay."""
        if server.preferred_port is None or server.port:
            return
        self.ports.on_taken = lambda port: self.tell("taken", server, str(port))
        server.port = self.ports.reserve(self._known_ports.get(server.name, server.preferred_port))
        self._known_ports[server.name] = server.port
        self.folder.write("ports.json", self._known_ports)

    def _tend(self, unit: Unit) -> None:
        if unit.state == "waiting":
            self._try_again(unit)
        elif not unit.process or unit.process.poll() is not None:
            self._mourn(unit)
        elif unit.state == "starting":
            self._await(unit, unit.process)
        else:
            self._check(unit, unit.process)

    def _try_again(self, unit: Unit) -> None:
        if time.monotonic() >= unit.since:
            unit.restarts += 1
            self._launch(unit)

    def _await(self, unit: Unit, process: subprocess.Popen[bytes]) -> None:
        if unit.server.answers(process.pid):
            unit.state, unit.has_run = "running", True
            self.tell("running", unit.server, "")
            self.publish()
        elif time.monotonic() - unit.since > unit.server.patience:
            process.kill()

    def _check(self, unit: Unit, process: subprocess.Popen[bytes]) -> None:
        """Have a server that is not whole end itself; it is asked now and then, and told at most as often."""
        now = time.monotonic()
        if now - unit.since > STEADY:
            unit.failures = 0
        if now > unit.next_look:
            unit.next_look = now + LOOK
            if not unit.server.is_whole(process.pid):
                process.send_signal(unit.server.end_signal)

    def _mourn(self, unit: Unit) -> None:
        """A server died: kill what it left behind and decide when to start it again."""
        if unit.process:
            end_group(unit.process.pid)
        unit.failures += 1
        if unit.failures >= (TRIES if unit.has_run else FIRST_TRIES):
            raise ServerFailed(unit.server.title, self.folder.log(unit.server.name))
        self.tell("died", unit.server, "")
        if unit.state == "starting" and unit.server.port and not is_free(unit.server.port):
            self.ports.release(unit.server.port)
            unit.server.port = 0
        unit.state, unit.mark, unit.process = "waiting", None, None
        unit.since = time.monotonic() + (0 if unit.failures == 1 else min(2 ** (unit.failures - 2), 8))
        self.publish()


def clean_up(folder: Folder) -> None:
    """End what a supervisor that was killed has left running on *folder*."""
    left = folder.read(STATE).get("servers", {}).values()
    marks = [(Mark(entry["pid"], entry["started"]), entry["end_signal"]) for entry in left if entry["pid"]]
    end(list(reversed(marks)), STOP_PATIENCE)
    for mark, _ in marks:
        end_group(mark.pid, tag=str(folder.path))
    (folder.path / STATE).unlink(missing_ok=True)
