"""What is to be done every now and then: put into the queue when the time has come.

The small job that comes back every minute looks (`harvest.schedule`), and so does whoever serves a request, should that
job be lost.  Redis keeps a duty from being done twice: the first one to lay down the mark does it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import ckan.plugins.toolkit as tk
from ckan.lib.redis import connect_to_redis
from ckanext.landlab import gauges, orphans, privacy, use
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

LOOK = 60  # seconds between two looks of one process
_next_look = time.monotonic() + LOOK


@dataclass(frozen=True)
class Duty:
    """A job that is due every so many seconds."""

    name: str
    every: int
    job: Callable[[], object]


def remind() -> None:
    """Write to those who confirm, and to custodians whose datasets are past their review date."""
    tk.get_action("landlab_release_remind")({"ignore_auth": True}, {})


DUTIES = (
    Duty("findings", 6 * 3600, gauges.count_findings),
    Duty("use", 600, use.take_over),
    Duty("privacy", 24 * 3600, privacy.tidy),
    Duty("reminders", 24 * 3600, remind),
    Duty("orphans", 24 * 3600, orphans.clear),
)


def look() -> None:
    """Put into the queue what is due; at most once a minute, so that it costs a request nothing."""
    global _next_look
    now = time.monotonic()
    if now >= _next_look:
        _next_look = now + LOOK
        enqueue()


def enqueue() -> None:
    """Put into the queue what is due."""
    try:
        for duty in DUTIES:
            if connect_to_redis().set(_mark(duty), "1", nx=True, ex=duty.every):
                tk.enqueue_job(duty.job, title=f"landlab: {duty.name}")
    except RedisError as error:
        log.warning("Nothing could be put into the queue: %s", type(error).__name__)


def _mark(duty: Duty) -> str:
    return f"landlab:due:{tk.config['ckan.site_id']}:{duty.name}"
