"""Whether a part of a site in a container does its work at this moment: the question behind the health checks."""

from __future__ import annotations

import socket
from collections.abc import Callable

import requests
from ckanext.landlab.stack import environment
from ckanext.landlab.stack.folder import Folder
from ckanext.landlab.stack.index import USER
from ckanext.landlab.stack.web import Worker
from redis.exceptions import RedisError

PATIENCE = 10  # seconds


def answers(folder: Folder, name: str) -> bool:
    """Whether the part *name*, which runs in this container, gives a right answer to a real question."""
    return QUESTIONS[name](folder)


def _web(folder: Folder) -> bool:
    """What a load balancer asks: database, Redis, search, disk."""
    return _is_ok(f"http://{_here('5000')}/health/ready")


def _search(folder: Folder) -> bool:
    """A question to the index."""
    return _is_ok(f"http://{_here('8983')}/solr/ckan/select?q=*:*&rows=0", (USER, folder.secrets()["search"]))


def _worker(folder: Folder) -> bool:
    """Whether worker and scheduler of this container have registered in Redis, and live."""
    url = environment.with_password(environment.value("LANDLAB_REDIS"), folder.secrets()["redis"])
    worker = Worker(folder, url)
    try:
        entries = [worker.redis.hgetall(name) for name in worker.redis.smembers("rq:workers")]  # type: ignore[union-attr]
    except RedisError:
        return False
    own = [entry["pid"] for entry in entries if entry.get("hostname") == socket.gethostname() and entry.get("pid")]  # type: ignore[union-attr,index]
    return any(worker.answers(int(pid)) for pid in own)


def _here(port: str) -> str:
    """The address in this container where a part listens."""
    host, _, own = environment.value("LANDLAB_BIND").rpartition(":")
    return f"{host if host.strip('0.') else '127.0.0.1'}:{own or port}"


def _is_ok(url: str, login: tuple[str, str] | None = None) -> bool:
    try:
        return requests.get(url, auth=login, timeout=PATIENCE).ok
    except requests.RequestException:
        return False


QUESTIONS: dict[str, Callable[[Folder], bool]] = {"web": _web, "worker": _worker, "search": _search}
