"""The visit log: each request of a harvester is noted in Redis after its answer, and gathered into visits later."""

from __future__ import annotations

import json
import logging
import re
import time
from collections.abc import Iterable, Iterator
from typing import Any, cast

import ckan.plugins.toolkit as tk
import redis
from ckan import model
from ckan.lib.redis import connect_to_redis
from ckanext.landlab.model import visits as store
from flask import Response

log = logging.getLogger(__name__)

LONGEST = 120  # characters of an agent
BATCH = 500  # notes that a background job gathers
MOST_WAITING = 20_000  # notes; of more than these the oldest are given up
_ODD = re.compile(r"[^\x20-\x7e]")


class Note:
    """What one request took; filled while the answer is sent, noted when that has ended."""

    def __init__(self, feed: str, form: str, agent: str, datasets: int) -> None:
        self.about = {"feed": feed, "form": form, "agent": _ODD.sub("", agent)[:LONGEST] or "?"}
        self.datasets = datasets
        self.bytes = 0
        self.complete = False
        self.handed_out = False  # by nginx, which had the answer and only asked whether it still holds

    def counting(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """*pieces*, counted as they go out."""
        for piece in pieces:
            self.bytes += len(piece)
            yield piece
        self.complete = True

    def after(self, response: Response) -> Response:
        """*response*, after which the request is noted."""
        response.call_on_close(lambda: self.put(response.status_code))
        return response

    def put(self, status: int) -> None:
        """Put the note where it waits; a request never fails because of it."""
        sent = (status == 200 and self.complete) or self.handed_out
        counts = {
            "requests": 1,
            "unchanged": int(status == 304 and not self.handed_out),
            "datasets": self.datasets if sent else 0,
            "bytes": self.bytes,
            "broken": int(self.bytes > 0 and not self.complete),
        }
        note = {**self.about, **counts, "moment": round(time.time(), 3)}
        try:
            waiting = cast("int", connect_to_redis().rpush(_name(), json.dumps(note)))
            if waiting > MOST_WAITING:
                connect_to_redis().ltrim(_name(), -MOST_WAITING, -1)
            elif waiting % BATCH == 0:
                tk.enqueue_job(gather, title="Visits to feeds")
        except redis.RedisError:
            log.warning("A visit to the feed %s could not be noted: Redis does not answer.", self.about["feed"])


def gather() -> None:
    """Gather what waits into visits, and forget old ones; as a background job, or before visits are shown."""
    while notes := cast("list[bytes]", connect_to_redis().lpop(_name(), BATCH)):
        store.add(json.loads(note) for note in notes)
    store.forget_old()
    model.Session.commit()


def told(feed: str, limit: int) -> list[dict[str, Any]]:
    """The latest visits to *feed*, for JSON."""
    rows = (row._mapping for row in store.of_feed(feed, limit))
    moments = ("begun", "last")
    return [{n: row[n].isoformat() if n in moments else row[n] for n in row if n != "number"} for row in rows]


def _name() -> str:
    return f"landlab:{tk.config['ckan.site_id']}:feeds:visits"
