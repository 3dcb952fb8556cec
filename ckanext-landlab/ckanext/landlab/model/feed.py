"""What a feed shows: which datasets, in which state, with which entries; and what it shows no more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from ckan import model
from ckan.model.meta import registry
from ckanext.landlab.feeds.feed import Feed
from ckanext.landlab.model.feed_item import ENTRIES, ITEMS, PACKAGE, PUBLIC


class Summary(NamedTuple):
    """The state of a feed: how many datasets, when the youngest changed, a mark of all, the longest entry."""

    total: int
    changed: datetime | None
    mark: int
    largest: int


def condition(feed: Feed, since: datetime | None = None) -> sa.ColumnElement[bool]:
    """What *feed* shows, as `Feed.absence` says it of one dataset; of these what changed *since*."""
    parts = [ITEMS.c.gone.is_(None), *_restrictions(feed)]
    return sa.and_(*parts, ITEMS.c.changed >= since) if since else sa.and_(*parts)


def _restrictions(feed: Feed) -> Iterator[sa.ColumnElement[bool]]:
    if feed.kinds_unknown:
        yield ITEMS.c.kind.not_in(sorted(feed.kinds_unknown))
    if feed.organizations:
        yield ITEMS.c.organization.in_(sorted(feed.organizations))
    if feed.origins:
        yield ITEMS.c.origin.in_(sorted(feed.origins))
    if feed.tags:
        yield ITEMS.c.tags.overlap(sorted(feed.tags))
    if feed.tags_excluded:
        yield sa.not_(ITEMS.c.tags.overlap(sorted(feed.tags_excluded)))
    if feed.sources_excluded:
        came = _origins()
        from_these = sa.select(came.c.dataset_id).where(came.c.source.in_(sorted(feed.sources_excluded)))
        yield ITEMS.c.dataset_id.not_in(from_these)


def _origins() -> sa.Subquery:
    """Which dataset came from which harvest source, as harvesters keep it: ckanext-harvest's and ours."""
    parts = [sa.select(sa.literal("").label("dataset_id"), sa.literal("").label("source")).where(sa.false())]
    for name, dataset, source in (
        ("harvest_object", "package_id", "harvest_source_id"),
        ("landlab_harvest_record", "dataset_id", "source"),
    ):
        table = registry.metadata.tables.get(name)
        if table is not None:
            known = table.c[dataset].is_not(None)
            parts.append(sa.select(table.c[dataset].label("dataset_id"), table.c[source].label("source")).where(known))
    return sa.union(*parts).subquery()


def summary(connection: sa.Connection, feed: Feed, since: datetime | None = None) -> Summary:
    """The state of *feed*."""
    found = connection.execute(
        sa.select(
            sa.func.count(),
            sa.func.max(ITEMS.c.changed),
            sa.func.coalesce(sa.func.bit_xor(ITEMS.c.mark), 0),
            sa.func.coalesce(sa.func.max(ITEMS.c.largest), 0),
        ).where(condition(feed, since))
    ).one()
    return Summary(*found)


def rows(
    connection: sa.Connection, feed: Feed, syntax: str, since: datetime | None, offset: int, limit: int | None
) -> Iterator[Sequence[sa.Row[Any]]]:
    """The datasets of *feed* from *offset* on, each with its entry in *syntax*, in batches; only what is public."""
    chosen = (
        sa.select(ITEMS.c.dataset_id, ITEMS.c.number, ITEMS.c.kind, ITEMS.c.address, ITEMS.c.has_contributor)
        .where(condition(feed, since))
        .order_by(ITEMS.c.number)
        .offset(offset)
        .limit(limit)
        .subquery()
    )
    entry = sa.and_(ENTRIES.c.dataset_id == chosen.c.dataset_id, ENTRIES.c.version == feed.version)
    content = ENTRIES.c[syntax].label("content")
    found = connection.execute(
        sa.select(chosen.c.kind, chosen.c.address, chosen.c.has_contributor, content)
        .join(ENTRIES, entry)
        .join(PACKAGE, PACKAGE.c.id == chosen.c.dataset_id)
        .where(PUBLIC)
        .order_by(chosen.c.number),
        execution_options={"stream_results": True, "max_row_buffer": 200},
    )
    yield from found.partitions(200)


def chosen(feed: Feed, organizations: list[str] | None, offset: int, limit: int) -> list[str]:
    """The ids of the datasets of *feed* that belong to *organizations* (None: to any), in the order of the feed."""
    query = sa.select(ITEMS.c.dataset_id).where(_of_organizations(feed, organizations))
    query = query.order_by(ITEMS.c.number).offset(offset).limit(limit)
    return list(model.Session.execute(query).scalars())


def count(feed: Feed, organizations: list[str] | None) -> int:
    """How many datasets of *feed* belong to *organizations*."""
    query = sa.select(sa.func.count()).select_from(ITEMS).where(_of_organizations(feed, organizations))
    return model.Session.execute(query).scalar_one()


def _of_organizations(feed: Feed, organizations: list[str] | None) -> sa.ColumnElement[bool]:
    return condition(feed) if organizations is None else condition(feed) & ITEMS.c.organization.in_(organizations)


def doubles(feed: Feed, dataset_ids: list[str]) -> set[str]:
    """Those of *dataset_ids* whose identifier another dataset of *feed* has, too."""
    identifier = sa.func.coalesce(sa.func.nullif(PACKAGE.c.extras["identifier"].astext, ""), PACKAGE.c.id)
    shown = sa.select(PACKAGE.c.id, identifier.label("identifier"))
    shown = shown.join(ITEMS, ITEMS.c.dataset_id == PACKAGE.c.id).where(condition(feed), PUBLIC)
    one, other = shown.subquery(), shown.subquery()
    query = sa.select(one.c.id).join(other, (other.c.identifier == one.c.identifier) & (other.c.id != one.c.id))
    return set(model.Session.execute(query.where(one.c.id.in_(dataset_ids))).scalars())


def gone(connection: sa.Connection, feed: Feed, since: datetime | None) -> list[sa.Row[Any]]:
    """The datasets that *feed* showed and shows no more, the last first."""
    query = sa.select(ITEMS.c.address, ITEMS.c.gone).where(ITEMS.c.gone.is_not(None), *_restrictions(feed))
    query = query.where(ITEMS.c.gone >= since) if since else query
    return list(connection.execute(query.order_by(ITEMS.c.gone.desc())))


def all_items() -> list[sa.Row[Any]]:
    """Every dataset of the site that is not deleted with what feeds ask of it, by title; not drafts."""
    is_public = sa.func.coalesce(sa.and_(PUBLIC, ITEMS.c.dataset_id.is_not(None), ITEMS.c.gone.is_(None)), sa.false())
    named = (PACKAGE.c.id, PACKAGE.c.name, PACKAGE.c.title, PACKAGE.c.type.label("kind"))
    facts = (ITEMS.c.organization, ITEMS.c.origin, ITEMS.c.tags)
    came = _origins()
    came = sa.select(came.c.dataset_id, sa.func.array_agg(came.c.source).label("sources")).group_by("dataset_id")
    came = came.subquery()
    query = sa.select(*named, *facts, came.c.sources, is_public.label("is_public"))
    query = query.outerjoin(ITEMS, ITEMS.c.dataset_id == PACKAGE.c.id)
    query = query.outerjoin(came, came.c.dataset_id == PACKAGE.c.id)
    query = query.where(PACKAGE.c.state == "active", PACKAGE.c.type != "harvest").order_by(PACKAGE.c.title)
    return list(model.Session.execute(query))
