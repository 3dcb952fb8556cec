"""Running a site: attached to the terminal, detached from it, and stopped from elsewhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import click
from ckanext.landlab.errors import AlreadyRunning
from ckanext.landlab.stack import words
from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.language import _
from ckanext.landlab.stack.logs import read_on
from ckanext.landlab.stack.process import Mark, end
from ckanext.landlab.stack.report import report
from ckanext.landlab.stack.site import Site
from ckanext.landlab.stack.supervisor import STATE, Supervisor, clean_up

DETACHED = "LANDLAB_DETACHED"  # set for the process that a detached start leaves behind
ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
STOP_PATIENCE = 90  # seconds: every server may take its time
LEAVE_PATIENCE = 10  # seconds between letting go of the folder and the end of the process
STEP = 0.2


def attached(folder: Folder, with_sample: bool | None) -> None:
    """Run the site until somebody interrupts us."""
    started = time.monotonic()
    with folder.locked(), _interruptible(), Supervisor(folder, words.tell) as supervisor:
        site = Site(folder, supervisor, click.echo)
        try:
            address = site.start(with_sample)
            supervisor.publish(ready=True, address=address)
            click.echo(words.welcome(folder, address, time.monotonic() - started, bool(os.environ.get(DETACHED))))
            site.watch()
        except KeyboardInterrupt:
            click.echo(_("Stopping …"))
        finally:
            _ignore_endings()


def detached(folder: Folder, with_sample: bool | None) -> None:
    """Start the site in a process of its own and show what it says until it has served its first page."""
    folder.make()
    if folder.is_locked():
        raise AlreadyRunning(folder.path)
    log = folder.log("stack")
    place = log.stat().st_size if log.exists() else 0
    with log.open("ab") as output:
        process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "ckanext.landlab.stack.cli",
                "--data",
                str(folder.path),
                "up",
                *_choice(with_sample),
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**os.environ, DETACHED: "1", "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )
    while process.poll() is None and not _is_ready(folder, process.pid):
        time.sleep(STEP)
        place = read_on(log, place, lambda line: click.echo(line, nl=False))
    read_on(log, place, lambda line: click.echo(line, nl=False))
    if process.returncode is not None:
        raise SystemExit(process.returncode or 1)


def stop(folder: Folder) -> bool:
    """Stop the site on *folder*, and what a supervisor that was killed left; False if there was nothing."""
    supervisor = folder.read(STATE).get("supervisor")
    if folder.is_locked() and supervisor:
        Mark(**supervisor).signal(signal.SIGTERM)
        _wait_for_release(folder, Mark(**supervisor))
    elif not supervisor:
        return False
    with folder.locked():
        clean_up(folder)
    return True


def _wait_for_release(folder: Folder, supervisor: Mark) -> None:
    """Wait until the supervisor has let go of the folder and, a moment later, has left: then nothing of it runs."""
    deadline = time.monotonic() + STOP_PATIENCE
    while folder.is_locked() and time.monotonic() < deadline:
        time.sleep(STEP)
    if folder.is_locked():
        end([(supervisor, signal.SIGKILL)], patience=5)
    deadline = time.monotonic() + LEAVE_PATIENCE
    while supervisor.is_alive() and time.monotonic() < deadline:
        time.sleep(STEP / 4)


def _is_ready(folder: Folder, pid: int) -> bool:
    found = report(folder)
    return found["ready"] and found["supervisor"]["pid"] == pid


def _choice(with_sample: bool | None) -> list[str]:
    return [] if with_sample is None else ["--sample" if with_sample else "--no-sample"]


@contextmanager
def _interruptible() -> Iterator[None]:
    """Being told to end, however, is the same as Ctrl-C."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    for ending in ENDINGS:
        signal.signal(ending, interrupt)
    try:
        yield
    finally:
        _ignore_endings()


def _ignore_endings() -> None:
    """A second Ctrl-C must not leave half of the servers behind."""
    for ending in ENDINGS:
        signal.signal(ending, signal.SIG_IGN)
