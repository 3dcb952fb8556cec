"""What a feed shows: which datasets, with which entries; and what it shows no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckanext.landlab.feeds.feed import Feed
from ckanext.landlab.model import titles
from ckanext.landlab.model.feed_condition import SINCE, condition, origins, restrictions
from ckanext.landlab.model.feed_item import ENTRIES, FORMER, ITEMS, PACKAGE, PUBLIC

BATCH = 200  # datasets
MOST_PREPARED = 200  # questions
ITEM = (ITEMS.c.number, ITEMS.c.kind, ITEMS.c.address, ITEMS.c.has_contributor)


def page(
    feed: Feed, syntax: str, since: datetime | None, *, after: int, offset: int, limit: int
) -> Sequence[sa.Row[Any]]:
    """The datasets on a page of *feed*, each with its entry in *syntax*; only what is public."""
    asked = {"since": since, "after": after, "offset": offset, "limit": limit}
    return model.Session.connection().execute(_question(feed, syntax, only_new=since is not None), asked).all()


def goes_on(feed: Feed, since: datetime | None, after: int) -> bool:
    """Whether *feed* has a dataset that comes *after* that number."""
    query = sa.select(sa.exists().where(condition(feed, since), ITEMS.c.number > after))
    return bool(model.Session.execute(query).scalar())


def everything(feed: Feed, syntax: str, since: datetime | None) -> Iterator[Sequence[sa.Row[Any]]]:
    """The same of the whole *feed*, in batches, by a connection of its own: the request ends before its answer does."""
    asked = {"since": since, "after": 0, "offset": 0, "limit": None}
    options = {"stream_results": True, "max_row_buffer": BATCH}
    with model.ensure_engine().connect() as connection:
        question = _question(feed, syntax, only_new=since is not None)
        yield from connection.execute(question, asked, execution_options=options).partitions(BATCH)


@lru_cache(maxsize=MOST_PREPARED)
def _question(feed: Feed, syntax: str, *, only_new: bool) -> sa.Select[Any]:
    """What is asked for entries, made once: to put it together takes longer than to ask it."""
    numbers = sa.select(ITEMS.c.number).where(condition(feed, SINCE if only_new else None)).order_by(ITEMS.c.number)
    # by an index alone, however many come before
    numbers = numbers.where(ITEMS.c.number > sa.bindparam("after", type_=sa.BigInteger))
    numbers = numbers.offset(sa.bindparam("offset", type_=sa.Integer)).limit(sa.bindparam("limit", type_=sa.Integer))
    place = numbers.subquery()
    entry = sa.and_(ENTRIES.c.dataset_id == ITEMS.c.dataset_id, ENTRIES.c.version == feed.version)
    return (
        sa.select(*ITEM, ENTRIES.c[syntax].label("content"))
        .join(place, place.c.number == ITEMS.c.number)
        .join(ENTRIES, entry)
        .join(PACKAGE, PACKAGE.c.id == ITEMS.c.dataset_id)
        .where(PUBLIC)
        .order_by(place.c.number)
    )


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
    given = PACKAGE.c.extras["identifier"].astext  # which has an index
    named = sa.func.coalesce(sa.func.nullif(given, ""), PACKAGE.c.id)
    own = dict(
        model.Session.execute(sa.select(PACKAGE.c.id, named).where(PACKAGE.c.id.in_(dataset_ids))).tuples().all()
    )
    same = sa.or_(given.in_(set(own.values())), PACKAGE.c.id.in_(set(own.values())))
    known = dict(model.Session.execute(sa.select(PACKAGE.c.id, named).where(same, PUBLIC)).tuples().all())
    shown = sa.select(ITEMS.c.dataset_id).where(ITEMS.c.dataset_id.in_(list(known)), condition(feed))
    counts = Counter(known[dataset_id] for dataset_id in model.Session.execute(shown).scalars())
    return {dataset_id for dataset_id, identifier in own.items() if counts[identifier] > 1}


def gone(feed: Feed, since: datetime | None) -> list[sa.Row[Any]]:
    """The addresses that *feed* showed and shows no more, the last first: withdrawn, or no longer what it wants."""
    withdrawn = sa.select(ITEMS.c.address, ITEMS.c.gone).where(ITEMS.c.gone.is_not(None), *restrictions(feed))
    former = sa.select(FORMER.c.address, FORMER.c.gone).where(*restrictions(feed, FORMER.c))
    left = sa.union_all(withdrawn, former).subquery()
    moment = sa.func.max(left.c.gone).label("gone")
    shown = sa.exists().where(ITEMS.c.address == left.c.address, condition(feed))
    query = sa.select(left.c.address, moment).where(~shown).group_by(left.c.address).order_by(moment.desc())
    return list(model.Session.execute(query.having(moment >= since) if since else query))


def all_items(left_out_by: Feed | None = None, limit: int | None = None) -> list[sa.Row[Any]]:
    """Every dataset of the site that is not deleted with what feeds ask of it, by title; not drafts.

    Or only *limit* of them, and of those only what is *left_out_by* a feed.
    """
    is_public = sa.func.coalesce(sa.and_(PUBLIC, ITEMS.c.dataset_id.is_not(None), ITEMS.c.gone.is_(None)), sa.false())
    named = (PACKAGE.c.id, PACKAGE.c.name, *titles.COLUMNS, PACKAGE.c.type.label("kind"))
    facts = (ITEMS.c.organization, ITEMS.c.origin, ITEMS.c.tags)
    came = origins()
    sources = sa.select(sa.func.array_agg(came.c.source)).where(came.c.dataset_id == PACKAGE.c.id).scalar_subquery()
    query = sa.select(*named, *facts, sources.label("sources"), is_public.label("is_public"))
    query = query.outerjoin(ITEMS, ITEMS.c.dataset_id == PACKAGE.c.id)
    query = query.where(PACKAGE.c.state == "active", PACKAGE.c.type != "harvest")
    if left_out_by:
        query = query.where(sa.not_(sa.func.coalesce(is_public & condition(left_out_by), sa.false())))
    return list(model.Session.execute(query.order_by(PACKAGE.c.title).limit(limit)))
