"""Processes of the stack: started so that none outlives us, known by more than a number, ended for certain.

A pid alone may belong to somebody else tomorrow.  A `Mark` adds when the process started, so that only a process
that we started is ever signalled, also after a crash or a restart of the machine.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from ckanext.landlab.stack.account import Account

PR_SET_PDEATHSIG = 1
STAT_START_TIME = 19  # proc_pid_stat(5): field 22, counted after the command's closing bracket
TAG = "LANDLAB_STACK"  # in the environment of all our processes: the data folder they belong to
STEP = 0.05  # seconds between two looks


@dataclass(frozen=True)
class Mark:
    """One process, and no other that may get its number later."""

    pid: int
    started: str

    def is_alive(self) -> bool:
        """Whether this very process still runs; one that ended and was not yet collected does not."""
        return start_of(self.pid) == self.started

    def signal(self, number: int) -> None:
        """Send a signal, if the process is still the one we mean."""
        if self.is_alive():
            os.kill(self.pid, number)


@dataclass(frozen=True)
class Launch:
    """How to start one process: its command, where it writes, and what it may be."""

    command: Sequence[str]
    log: Path
    environment: Mapping[str, str]
    end_signal: int = signal.SIGTERM
    account: Account | None = None
    see_all: bool = False
    folder: Path | None = None

    def start(self) -> subprocess.Popen[bytes]:
        """Start it in a group of its own; it gets its end signal when we die."""
        parent = os.getpid()

        def settle() -> None:
            os.umask(0o077)
            if self.account:
                self.account.become(self.see_all)
            if sys.platform == "linux":  # after the change of account, which would undo it
                ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(self.end_signal), 0, 0, 0)
                if os.getppid() != parent:
                    os._exit(1)

        with self.log.open("ab") as log:
            return subprocess.Popen(
                list(self.command),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=dict(self.environment),
                cwd=self.folder,
                start_new_session=True,
                preexec_fn=settle,
            )


def own_mark() -> Mark:
    """The mark of this process."""
    return Mark(os.getpid(), start_of(os.getpid()) or "")


def mark_of(pid: int) -> Mark | None:
    """The mark of the process *pid*, None if there is none."""
    started = start_of(pid)
    return Mark(pid, started) if started else None


def start_of(pid: int) -> str | None:
    """When the process *pid* started, exact and independent of the clock; None if it does not run."""
    if sys.platform != "linux":
        return _start_by_clock(pid)
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return None if fields[0] in "ZX" else f"{boot}:{fields[STAT_START_TIME]}"


def _start_by_clock(pid: int) -> str | None:
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else str(process.create_time())
    except psutil.NoSuchProcess:
        return None


def end(marks: Sequence[tuple[Mark, int]], patience: float) -> None:
    """Ask each process to end with its signal, wait, then kill it and its group: afterwards none is left."""
    ours = [(mark, number) for mark, number in marks if mark.is_alive()]
    for mark, number in ours:
        mark.signal(number)
    deadline = time.monotonic() + patience
    while any(mark.is_alive() for mark, _ in ours) and time.monotonic() < deadline:
        time.sleep(STEP)
    for mark, _ in ours:
        mark.signal(signal.SIGKILL)
        end_group(mark.pid)


def end_group(leader: int, tag: str | None = None) -> None:
    """Kill what is left of the group of *leader*, a process of ours that has just ended.

    If it may have ended long ago, the number may be another's by now: then only processes count whose environment
    has the *tag* as value of LANDLAB_STACK.
    """
    members = [mark for mark in _members(leader) if tag is None or _carries(mark.pid, tag)]
    for member in members:
        member.signal(signal.SIGKILL)
    deadline = time.monotonic() + 5
    while any(member.is_alive() for member in members) and time.monotonic() < deadline:
        time.sleep(STEP)


def _members(group: int) -> list[Mark]:
    marks = (mark_of(pid) for pid in psutil.pids() if _group_of(pid) == group)
    return [mark for mark in marks if mark]


def _group_of(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except (ProcessLookupError, PermissionError):
        return None


def _carries(pid: int, tag: str) -> bool:
    try:
        return psutil.Process(pid).environ().get(TAG) == tag
    except psutil.Error:
        return False
