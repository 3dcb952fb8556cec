"""What is known of a dataset's release: answers, confirmation, history, looks into files, rules of organisations.

Internal: nothing of this reaches `package_show`, RDF or the search index.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timezone
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.model.meta import registry
from ckanext.landlab.legal.reviews import Review
from sqlalchemy.dialects.postgresql import JSONB, insert

RELEASES = sa.Table(
    "landlab_release",
    registry.metadata,
    sa.Column("dataset_id", sa.Text, primary_key=True),
    sa.Column("revision", sa.Integer, nullable=False),  # rises with every change, so that two editors notice each other
    sa.Column("answers", JSONB, nullable=False),
    sa.Column("entered_by", sa.Text),
    sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
    sa.Column("waiting_since", sa.DateTime(timezone=True)),
    sa.Column("reminded", sa.DateTime(timezone=True)),
    sa.Column("review_by", sa.Date),
    sa.Column("confirmation", JSONB),
    sa.Column("snapshot", JSONB),
    sa.Column("exempt", sa.Text),
)

EVENTS = sa.Table(
    "landlab_release_event",
    registry.metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("dataset_id", sa.Text, nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
    sa.Column("user_id", sa.Text),
    sa.Column("content", JSONB, nullable=False),
)

LOOKS = sa.Table(
    "landlab_look",
    registry.metadata,
    sa.Column("resource_id", sa.Text, primary_key=True),
    sa.Column("dataset_id", sa.Text, nullable=False, index=True),
    sa.Column("looked", sa.DateTime(timezone=True), nullable=False),
    sa.Column("mark", sa.Text, nullable=False),  # which state of the file was looked at
    sa.Column("rows", sa.Integer, nullable=False),
    sa.Column("left_out", sa.Text),
    sa.Column("findings", JSONB, nullable=False),
)

RULES = sa.Table(
    "landlab_release_rule",
    registry.metadata,
    sa.Column("organization_id", sa.Text, primary_key=True),
    sa.Column("four_eyes", sa.Boolean, nullable=False),
)

Row = sa.engine.Row[Any]


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(timezone.utc)


def release_of(dataset_id: str, *, lock: bool = False) -> Row | None:
    """What is known of the release of a dataset; with *lock* nobody else changes it until the commit."""
    query = sa.select(RELEASES).where(RELEASES.c.dataset_id == dataset_id)
    return model.Session.execute(query.with_for_update() if lock else query).one_or_none()


def store(dataset_id: str, **values: Any) -> None:
    """Write *values* of a release, making it where there is none yet."""
    fresh = {"revision": 1, "answers": {}, "changed": now()}
    statement = insert(RELEASES).values(dataset_id=dataset_id, **{**fresh, **values})
    changed = {**values, "changed": now(), "revision": RELEASES.c.revision + 1}
    model.Session.execute(statement.on_conflict_do_update(index_elements=["dataset_id"], set_=changed))


def record(
    dataset_id: str,
    kind: str,
    user_id: str | None,
    content: Mapping[str, Any] | None = None,
    moment: datetime | None = None,
) -> None:
    """Add an event to the history of a release, of this *moment* unless another one is given."""
    values = {"dataset_id": dataset_id, "kind": kind, "user_id": user_id, "content": content or {}}
    model.Session.execute(sa.insert(EVENTS).values(recorded=moment or now(), **values))


def add_memo(dataset_id: str, memo: Mapping[str, Any]) -> None:
    """Keep with the last confirmation how everything stood then."""
    last = sa.select(sa.func.max(EVENTS.c.id)).where(EVENTS.c.dataset_id == dataset_id, EVENTS.c.kind == "confirmed")
    content = EVENTS.c.content.op("||")(sa.cast({"memo": memo}, JSONB))
    model.Session.execute(sa.update(EVENTS).where(EVENTS.c.id == last.scalar_subquery()).values(content=content))


def events_of(dataset_id: str, kind: str | None = None) -> Sequence[Row]:
    """The history of a release, the newest first."""
    query = sa.select(EVENTS).where(EVENTS.c.dataset_id == dataset_id).order_by(EVENTS.c.id.desc())
    return model.Session.execute(query.where(EVENTS.c.kind == kind) if kind else query).all()


def reviews_of(dataset_id: str) -> list[Review]:
    """Every confirmation of a dataset with the day of the next review, the oldest first."""
    query = sa.select(EVENTS.c.recorded, EVENTS.c.content["review_by"].astext.label("due"))
    query = query.where(EVENTS.c.dataset_id == dataset_id, EVENTS.c.kind == "confirmed").order_by(EVENTS.c.recorded)
    return [Review(row.recorded, date.fromisoformat(row.due)) for row in model.Session.execute(query)]


def waiting(organizations: Sequence[str] | None = None) -> Sequence[Row]:
    """The releases that wait for confirmation, of *organizations* or of all, the longest waiting first."""
    return _joined(RELEASES.c.waiting_since.is_not(None), organizations, RELEASES.c.waiting_since)


def due(day: Any, organizations: Sequence[str] | None = None) -> Sequence[Row]:
    """The confirmed releases whose review should have been before *day*."""
    return _joined(
        sa.and_(RELEASES.c.review_by < day, RELEASES.c.confirmation.is_not(None)), organizations, RELEASES.c.review_by
    )


def _joined(condition: Any, organizations: Sequence[str] | None, order: Any) -> Sequence[Row]:
    package = model.Package
    query = sa.select(RELEASES, package.name, package.title, package.owner_org)
    query = query.join(package, package.id == RELEASES.c.dataset_id)  # type: ignore[arg-type]
    query = query.where(condition, package.state != "deleted").order_by(order)
    if organizations is not None:
        query = query.where(package.owner_org.in_(organizations))  # type: ignore[union-attr]
    return model.Session.execute(query).all()


def forget(dataset_id: str) -> None:
    """Delete the answers for a dataset that is purged and what was seen in its files; the history is a record."""
    for held in (RELEASES, LOOKS):
        model.Session.execute(sa.delete(held).where(held.c.dataset_id == dataset_id))


def looks_of(dataset_id: str) -> Mapping[str, Row]:
    """The last look into each file of a dataset, by resource."""
    rows = model.Session.execute(sa.select(LOOKS).where(LOOKS.c.dataset_id == dataset_id))
    return {row.resource_id: row for row in rows}


def store_look(**values: Any) -> None:
    """Write the last look into a file."""
    statement = insert(LOOKS).values(looked=now(), **values)
    changed = {key: statement.excluded[key] for key in (*values, "looked") if key != "resource_id"}
    model.Session.execute(statement.on_conflict_do_update(index_elements=["resource_id"], set_=changed))


def four_eyes(organization_id: str | None) -> bool:
    """Whether in this organisation another person confirms; so unless it was set otherwise."""
    query = sa.select(RULES.c.four_eyes).where(RULES.c.organization_id == (organization_id or ""))
    return model.Session.execute(query).scalar() is not False


def set_four_eyes(organization_id: str, wanted: bool) -> None:
    """Set whether another person confirms in this organisation."""
    statement = insert(RULES).values(organization_id=organization_id, four_eyes=wanted)
    changed = {"four_eyes": wanted}
    model.Session.execute(statement.on_conflict_do_update(index_elements=["organization_id"], set_=changed))
