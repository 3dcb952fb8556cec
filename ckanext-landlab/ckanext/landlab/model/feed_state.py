"""The state of a feed: how much it shows, when that changed, and a mark that is another one when anything is.

It is added up from lines that the database writes with every change of an item.  Only for keywords, and for the sources
that a feed leaves out, the items are counted, once for each state of the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from ckanext.landlab.feeds.feed import LARGEST_PAGE, Feed
from ckanext.landlab.model import feed_declaration as declarations
from ckanext.landlab.model.feed_condition import came_from, condition, of_place
from ckanext.landlab.model.feed_declaration import FEEDS
from ckanext.landlab.model.feed_item import ITEMS

# Not among CKAN's tables, which its tests empty one by one: the lines follow the items by themselves.
TALLY = sa.table(
    "landlab_feed_tally",
    *(sa.column(name, sa.Text) for name in ("kind", "organization", "origin")),
    *(sa.column(name, sa.BigInteger) for name in ("total", "mark")),
    sa.column("changed", sa.DateTime(timezone=True)),
)


MOST_REMEMBERED = 200


class Summary(NamedTuple):
    """How many datasets a feed shows, when it last changed, a mark of all, the longest entry if that matters."""

    total: int
    changed: datetime | None
    mark: int
    largest: int


_remembered: dict[Feed, tuple[tuple[Any, ...], Summary]] = {}  # of feeds that are counted: what it was like then


def summary(connection: sa.Connection, feed: Feed, since: datetime | None = None) -> Summary:
    """The state of *feed*, or of what changed in it *since*."""
    if since:
        return _summary(*connection.execute(_counted(feed, since)).one())
    if feed.tags or feed.tags_excluded or feed.sources_excluded:
        return _counted_once(connection, feed)
    return _summary(*connection.execute(_kept(feed)).one())


def _counted_once(connection: sa.Connection, feed: Feed) -> Summary:
    """The state of *feed* as counted before, as long as nothing has changed that it depends on."""
    known = _remembered.get(feed)
    if known and known[0] == tuple(connection.execute(_surroundings(feed)).one()):
        return known[1]
    # both at the same moment, or what changes between them would never be noticed
    count, around = _counted(feed, None).subquery(), _surroundings(feed).subquery()
    row = tuple(connection.execute(sa.select(count, around).select_from(count.join(around, sa.true()))).one())
    found, state = _summary(*row[: len(count.c)]), row[len(count.c) :]
    if feed.sources_excluded:
        found = found._replace(changed=declarations.brought(feed.name, state[-1]) or found.changed)
    if len(_remembered) >= MOST_REMEMBERED:
        _remembered.clear()
    _remembered[feed] = state, found
    return found


def _summary(total: int, mark: int, changed: datetime | None, largest: int | None) -> Summary:
    return Summary(int(total), changed, mark, largest or 0)


@lru_cache(maxsize=MOST_REMEMBERED)
def _kept(feed: Feed) -> sa.Select[Any]:
    return sa.select(*_of_lines(), _changed(feed), _largest(feed, None)).where(*of_place(feed, TALLY.c))


@lru_cache(maxsize=MOST_REMEMBERED)
def _surroundings(feed: Feed) -> sa.Select[Any]:
    """What *feed* depends on: the whole catalogue, its declaration, and which datasets came from what it leaves out."""
    came = came_from(feed.sources_excluded).subquery()
    ids = sa.cast(sa.func.hashtextextended(came.c.dataset_id, 0), sa.Numeric)  # added up, so that two do not cancel out
    others = [sa.select(sa.func.sum(ids)).scalar_subquery()] if feed.sources_excluded else []
    return sa.select(*_of_lines(), sa.func.max(TALLY.c.changed), _declared(feed), *others)


def _of_lines() -> Iterator[sa.ColumnElement[int]]:
    yield sa.func.coalesce(sa.func.sum(TALLY.c.total), 0)
    yield _mark_of(TALLY)


def _counted(feed: Feed, since: datetime | None) -> sa.Select[Any]:
    state = sa.select(sa.func.count(), _mark_of(ITEMS), _changed(feed), _largest(feed, since))
    return state.where(condition(feed, since))


def _mark_of(table: sa.FromClause) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.bit_xor(table.c.mark), 0)


def _changed(feed: Feed) -> sa.ScalarSelect[datetime]:
    """When anything came, changed or went where *feed* looks, or the feed was declared: never too early."""
    changed = sa.func.greatest(sa.func.max(TALLY.c.changed), _declared(feed))
    return sa.select(changed).where(*of_place(feed, TALLY.c)).scalar_subquery()


def _declared(feed: Feed) -> sa.ScalarSelect[datetime]:
    return sa.select(FEEDS.c.changed).where(FEEDS.c.name == feed.name).scalar_subquery()


def _largest(feed: Feed, since: datetime | None) -> sa.ScalarSelect[int]:
    """The longest entry of those that are too long for a full page."""
    too_long = ITEMS.c.largest > LARGEST_PAGE // feed.page_size
    return sa.select(sa.func.max(ITEMS.c.largest)).where(condition(feed, since), too_long).scalar_subquery()
