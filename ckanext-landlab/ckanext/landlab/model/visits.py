"""Which harvester came to which feed, when, and what it took; no address of anybody is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.model.meta import registry

VISITS = sa.Table(
    "landlab_feed_visit",
    registry.metadata,
    sa.Column("number", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("feed", sa.Text, nullable=False),
    sa.Column("agent", sa.Text, nullable=False),  # as it names itself
    sa.Column("form", sa.Text, nullable=False),  # a syntax, or `deleted`
    sa.Column("begun", sa.DateTime(timezone=True), nullable=False),
    sa.Column("last", sa.DateTime(timezone=True), nullable=False),
    sa.Column("requests", sa.Integer, nullable=False),
    sa.Column("unchanged", sa.Integer, nullable=False),  # requests that were told that nothing has changed
    sa.Column("datasets", sa.BigInteger, nullable=False),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("broken", sa.Integer, nullable=False),  # answers that were not taken to their end
)

PAUSE = timedelta(minutes=30)  # after such a silence it is another visit
KEPT = timedelta(days=365)
MOST = 500  # visits of a feed that are kept
COUNTS = ("requests", "unchanged", "datasets", "bytes", "broken")


def add(requests: Iterable[Mapping[str, Any]]) -> None:
    """Add *requests* (feed, agent, form, moment and counts), in their order, to the visits they belong to."""
    for request in requests:
        moment = datetime.fromtimestamp(request["moment"], timezone.utc)
        same = sa.and_(*(VISITS.c[name] == request[name] for name in ("feed", "agent", "form")))
        recent = sa.and_(same, VISITS.c.last >= moment - PAUSE, VISITS.c.begun <= moment)
        found = model.Session.execute(sa.select(VISITS.c.number).where(recent).order_by(VISITS.c.last.desc())).scalar()
        counts = {name: int(request[name]) for name in COUNTS}
        if found is None:
            about = {name: request[name] for name in ("feed", "agent", "form")}
            model.Session.execute(sa.insert(VISITS).values(**about, begun=moment, last=moment, **counts))
        else:
            added = {name: VISITS.c[name] + value for name, value in counts.items()}
            later = sa.func.greatest(VISITS.c.last, moment)
            model.Session.execute(sa.update(VISITS).where(VISITS.c.number == found).values(last=later, **added))


def forget_old() -> None:
    """Forget visits of more than a year ago, and all but the latest of each feed."""
    place = sa.func.row_number().over(partition_by=VISITS.c.feed, order_by=VISITS.c.last.desc()).label("place")
    placed = sa.select(VISITS.c.number, place).subquery()
    surplus = sa.select(placed.c.number).where(placed.c.place > MOST)
    old = VISITS.c.last < datetime.now(timezone.utc) - KEPT
    model.Session.execute(sa.delete(VISITS).where(sa.or_(old, VISITS.c.number.in_(surplus))))


def of_feed(feed: str, limit: int) -> list[sa.Row[Any]]:
    """The latest visits to *feed*."""
    query = sa.select(VISITS).where(VISITS.c.feed == feed).order_by(VISITS.c.last.desc()).limit(limit)
    return list(model.Session.execute(query))
