"""What the portal above a feed was found to have of each dataset, and when it was asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.model.meta import registry
from ckanext.landlab.feeds.feed import Feed
from ckanext.landlab.feeds.returning import Sought
from ckanext.landlab.model.feed_condition import condition
from ckanext.landlab.model.feed_item import ITEMS, PACKAGE
from ckanext.landlab.model.visits import VISITS
from sqlalchemy.dialects.postgresql import insert

ARRIVALS = sa.Table(
    "landlab_feed_arrival",
    registry.metadata,
    sa.Column("feed", sa.Text, primary_key=True),
    sa.Column("dataset_id", sa.Text, primary_key=True),
    sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
    sa.Column("arrived", sa.DateTime(timezone=True)),  # when it was first found; empty while it is not there
    sa.Column("was_there", sa.Boolean, nullable=False),
    sa.Column("place", sa.Text, nullable=False),  # its address or name over there, as far as the portal tells
)

SOON, LATER = timedelta(hours=20), timedelta(days=7)  # until it is asked again: while missing, once arrived
GRACE = timedelta(days=2)  # between a visit that took a dataset and the verdict that it was refused


def due(feed: Feed, limit: int) -> list[Sought]:
    """The datasets of *feed* that should be asked after, the longest unasked first."""
    moment = datetime.now(timezone.utc)
    known = sa.and_(ARRIVALS.c.dataset_id == ITEMS.c.dataset_id, ARRIVALS.c.feed == feed.name)
    fresh = sa.or_(
        sa.and_(ARRIVALS.c.arrived.is_not(None), ARRIVALS.c.asked > moment - LATER),
        sa.and_(ARRIVALS.c.arrived.is_(None), ARRIVALS.c.asked > moment - SOON),
    )
    identifier = sa.func.coalesce(sa.func.nullif(PACKAGE.c.extras["identifier"].astext, ""), PACKAGE.c.id)
    query = sa.select(ITEMS.c.dataset_id, identifier, ITEMS.c.address, PACKAGE.c.title)
    query = query.join(PACKAGE, PACKAGE.c.id == ITEMS.c.dataset_id).outerjoin(ARRIVALS, known)
    query = query.where(condition(feed), sa.func.coalesce(fresh, sa.false()).is_(False))
    rows = model.Session.execute(query.order_by(ARRIVALS.c.asked.asc().nulls_first(), ITEMS.c.number).limit(limit))
    return [Sought(*row) for row in rows]


def note(feed: str, sought: Iterable[Sought], found: Mapping[str, str]) -> None:
    """Note of each of *sought* whether it was *found*."""
    moment = datetime.now(timezone.utc)
    for one in sought:
        there = one.id in found
        new = {"feed": feed, "dataset_id": one.id, "asked": moment, "place": found.get(one.id, "")[:500]}
        statement = insert(ARRIVALS).values(**new, arrived=moment if there else None, was_there=there)
        change = {
            "asked": moment,
            "place": new["place"],
            "arrived": sa.func.coalesce(ARRIVALS.c.arrived, moment) if there else None,
            "was_there": sa.or_(ARRIVALS.c.was_there, sa.literal(there)),
        }
        model.Session.execute(statement.on_conflict_do_update(index_elements=["feed", "dataset_id"], set_=change))


def standing(feed: str, dataset_id: str) -> dict[str, Any]:
    """How a dataset stands with the portal above *feed*: unseen, arrived or refused, since when, when asked.

    Refused is what was taken by a visit more than two days ago and is not there, or was there and is no more.
    """
    here = sa.and_(ARRIVALS.c.feed == feed, ARRIVALS.c.dataset_id == dataset_id)
    row = model.Session.execute(sa.select(ARRIVALS).where(here)).one_or_none()
    if row is None:
        return {"state": "unseen", "since": None, "asked": None, "place": ""}
    is_refused = not row.arrived and (row.was_there or _taken(feed, dataset_id, row.asked))
    state = "arrived" if row.arrived else "refused" if is_refused else "unseen"
    since = row.arrived.isoformat() if row.arrived else None
    return {"state": state, "since": since, "asked": row.asked.isoformat(), "place": row.place}


def is_shown(feed: Feed, dataset_id: str) -> bool:
    """Whether *feed* shows a dataset."""
    shown = sa.select(sa.exists().where(condition(feed), ITEMS.c.dataset_id == dataset_id))
    return bool(model.Session.execute(shown).scalar())


def _taken(feed: str, dataset_id: str, asked: datetime) -> bool:
    """Whether a harvester took the dataset as it is now long enough before the portal was *asked*."""
    item = sa.select(ITEMS.c.changed).where(ITEMS.c.dataset_id == dataset_id).scalar_subquery()
    taken = sa.and_(VISITS.c.feed == feed, VISITS.c.datasets > 0, VISITS.c.begun > item, VISITS.c.last < asked - GRACE)
    return bool(model.Session.execute(sa.select(sa.exists().where(taken))).scalar())
