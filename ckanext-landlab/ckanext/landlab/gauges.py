"""The numbers of the site for Prometheus: parts, queue, datasets, feeds, harvest runs, findings."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from typing import cast

import sqlalchemy as sa
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckan.model.meta import registry
from ckan.plugins import toolkit as tk
from ckanext.landlab import catalogue, checks
from ckanext.landlab.model import feed_declaration as declarations
from ckanext.landlab.model.feed_item import PACKAGE
from ckanext.landlab.model.feed_state import summary
from ckanext.landlab.stack.health import Part, oldest, queues
from ckanext.landlab.stack.measures import Gauge

REMEMBERED = 15  # seconds for which the numbers from the database hold
Labels = tuple[tuple[str, str], ...]
_lock = threading.Lock()
_known: tuple[float, list[Gauge]] = (0.0, [])


def all_of_them(parts: Iterable[Part]) -> list[Gauge]:
    """Every number; those that would have to be asked of a part that does not work are left out."""
    parts = list(parts)
    works = {part.name for part in parts if part.works}
    answers = {_of(part=part.name): float(part.works) for part in parts}
    seconds = {_of(part=part.name): part.seconds for part in parts}
    found = [
        Gauge("landlab_part_works", "Whether a part of the site works.", answers),
        Gauge("landlab_part_seconds", "How long a part took to answer.", seconds),
    ]
    if "redis" in works:
        found += _of_redis()
    if "database" in works:
        found += _of_database()
    return found


def count_findings() -> None:
    """Count the findings of every public dataset, as a background job, for the next who asks."""
    counts: Counter[str] = Counter()
    ready = total = 0
    for record in checks.published():
        told = checks.report(record)
        counts.update(told["counts"])
        ready += told["ready"]
        total += 1
    connect_to_redis().set(_key(), json.dumps({"counts": counts, "ready": ready, "total": total}))


def _of_redis() -> Iterator[Gauge]:
    connection = connect_to_redis()
    lengths = {name.rpartition(":")[2]: connection.llen(name) for name in queues(connection)}
    waiting = {_of(queue=name): float(cast(int, length)) for name, length in lengths.items()}
    yield Gauge("landlab_queue_jobs", "Jobs that wait.", waiting or {_of(queue="default"): 0.0})
    yield Gauge("landlab_queue_oldest_seconds", "How long the oldest job has been waiting.", {(): oldest(connection)})
    found = json.loads(cast(bytes, connection.get(_key())) or b"{}")
    if found:
        by_severity = {_of(severity=name): float(count) for name, count in found["counts"].items()}
        yield Gauge("landlab_findings", "Findings on public datasets when they were last counted.", by_severity)
        yield Gauge("landlab_datasets_ready", "Public datasets ready for GovData.", {(): float(found["ready"])})


def _of_database() -> list[Gauge]:
    global _known
    with _lock:
        if time.monotonic() - _known[0] > REMEMBERED or not _known[1]:
            try:
                _known = (time.monotonic(), list(_asked()))
            finally:
                model.Session.remove()
        return _known[1]


def _asked() -> Iterator[Gauge]:
    package = PACKAGE
    public = sa.case((package.c.private.is_(True), "private"), else_=package.c.state)
    counted = model.Session.execute(sa.select(public, sa.func.count()).group_by(public))
    datasets = {_of(state=state): float(count) for state, count in counted}
    yield Gauge("landlab_datasets", "Datasets, series and services by state.", datasets)
    yield from _feeds()
    if "harvest_job" in registry.metadata.tables:
        yield from _harvests()


def _feeds() -> Iterator[Gauge]:
    feeds = ["default", *(str(declared["name"]) for declared in declarations.all_declared())]
    ages: dict[Labels, float] = {}
    totals: dict[Labels, float] = {}
    for name in dict.fromkeys(feeds):
        feed = catalogue.feed_named(name)
        if feed is None:
            continue
        found = summary(model.Session.connection(), feed)
        totals[_of(feed=name)] = float(found.total)
        if found.changed:
            ages[_of(feed=name)] = (datetime.now(timezone.utc) - found.changed).total_seconds()
    yield Gauge("landlab_feed_datasets", "Datasets in a feed.", totals)
    yield Gauge("landlab_feed_age_seconds", "How long ago anything in a feed has changed.", ages)


def _harvests() -> Iterator[Gauge]:
    jobs = registry.metadata.tables["harvest_job"]
    counted = model.Session.execute(sa.select(jobs.c.status, sa.func.count()).group_by(jobs.c.status))
    runs = {_of(status=str(status)): float(count) for status, count in counted}
    yield Gauge("landlab_harvest_runs", "Runs of harvesting by status.", runs)
    last = model.Session.execute(sa.select(sa.func.max(jobs.c.finished))).scalar()
    if last:
        age = (datetime.now(timezone.utc) - last.replace(tzinfo=timezone.utc)).total_seconds()
        yield Gauge("landlab_harvest_age_seconds", "How long ago a run of harvesting has ended.", {(): age})


def _key() -> str:
    return f"landlab:findings:{tk.config['ckan.site_id']}"


def _of(**labels: str) -> Labels:
    return tuple(labels.items())
