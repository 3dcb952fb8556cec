"""Which datasets a feed shows, as a condition of a query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan.model.meta import registry
from ckanext.landlab.feeds.feed import Feed
from ckanext.landlab.model.feed_item import ITEMS

SINCE = sa.bindparam("since", type_=sa.DateTime(timezone=True))


def condition(feed: Feed, since: datetime | sa.BindParameter[datetime] | None = None) -> sa.ColumnElement[bool]:
    """What *feed* shows, as `Feed.absence` says it of one dataset; of these what changed *since*."""
    parts = [ITEMS.c.gone.is_(None), *restrictions(feed)]
    return sa.and_(*parts, ITEMS.c.changed >= since) if since is not None else sa.and_(*parts)


def restrictions(feed: Feed, columns: Any = ITEMS.c) -> Iterator[sa.ColumnElement[bool]]:
    """What *feed* wants of a dataset, whether it is there or gone; in *columns* of these names."""
    yield from of_place(feed, columns)
    if feed.tags:
        yield columns.tags.overlap(sorted(feed.tags))
    if feed.tags_excluded:
        yield sa.not_(columns.tags.overlap(sorted(feed.tags_excluded)))
    if feed.sources_excluded:
        yield columns.dataset_id.not_in(came_from(feed.sources_excluded))


def came_from(sources: Iterable[str]) -> sa.Select[tuple[str]]:
    """The ids of the datasets that came from the harvest *sources*; some twice."""
    came = origins()
    return sa.select(came.c.dataset_id).where(came.c.source.in_(sorted(sources)))


def of_place(feed: Feed, columns: Any) -> Iterator[sa.ColumnElement[bool]]:
    """What *feed* wants of kind, organisation and origin, in *columns* of these names."""
    if feed.kinds_unknown:
        yield columns.kind.not_in(sorted(feed.kinds_unknown))
    if feed.organizations:
        yield columns.organization.in_(sorted(feed.organizations))
    if feed.origins:
        yield columns.origin.in_(sorted(feed.origins))


def origins() -> sa.Subquery:
    """Which dataset came from which harvest source, as harvesters keep it, ckanext-harvest's and ours; some twice."""
    parts = [sa.select(sa.literal("").label("dataset_id"), sa.literal("").label("source")).where(sa.false())]
    for name, dataset, source in (
        ("harvest_object", "package_id", "harvest_source_id"),
        ("landlab_harvest_record", "dataset_id", "source"),
    ):
        table = registry.metadata.tables.get(name)
        if table is not None:
            known = table.c[dataset].is_not(None)
            parts.append(sa.select(table.c[dataset].label("dataset_id"), table.c[source].label("source")).where(known))
    return sa.union_all(*parts).subquery()
