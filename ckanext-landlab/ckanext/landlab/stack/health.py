"""Whether what a site needs works at this moment: database, Redis, search, disk and the queue of jobs.

Each question is a real one, and none waits longer than a few seconds.  What is said of a failure may be read by
everybody: no address, no name of an account, no password.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

import psycopg2
import requests
from ckanext.landlab.stack.bucket import bucket_of
from ckanext.landlab.stack.place import plain
from redis import Redis
from redis.exceptions import AuthenticationError, RedisError

PATIENCE = 3  # seconds for each answer
QUEUES, OURS = "rq:queues", "rq:queue:ckan:"  # the set of all queues, and how the names of CKAN's begin
WORKERS = "rq:workers"
SILENCE = 600  # seconds after which a worker that says nothing counts as gone; they speak every few minutes
WAITING = 1800  # seconds that the oldest job may wait
MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Part:
    """One part of a site: whether it works, how long it took to say so, and what is wrong."""

    name: str
    works: bool
    seconds: float
    reason: str = ""
    needed: bool = True  # whether people notice at once when it fails

    def told(self) -> dict[str, object]:
        """As the address /health/ready gives it."""
        state = "ok" if self.works else "failed" if self.needed else "warning"
        shown = {"state": state, "seconds": round(self.seconds, 4)}
        return {**shown, "reason": self.reason} if self.reason else shown


@dataclass(frozen=True)
class Limits:
    """From where on something counts as wrong."""

    free: int = 500  # MB on the disk of the uploads
    waiting: int = WAITING


def parts(settings: Mapping[str, str], limits: Limits) -> list[Part]:
    """Every part of the site that *settings* describe; all are asked at once, so that the slowest alone counts."""
    store = bucket_of(settings, attempts=1)
    questions: dict[str, Callable[[], str]] = {
        "database": lambda: database(settings["sqlalchemy.url"]),
        "redis": lambda: redis(settings["ckan.redis.url"]),
        "search": lambda: search(settings),
        "disk": lambda: disk(Path(settings.get("ckan.storage_path") or "/"), limits.free),
        **({"store": store.reason} if store else {}),
        "queue": lambda: queue(settings["ckan.redis.url"], limits.waiting),
    }
    with ThreadPoolExecutor(len(questions)) as pool:
        return list(pool.map(lambda name: _asked(name, questions[name], needed=name != "queue"), questions))


def database(url: str) -> str:
    """What is wrong with the database; empty if it answers and may be written."""
    try:
        connection = psycopg2.connect(
            plain(url), connect_timeout=PATIENCE, options=f"-c statement_timeout={PATIENCE * 1000}"
        )
    except psycopg2.OperationalError as error:
        return "login refused" if "authentication" in str(error) else "no answer"
    try:
        cursor = connection.cursor()
        cursor.execute("SELECT pg_is_in_recovery() OR current_setting('transaction_read_only')::bool")
        (read_only,) = cursor.fetchone() or (True,)
        return "read-only" if read_only else ""
    except psycopg2.Error:
        return "no answer"
    finally:
        connection.close()


def redis(url: str) -> str:
    """What is wrong with Redis; empty if it answers and takes a value."""
    client = _client(url)
    try:
        client.set("landlab:health", "1", ex=60)
    except AuthenticationError:
        return "login refused"
    except RedisError as error:
        return "no memory left" if "OOM" in str(error) else "no answer"
    finally:
        client.close()
    return ""


def search(settings: Mapping[str, str]) -> str:
    """What is wrong with the search; empty if it answers a question."""
    user, password = settings.get("solr_user"), settings.get("solr_password")
    login = (user, password) if user and password else None
    address = f"{settings['solr_url'].rstrip('/')}/select"
    try:
        answer = requests.get(address, params={"q": "*:*", "rows": "0", "wt": "json"}, auth=login, timeout=PATIENCE)
    except requests.RequestException:
        return "no answer"
    return "" if answer.ok and "numFound" in answer.text else f"answers with the status {answer.status_code}"


def disk(folder: Path, least: int) -> str:
    """What is wrong with the disk of the uploads; empty if it can be written and has *least* MB free."""
    try:
        free = shutil.disk_usage(folder).free // MEGABYTE
    except OSError:
        return "not there"
    if free < least:
        return f"only {free} MB free"
    return "" if os.access(folder, os.W_OK) else "cannot be written"


def queue(url: str, longest: int) -> str:
    """What is wrong with the jobs; empty if a worker is there and none waits longer than *longest* seconds."""
    client = _client(url)
    try:
        if not any(_is_alive(client, str(name)) for name in client.smembers(WORKERS)):  # type: ignore[union-attr]
            return "no worker"
        waited = oldest(client)
    except RedisError:
        return "no answer"
    finally:
        client.close()
    return f"the oldest job has been waiting for {round(waited / 60)} minutes" if waited > longest else ""


def queues(client: Redis) -> list[str]:
    """The keys of CKAN's queues; not every key that begins like theirs is one, rq lays marks of its own beside them."""
    names = (name if isinstance(name, str) else name.decode() for name in client.smembers(QUEUES))  # type: ignore[union-attr]
    return [name for name in names if name.startswith(OURS)]


def oldest(client: Redis) -> float:
    """For how many seconds the oldest job has been waiting."""
    waited = [0.0]
    for name in queues(client):
        job = client.lindex(name, 0)
        put = client.hget(f"rq:job:{job}", "enqueued_at") if job else None
        if put:
            waited.append(time.time() - _moment(str(put)))
    return max(waited)


def _is_alive(client: Redis, worker: str) -> bool:
    said = client.hget(worker, "last_heartbeat")
    return bool(said) and time.time() - _moment(str(said)) < SILENCE


def _moment(text: str) -> float:
    """The moment that RQ writes as text in UTC."""
    return datetime.fromisoformat(text.replace("Z", "+00:00")).replace(tzinfo=timezone.utc).timestamp()


def _client(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, decode_responses=True)


def _asked(name: str, question: Callable[[], str], needed: bool) -> Part:
    started = time.monotonic()
    reason = question()
    return Part(name, not reason, time.monotonic() - started, reason, needed)
