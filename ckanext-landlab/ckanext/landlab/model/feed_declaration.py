"""Which feeds are declared, and how."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.model.meta import registry
from ckanext.landlab.model.feed_item import now
from sqlalchemy.dialects.postgresql import JSONB, insert

FEEDS = sa.Table(
    "landlab_feed",
    registry.metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("declaration", JSONB, nullable=False),
    sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
)


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
