"""What harvesters see, made when a dataset is saved: items, their entries in each version and syntax, and feeds.

An item stays when its dataset goes, as the note that it has gone.  Whether a dataset is public is asked of CKAN's own
table in every query, so that what was withdrawn is gone at once, whatever way it was withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timezone
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from ckan import model
from ckan.model.meta import registry
from ckanext.landlab.feeds.feed import SYNTAXES, VERSIONS, Feed
from ckanext.landlab.model.upserting import compiled
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, array, insert

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
    *(sa.Column(syntax, sa.LargeBinary, nullable=False) for syntax in SYNTAXES),  # packed, see feeds/packing.py
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


def keep(item: Mapping[str, Any], entries: Mapping[str, Mapping[str, bytes]]) -> list[str]:
    """Write *item* and its *entries* by version and syntax, unless they were there with the same content.

    Returns the ids of the datasets whose entries describe this one along, if anything changed.
    """
    connection = model.Session.connection()
    kept = connection.exec_driver_sql(_keep_item(), {**item, "changed": now(), "gone": None}).first()
    if kept is None:
        return []
    rows = ({"version": version, **contents} for version, contents in entries.items())
    named = {_parameter(name, row["version"]): value for row in rows for name, value in row.items()}
    connection.exec_driver_sql(_keep_entries(), {"dataset_id": item["dataset_id"], **named})
    return kept.dependants or []


@cache
def _keep_item() -> str:
    """Writes an item and answers if anything changed; compiled once, which SQLAlchemy does not do here."""
    statement = insert(ITEMS)
    new = statement.excluded
    written = [column for column in ITEMS.c if column.name not in ("dataset_id", "number")]
    compared = [column.name for column in written if column.name != "changed"]
    differs = sa.tuple_(*(ITEMS.c[name] for name in compared)).is_distinct_from(sa.tuple_(*(new[n] for n in compared)))
    own = sa.literal_column(f"{ITEMS.name}.dataset_id")  # the row that is written, not another one of the table
    missing = ~sa.exists().where(ENTRIES.c.dataset_id == own)  # lost, as by a step back of the tables
    values: dict[str, sa.ColumnElement[Any]] = {column.name: new[column.name] for column in written}
    values["changed"] = sa.case((differs, new.changed), else_=ITEMS.c.changed)
    statement = statement.on_conflict_do_update(
        index_elements=["dataset_id"], set_=values, where=sa.or_(differs, missing)
    )
    others = ITEMS.alias()
    shown = others.c.along.contains(array([ITEMS.c.dataset_id])) & others.c.gone.is_(None)
    dependants = sa.select(sa.func.array_agg(others.c.dataset_id)).where(shown).scalar_subquery()
    statement = statement.returning(ITEMS.c.dataset_id, dependants.label("dependants"))
    return compiled(statement, ["dataset_id", *(column.name for column in written)])


@cache
def _keep_entries() -> str:
    rows = [
        {
            "dataset_id": sa.bindparam("dataset_id", type_=sa.Text),
            "version": sa.bindparam(_parameter("version", version), type_=sa.Text),
            **{syntax: sa.bindparam(_parameter(syntax, version), type_=sa.LargeBinary) for syntax in SYNTAXES},
        }
        for version in VERSIONS
    ]
    statement = insert(ENTRIES).values(rows)
    written = {syntax: statement.excluded[syntax] for syntax in SYNTAXES}
    return compiled(statement.on_conflict_do_update(index_elements=["dataset_id", "version"], set_=written))


def _parameter(syntax: str, version: str) -> str:
    return f"{syntax}_{version.replace('.', '_')}"


def note_gone(dataset_id: str) -> list[str]:
    """Note that a dataset that was public is so no more; nothing remains of it but that note.

    Returns the ids of the datasets whose entries describe it along.
    """
    still_there = sa.and_(ITEMS.c.dataset_id == dataset_id, ITEMS.c.gone.is_(None))
    told = sa.update(ITEMS).where(still_there).values(gone=now(), mark=0).returning(ITEMS.c.dataset_id)
    was_there = model.Session.execute(told).first()
    model.Session.execute(sa.delete(ENTRIES).where(ENTRIES.c.dataset_id == dataset_id))
    dependants = sa.select(ITEMS.c.dataset_id).where(
        ITEMS.c.along.contains(array([dataset_id])), ITEMS.c.gone.is_(None)
    )
    return list(model.Session.execute(dependants).scalars()) if was_there else []


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
        .where(_PUBLIC)
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
    shown = shown.join(ITEMS, ITEMS.c.dataset_id == PACKAGE.c.id).where(condition(feed), _PUBLIC)
    one, other = shown.subquery(), shown.subquery()
    query = sa.select(one.c.id).join(other, (other.c.identifier == one.c.identifier) & (other.c.id != one.c.id))
    return set(model.Session.execute(query.where(one.c.id.in_(dataset_ids))).scalars())


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
    facts = (ITEMS.c.organization, ITEMS.c.origin, ITEMS.c.tags)
    came = _origins()
    came = sa.select(came.c.dataset_id, sa.func.array_agg(came.c.source).label("sources")).group_by("dataset_id")
    came = came.subquery()
    query = sa.select(*named, *facts, came.c.sources, is_public.label("is_public"))
    query = query.outerjoin(ITEMS, ITEMS.c.dataset_id == PACKAGE.c.id)
    query = query.outerjoin(came, came.c.dataset_id == PACKAGE.c.id)
    query = query.where(PACKAGE.c.state == "active", PACKAGE.c.type != "harvest").order_by(PACKAGE.c.title)
    return list(model.Session.execute(query))
