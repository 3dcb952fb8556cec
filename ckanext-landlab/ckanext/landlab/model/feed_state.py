"""The state of a feed: how much it shows, when that changed, and a mark that is another one when anything is.

It is added up from lines that the database writes with every change of an item, less what came from sources that are
left out, which are counted one by one; only keywords are asked of every item.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from ckanext.landlab.feeds.feed import LARGEST_PAGE, Feed
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


EVERYTHING = Feed()
MOST_REMEMBERED = 200


class Summary(NamedTuple):
    """How many datasets a feed shows, when it last changed, a mark of all, the longest entry if that matters."""

    total: int
    changed: datetime | None
    mark: int
    largest: int


_remembered: dict[Feed, tuple[Summary, Summary]] = {}  # of feeds by keywords: the catalogue's state, and theirs then


def summary(connection: sa.Connection, feed: Feed, since: datetime | None = None) -> Summary:
    """The state of *feed*, or of what changed in it *since*."""
    by_keywords = feed.tags or feed.tags_excluded
    if since or (by_keywords and feed.sources_excluded):
        return _asked(connection, _counted(feed, since))
    return _by_keywords(connection, feed) if by_keywords else _asked(connection, _kept(feed))


def _by_keywords(connection: sa.Connection, feed: Feed) -> Summary:
    """The state of *feed* as counted before, as long as nothing has changed in the whole catalogue."""
    catalogue = _asked(connection, _kept(EVERYTHING))
    known = _remembered.get(feed)
    if known and known[0] == catalogue:
        return known[1]
    found = _asked(connection, _counted(feed, None))
    if len(_remembered) >= MOST_REMEMBERED:
        _remembered.clear()
    _remembered[feed] = catalogue, found
    return found


def _asked(connection: sa.Connection, question: sa.Select[Any]) -> Summary:
    total, mark, changed, largest = connection.execute(question).one()
    return Summary(int(total), changed, mark, largest or 0)


@lru_cache(maxsize=MOST_REMEMBERED)
def _kept(feed: Feed) -> sa.Select[Any]:
    total = sa.cast(sa.func.coalesce(sa.func.sum(TALLY.c.total), 0), sa.BigInteger)
    told = _amount(TALLY, total).where(*of_place(feed, TALLY.c)).subquery()
    if not feed.sources_excluded:
        return sa.select(told, _changed(feed), _largest(feed, None))
    # In the same question: whatever comes or goes between two would be in one of them and not in the other.
    away = condition(replace(feed, sources_excluded=frozenset())) & came_from(feed.sources_excluded)
    less = _amount(ITEMS, sa.func.count()).where(away).subquery()
    left = told.c.total - less.c.total, told.c.mark.bitwise_xor(less.c.mark)
    return sa.select(*left, _changed(feed), _largest(feed, None)).select_from(told.join(less, sa.true()))


def _counted(feed: Feed, since: datetime | None) -> sa.Select[Any]:
    amount = _amount(ITEMS, sa.func.count()).where(condition(feed, since))
    return amount.add_columns(_changed(feed), _largest(feed, since))


def _amount(table: sa.FromClause, total: sa.ColumnElement[int]) -> sa.Select[Any]:
    """How many datasets *table* holds, and the mark of all of them."""
    mark = sa.func.coalesce(sa.func.bit_xor(table.c.mark), 0)
    return sa.select(total.label("total"), mark.label("mark")).select_from(table)


def _changed(feed: Feed) -> sa.ScalarSelect[datetime]:
    """When anything came, changed or went where *feed* looks, or the feed was declared: never too early."""
    declared = sa.select(FEEDS.c.changed).where(FEEDS.c.name == feed.name).scalar_subquery()
    changed = sa.func.greatest(sa.func.max(TALLY.c.changed), declared)
    return sa.select(changed).where(*of_place(feed, TALLY.c)).scalar_subquery()


def _largest(feed: Feed, since: datetime | None) -> sa.ScalarSelect[int]:
    """The longest entry of those that are too long for a full page."""
    too_long = ITEMS.c.largest > LARGEST_PAGE // feed.page_size
    return sa.select(sa.func.max(ITEMS.c.largest)).where(condition(feed, since), too_long).scalar_subquery()
