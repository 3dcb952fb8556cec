"""Which feeds are declared, and how."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.model.meta import registry
from ckanext.landlab.model.feed_item import now
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.exc import InternalError

log = logging.getLogger(__name__)

FEEDS = sa.Table(
    "landlab_feed",
    registry.metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("declaration", JSONB, nullable=False),
    sa.Column("changed", sa.DateTime(timezone=True), nullable=False),  # the declaration, or what was brought
    sa.Column("brought", sa.Numeric),  # a mark of what came from the sources that it leaves out, when last looked at
)


def declared(name: str) -> Mapping[str, Any] | None:
    """The declaration of the feed *name*; None if there is none."""
    return model.Session.execute(sa.select(FEEDS.c.declaration).where(FEEDS.c.name == name)).scalar()


def changed(name: str) -> datetime | None:
    """When the feed *name* was declared, or what it leaves out became another; None if it is not declared."""
    return model.Session.execute(sa.select(FEEDS.c.changed).where(FEEDS.c.name == name)).scalar()


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


def brought(name: str, mark: Decimal | None) -> datetime | None:
    """Note that the *mark* of what a feed leaves out is another one; the moment, or None if it is as it was.

    Harvesters keep what came from where, and no date of it: whoever sees first that it is another says when that was.
    """
    another = FEEDS.c.brought.is_distinct_from(mark)
    statement = sa.update(FEEDS).where(FEEDS.c.name == name, another).values(brought=mark, changed=now())
    try:
        with model.ensure_engine().begin() as connection:  # of its own: a question commits nothing else
            return connection.execute(statement.returning(FEEDS.c.changed)).scalar()
    except InternalError:
        log.warning("The database takes no writes: that the feed %s changed is noted later.", name)
        return now()
