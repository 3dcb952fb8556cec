"""CKAN itself: the pages under gunicorn, and the worker for background jobs with its scheduler."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import psutil
import requests
from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.ports import HOST, listens
from ckanext.landlab.stack.process import mark_of
from ckanext.landlab.stack.server import Server
from redis import Redis
from redis.exceptions import RedisError

WORKERS = 2
THREADS = 4


def gunicorn(bind: str, workers: int, threads: int) -> list[str]:
    """The command that serves CKAN at *bind*; gunicorn is handed the settings by `CKAN_INI`."""
    return [
        *(sys.executable, "-m", "gunicorn", "ckanext.landlab.wsgi:application", "--preload"),
        *("--bind", bind, "--workers", str(workers)),
        *("--worker-class", "gthread", "--threads", str(threads)),
        *("--timeout", "120", "--graceful-timeout", "8", "--no-control-socket"),
    ]


class _Ckan(Server):
    """What both halves of CKAN share: they read the same settings file."""

    def environment(self) -> dict[str, str]:
        """CKAN finds its settings by a variable."""
        return {**super().environment(), "CKAN_INI": str(self.folder.ini)}


class Web(_Ckan):
    """The site that people see."""

    name = "web"
    title = "CKAN"
    preferred_port = 5000
    patience = 120

    @property
    def url(self) -> str:
        """The address for people."""
        return f"http://localhost:{self.port}"

    @property
    def address(self) -> str:
        """As people type it."""
        return self.url

    def command(self) -> list[str]:
        """Gunicorn loads CKAN once and forks, so that a worker that dies is replaced at once."""
        return gunicorn(f"{HOST}:{self.port}", WORKERS, THREADS)

    def answers(self, pid: int) -> bool:
        """Ask CKAN for its status; a stranger on our port does not count."""
        try:
            answer = requests.get(f"http://{HOST}:{self.port}/api/3/action/status_show", timeout=2)
        except requests.RequestException:
            return False
        return answer.ok and listens(pid, self.port)


class Worker(_Ckan):
    """The worker for background jobs; a child of its own puts scheduled jobs into the queue."""

    name = "worker"
    title = "CKAN jobs"
    patience = 120

    def __init__(self, folder: Folder, redis_url: str) -> None:
        super().__init__(folder)
        self.redis = Redis.from_url(redis_url, socket_timeout=2, socket_connect_timeout=2, decode_responses=True)

    def prepare(self) -> None:
        """Take away the lock that a scheduler keeps for a minute after it was killed."""
        for lock, entry in self._schedulers():
            if not entry or (_is_ours(entry) and not mark_of(int(entry["pid"]))):
                self.redis.delete(lock)

    def command(self) -> list[str]:
        """CKAN's own worker; its scheduler is on unless switched off."""
        return [str(Path(sys.executable).with_name("ckan")), "jobs", "worker"]

    def answers(self, pid: int) -> bool:
        """Look whether worker and scheduler have registered in Redis."""
        try:
            names = cast(set[str], self.redis.smembers("rq:workers"))
            return str(pid) in {self.redis.hget(name, "pid") for name in names} and self._schedules(pid)
        except (RedisError, psutil.NoSuchProcess):
            return False

    def is_whole(self, pid: int) -> bool:
        """Whether the scheduler still runs; the worker itself would miss it only after ten minutes."""
        try:
            return bool(_living_children(pid))
        except psutil.NoSuchProcess:
            return False

    def _schedules(self, pid: int) -> bool:
        children = _living_children(pid)
        return any(_is_ours(entry) and int(entry["pid"]) in children for _, entry in self._schedulers())

    def _schedulers(self) -> Iterator[tuple[str, dict[str, str]]]:
        """Each scheduler's lock, and what the scheduler says of itself; nothing if it left no trace."""
        for lock in self.redis.scan_iter("rq:scheduler-lock:ckan:*"):
            yield lock, cast(dict[str, str], self.redis.hgetall(f"rq:scheduler:{self.redis.get(lock)}"))


def _living_children(pid: int) -> set[int]:
    """The children of a process; one that has died stays among them until somebody asks how."""
    return {child.pid for child in psutil.Process(pid).children() if _lives(child)}


def _lives(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _is_ours(entry: dict[str, str]) -> bool:
    """Whether a scheduler runs on this machine, where its pid means something."""
    return entry.get("hostname") == socket.gethostname()
