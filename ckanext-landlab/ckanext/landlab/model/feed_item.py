"""What was made of each dataset when it was saved: an item, and its entries in each version and syntax.

An item stays when its dataset goes, as the note that it has gone.  Whether a dataset is public is asked of CKAN's own
table in every query, so that what was withdrawn is gone at once, whatever way it was withdrawn.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from functools import cache
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.model.meta import registry
from ckanext.landlab.feeds.feed import SYNTAXES, VERSIONS
from ckanext.landlab.model.upserting import compiled
from sqlalchemy.dialects.postgresql import ARRAY, array, insert

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

# How items were before; the database writes it.  Not among CKAN's tables, as the tally is not.
FORMER = sa.table(
    "landlab_feed_former",
    *(sa.column(name, sa.Text) for name in ("dataset_id", "address", "kind", "organization", "origin")),
    sa.column("tags", ARRAY(sa.Text)),
    sa.column("gone", sa.DateTime(timezone=True)),
)

ENTRIES = sa.Table(
    "landlab_feed_entry",
    registry.metadata,
    sa.Column("dataset_id", sa.Text, sa.ForeignKey(ITEMS.c.dataset_id, ondelete="CASCADE"), primary_key=True),
    sa.Column("version", sa.Text, primary_key=True),
    *(sa.Column(syntax, sa.LargeBinary, nullable=False) for syntax in SYNTAXES),  # packed, see feeds/packing.py
)

PACKAGE = registry.metadata.tables["package"]
PUBLIC = sa.and_(PACKAGE.c.state == "active", PACKAGE.c.private.is_(False))


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
