"""The portals above feeds that could not be asked: since when, and why; a portal that answers again has no row."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.model.meta import registry
from sqlalchemy.dialects.postgresql import insert

TROUBLES = sa.Table(
    "landlab_portal_trouble",
    registry.metadata,
    sa.Column("feed", sa.Text, primary_key=True),
    sa.Column("since", sa.DateTime(timezone=True), nullable=False),
    sa.Column("last", sa.DateTime(timezone=True), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),  # as Unfetchable names it
    sa.Column("fact", sa.Text, nullable=False),
)


def begin(feed: str, reason: str, fact: str) -> None:
    """Note that the portal above *feed* could not be asked just now; does not commit."""
    moment = datetime.now(timezone.utc)
    new = {"last": moment, "reason": reason, "fact": fact[:500]}
    statement = insert(TROUBLES).values(feed=feed, since=moment, **new)
    model.Session.execute(statement.on_conflict_do_update(index_elements=["feed"], set_=new))


def end(feed: str) -> None:
    """Note that the portal above *feed* answers; does not commit."""
    model.Session.execute(sa.delete(TROUBLES).where(TROUBLES.c.feed == feed))


def of(feed: str) -> sa.Row[Any] | None:
    """The trouble with the portal above *feed*; None if there is none."""
    return model.Session.execute(sa.select(TROUBLES).where(TROUBLES.c.feed == feed)).one_or_none()
