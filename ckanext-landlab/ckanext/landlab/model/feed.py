"""What harvesters see, made when a dataset is saved: items, their entries in each version and syntax, and feeds.

An item stays when its dataset goes, as the note that it has gone.  Whether a dataset is public is asked of CKAN's own
table in every query, so that what was withdrawn is gone at once, whatever way it was withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import Any, NamedTuple

import sqlalchemy as sa
from ckan import model
from ckan.model.meta import registry
from ckanext.landlab.feeds.feed import Feed
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert

ITEMS = sa.Table(
    "landlab_feed_item",
    registry.metadata,
    sa.Column("dataset_id", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, sa.Identity(), nullable=False, unique=True),  # the place in every feed, for good
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("organization", sa.Text, nullable=False),
    sa.Column("origin", sa.Text, nullable=False),
    sa.Column("tags", ARRAY(sa.Text), nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("along", ARRAY(sa.Text), nullable=False),  # the ids of the records that the entries describe along
    sa.Column("has_contributor", sa.Boolean, nullable=False),
    sa.Column("mark", sa.BigInteger, nullable=False),  # of the content: another one when anything changed
    sa.Column("largest", sa.Integer, nullable=False),  # bytes of the longest entry
    sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
    sa.Column("gone", sa.DateTime(timezone=True)),
)

ENTRIES = sa.Table(
    "landlab_feed_entry",
    registry.metadata,
    sa.Column("dataset_id", sa.Text, sa.ForeignKey(ITEMS.c.dataset_id, ondelete="CASCADE"), primary_key=True),
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("syntax", sa.Text, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

FEEDS = sa.Table(
    "landlab_feed",
    registry.metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("declaration", JSONB, nullable=False),
    sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
)

PACKAGE = registry.metadata.tables["package"]
_PUBLIC = sa.and_(PACKAGE.c.state == "active", PACKAGE.c.private.is_(False))


class Summary(NamedTuple):
    """The state of a feed: how many datasets, when the youngest changed, a mark of all, the longest entry."""

    total: int
    changed: datetime | None
    mark: int
    largest: int


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(timezone.utc)


def keep(item: Mapping[str, Any], entries: Mapping[tuple[str, str], bytes]) -> bool:
    """Write *item* and its *entries* by version and syntax; False if they were there with the same content."""
    known = model.Session.execute(sa.select(ITEMS).where(ITEMS.c.dataset_id == item["dataset_id"])).mappings().first()
    if known and known["gone"] is None and all(known[name] == value for name, value in item.items()):
        return False
    values = {**item, "changed": now(), "gone": None}
    model.Session.execute(
        insert(ITEMS).values(values).on_conflict_do_update(index_elements=["dataset_id"], set_=values)
    )
    rows = [
        {"dataset_id": item["dataset_id"], "version": version, "syntax": syntax, "content": content}
        for (version, syntax), content in entries.items()
    ]
    written = insert(ENTRIES)
    model.Session.execute(
        written.on_conflict_do_update(
            index_elements=["dataset_id", "version", "syntax"], set_={"content": written.excluded.content}
        ),
        rows,
    )
    return True


def note_gone(dataset_id: str) -> None:
    """Note that a dataset that was public is so no more; nothing remains of it but that note."""
    still_there = sa.and_(ITEMS.c.dataset_id == dataset_id, ITEMS.c.gone.is_(None))
    model.Session.execute(sa.update(ITEMS).where(still_there).values(gone=now(), mark=0))
    model.Session.execute(sa.delete(ENTRIES).where(ENTRIES.c.dataset_id == dataset_id))


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
        yield ITEMS.c.source.not_in(sorted(feed.sources_excluded))


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
    entry = sa.and_(
        ENTRIES.c.dataset_id == chosen.c.dataset_id, ENTRIES.c.version == feed.version, ENTRIES.c.syntax == syntax
    )
    found = connection.execute(
        sa.select(chosen.c.kind, chosen.c.address, chosen.c.has_contributor, ENTRIES.c.content)
        .join(ENTRIES, entry)
        .join(PACKAGE, PACKAGE.c.id == chosen.c.dataset_id)
        .where(_PUBLIC)
        .order_by(chosen.c.number),
        execution_options={"stream_results": True, "max_row_buffer": 200},
    )
    yield from found.partitions(200)


def gone(connection: sa.Connection, feed: Feed, since: datetime | None) -> list[sa.Row[Any]]:
    """The datasets that *feed* showed and shows no more, the last first."""
    query = sa.select(ITEMS.c.address, ITEMS.c.gone).where(ITEMS.c.gone.is_not(None), *_restrictions(feed))
    query = query.where(ITEMS.c.gone >= since) if since else query
    return list(connection.execute(query.order_by(ITEMS.c.gone.desc())))


def declared(name: str) -> Mapping[str, Any] | None:
    """The declaration of the feed *name*; None if there is none."""
    return model.Session.execute(sa.select(FEEDS.c.declaration).where(FEEDS.c.name == name)).scalar()


def all_declared() -> list[Mapping[str, Any]]:
    """Every declaration, by name."""
    return list(model.Session.execute(sa.select(FEEDS.c.declaration).order_by(FEEDS.c.name)).scalars())


def declare(name: str, declaration: Mapping[str, Any]) -> None:
    """Keep *declaration* as the feed *name*."""
    values = {"name": name, "declaration": dict(declaration), "changed": now()}
    model.Session.execute(insert(FEEDS).values(values).on_conflict_do_update(index_elements=["name"], set_=values))


def withdraw(name: str) -> bool:
    """Delete the feed *name*; whether there was one."""
    return bool(model.Session.execute(sa.delete(FEEDS).where(FEEDS.c.name == name)).rowcount)  # type: ignore[attr-defined]


def all_items() -> list[sa.Row[Any]]:
    """Every dataset of the site that is not deleted with what feeds ask of it, by title; not drafts."""
    is_public = sa.func.coalesce(sa.and_(_PUBLIC, ITEMS.c.dataset_id.is_not(None), ITEMS.c.gone.is_(None)), sa.false())
    named = (PACKAGE.c.id, PACKAGE.c.name, PACKAGE.c.title, PACKAGE.c.type.label("kind"))
    facts = (ITEMS.c.organization, ITEMS.c.origin, ITEMS.c.tags, ITEMS.c.source)
    query = sa.select(*named, *facts, is_public.label("is_public"))
    query = query.outerjoin(ITEMS, ITEMS.c.dataset_id == PACKAGE.c.id)
    query = query.where(PACKAGE.c.state == "active", PACKAGE.c.type != "harvest").order_by(PACKAGE.c.title)
    return list(model.Session.execute(query))
