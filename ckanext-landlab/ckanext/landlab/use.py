"""Counting what is used, without cookies and addresses: the dataset and the day, nothing else.

A request only adds to a number in the memory of its process; every few seconds these numbers go to Redis, and a job
takes them from there into the database.  Searching is not touched.
"""

from __future__ import annotations

import atexit
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime, timezone
from typing import Any, cast

import ckan.plugins.toolkit as tk
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckanext.landlab.model import use as store
from flask import Response, request
from redis.exceptions import RedisError

LOOK, DOWNLOAD, API = "look", "download", "api"
FLUSH = 5  # seconds that counts may stay in the memory of a process
KEPT = 40 * 86_400  # seconds that Redis keeps what no job has taken
MOST = 10_000  # different counts in memory; beyond them something is wrong and nothing is added
PROGRAM = re.compile(r"bot|crawl|spider|slurp|monitor|uptime|prometheus|preview|fetch/", re.IGNORECASE)
NEGOTIATED = "dcat.read_dataset"  # ckanext-dcat's way to a dataset, as a page or as RDF
ACTIONS = ("package_show", "resource_show", "datastore_search", "datastore_search_sql", "datastore_info")

_counted: Counter[tuple[str, str, str]] = Counter()
_lock = threading.Lock()
_flushed = time.monotonic()

Arguments = Mapping[str, Any]


def counted(response: Response) -> Response:
    """*response*, and the number of the dataset that it gave, if it gave one."""
    kind, dataset_of = OF_ENDPOINT.get(request.endpoint or "", ("", _of_dataset))
    if request.endpoint == NEGOTIATED and response.mimetype == "text/html":
        kind = LOOK
    given = (200, 302) if kind == DOWNLOAD else (200,)  # a linked file is given by leading to it
    counts = kind and request.method == "GET" and response.status_code in given and not _is_robot()
    if counts and (dataset := dataset_of(request.view_args or {})):
        note(dataset, kind)
    return response


def note(dataset: str, kind: str) -> None:
    """Count one use of a dataset (id or name)."""
    today = datetime.now(timezone.utc).date().isoformat()
    with _lock:
        if len(_counted) < MOST:
            _counted[today, dataset, kind] += 1
    if time.monotonic() - _flushed > FLUSH:
        flush()


def flush() -> None:
    """Hand what this process has counted to Redis; what cannot be handed over is tried again."""
    global _flushed
    with _lock:
        taken, _flushed = dict(_counted), time.monotonic()
        _counted.clear()
    if not taken:
        return
    try:
        with connect_to_redis().pipeline() as pipeline:
            for (day, dataset, kind), count in taken.items():
                pipeline.hincrby(_key(day), f"{dataset}|{kind}", count)
                pipeline.expire(_key(day), KEPT)
            pipeline.execute()
    except RedisError:
        with _lock:
            _counted.update(taken)


def take_over() -> int:
    """Move what Redis holds into the database, as a background job; returns how many numbers came."""
    connection = connect_to_redis()
    total = 0
    for name in sorted(cast(bytes, key).decode() for key in connection.scan_iter(_key("*"))):
        taking = name if name.endswith(":taken") else f"{name}:taken"
        if name != taking and not connection.renamenx(name, taking):
            continue  # an earlier job was cut off; what it left comes first, the rest next time
        values = cast("dict[bytes, bytes]", connection.hgetall(taking))
        counts = {_parted(field.decode()): int(count) for field, count in values.items()}
        store.add(date.fromisoformat(taking.split(":")[-2]), _by_id(counts))
        model.repo.commit()
        connection.delete(taking)
        total += len(counts)
    return total


def _by_id(counts: Mapping[tuple[str, str], int]) -> dict[tuple[str, str], int]:
    """The *counts* by the ids of datasets, which people and programs call by name as well."""
    package = store.PACKAGE
    named = {dataset for dataset, _kind in counts}
    rows = model.Session.execute(store.sa.select(package.c.name, package.c.id).where(package.c.name.in_(named)))
    ids = {row.name: row.id for row in rows}
    found: Counter[tuple[str, str]] = Counter()
    for (dataset, kind), count in counts.items():
        found[ids.get(dataset, dataset), kind] += count
    return dict(found)


def _parted(field: str) -> tuple[str, str]:
    dataset, _bar, kind = field.rpartition("|")
    return dataset, kind


def _is_robot() -> bool:
    return bool(PROGRAM.search(request.headers.get("User-Agent", "")))


def _asked(arguments: Arguments) -> str:
    """The dataset that an action was asked for."""
    if arguments.get("logic_function") not in ACTIONS:
        return ""
    given = request.args.get("id") or request.args.get("resource_id") or ""
    return str(given) if arguments.get("logic_function") == "package_show" else _of_file({"resource_id": given})


def _of_file(arguments: Arguments) -> str:
    if dataset := arguments.get("id"):
        return str(dataset)
    resource = model.Resource.get(str(arguments.get("resource_id") or ""))
    return (resource.package_id or "") if resource else ""


def _of_dataset(arguments: Arguments) -> str:
    return str(arguments.get("id") or "")


OF_ENDPOINT: Mapping[str, tuple[str, Callable[[Arguments], str]]] = {
    "dataset.read": (LOOK, _of_dataset),
    "dataset_resource.read": (LOOK, _of_dataset),
    "dataset_resource.download": (DOWNLOAD, _of_file),
    "resource.download": (DOWNLOAD, _of_file),
    "datastore.dump": (DOWNLOAD, _of_file),
    "landlab_package.download": (DOWNLOAD, _of_dataset),
    NEGOTIATED: (API, lambda arguments: str(arguments.get("_id") or arguments.get("id") or "")),
    "api.action": (API, _asked),
}


def _key(day: str) -> str:
    return f"landlab:use:{tk.config['ckan.site_id']}:{day}"


def begin() -> None:
    """Have a process that ends hand over what it has counted."""
    atexit.register(flush)
