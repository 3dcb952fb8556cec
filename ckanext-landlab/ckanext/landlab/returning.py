"""“Ist es angekommen?”: the portal above a feed is asked, by a job that comes again by itself, a few at a time."""

from __future__ import annotations

import io
import logging
import time
from datetime import timedelta
from typing import Any

import ckan.plugins.toolkit as tk
import redis
from ckan import model
from ckan.lib.jobs import get_queue
from ckanext.landlab import following, outside
from ckanext.landlab.catalogue import feed_named
from ckanext.landlab.errors import Unfetchable
from ckanext.landlab.feeds.feed import Feed
from ckanext.landlab.feeds.returning import KINDS, Sought, batches
from ckanext.landlab.model import arrivals as store
from ckanext.landlab.model import portal_trouble
from ckanext.landlab.model.feed_declaration import all_declared

log = logging.getLogger(__name__)

MOST = 500  # datasets of a feed that are asked after in one run
PAUSE = 1.0  # seconds between two questions to a portal
SIZE, SECONDS = 5_000_000, 30
AGAIN = timedelta(hours=6)


def feeds() -> list[Feed]:
    """The feeds whose portal may be asked."""
    found = (feed_named(declared["name"]) for declared in all_declared())
    return [feed for feed in found if feed and feed.portal]


def ask(feed: Feed) -> int:
    """Ask the portal above *feed* after what is due; returns how many datasets were asked after.

    Raises:
        Unfetchable: the portal does not answer; of its datasets nothing is noted then.
    """
    portal = KINDS[feed.portal]
    sought = store.due(feed, MOST)
    for number, batch in enumerate(batches(portal, feed.portal_address, sought)):
        if number:
            time.sleep(PAUSE)
        try:
            found = _found(feed, batch)
        except Unfetchable as error:
            model.Session.rollback()
            portal_trouble.begin(feed.name, error.reason, error.fact)
            model.Session.commit()
            raise
        store.note(feed.name, batch, found)
        portal_trouble.end(feed.name)
        model.Session.commit()
        following.meanwhile()
    return len(sought)


def _found(feed: Feed, batch: list[Sought]) -> dict[str, str]:
    portal, body = KINDS[feed.portal], io.BytesIO()
    address = portal.question(feed.portal_address, batch)
    outside.fetch(address, body, outside.terms(SIZE, SECONDS, attempts=2), {"Accept": portal.accept})
    try:
        return portal.found(body.getvalue(), batch)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Unfetchable(feed.portal_address, "unreadable") from error


def ask_all() -> None:
    """Ask every portal, as a background job, and come again."""
    for feed in feeds():
        _ask_patiently(feed)
    come_again()


def _ask_patiently(feed: Feed) -> None:
    """Ask one portal; if it does not answer, the next run asks again."""
    try:
        ask(feed)
    except Unfetchable as error:
        log.warning("The portal above the feed %s could not be asked: %s", feed.name, error)


def come_again(wait: timedelta = AGAIN) -> None:
    """Have the portals asked after *wait*; a later call takes the place of an earlier one."""
    if not feeds():
        return
    name = f"landlab-{tk.config['ckan.site_id']}-return-check"
    try:
        get_queue().enqueue_in(wait, ask_all, job_id=name, meta={"title": "Return check of feeds"}, job_timeout=3600)
    except redis.RedisError:
        log.warning("The return check could not be scheduled: Redis does not answer.")


def standings(dataset_id: str) -> list[dict[str, Any]]:
    """How a dataset stands with each portal that is asked and shown it, and what is wrong with that portal."""
    return [
        {
            "feed": feed.name,
            "title": feed.title or feed.name,
            **store.standing(feed.name, dataset_id),
            "trouble": trouble(feed.name),
        }
        for feed in feeds()
        if store.is_shown(feed, dataset_id)
    ]


def trouble(feed: str) -> dict[str, str] | None:
    """Since when the portal above *feed* cannot be asked, when that was last tried, and why, in words."""
    row = portal_trouble.of(feed)
    if row is None:
        return None
    moments = {"since": row.since.isoformat(), "last": row.last.isoformat()}
    return {**moments, "message": outside.sentence(Unfetchable("", row.reason, row.fact))}
