"""How each dataset stands, kept when it is saved, so that a list of thousands is one query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.model.meta import registry
from ckanext.landlab.model import titles
from ckanext.landlab.model.upserting import upsert
from ckanext.landlab.schemas import RECORDS
from sqlalchemy.dialects.postgresql import JSONB

STANDINGS = sa.Table(
    "landlab_standing",
    registry.metadata,
    sa.Column("dataset_id", sa.Text, sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("ready", sa.Boolean, nullable=False),
    sa.Column("counts", JSONB, nullable=False),  # findings by severity
    sa.Column("points", sa.Float),  # of 405; nothing for series and services
    sa.Column("earned", JSONB, nullable=False),  # points of each metric
    sa.Column("high_value", sa.Boolean, nullable=False),
    sa.Column("duties", JSONB, nullable=False),  # the rules of high-value data that are broken
    sa.Column("made", sa.DateTime(timezone=True), nullable=False),
)

PACKAGE = registry.metadata.tables["package"]
_ALIVE = sa.and_(PACKAGE.c.state.in_(("active", "draft")), PACKAGE.c.type.in_(RECORDS))
_LISTED = (
    *(PACKAGE.c[name] for name in ("id", "name", "type", "state", "private")),
    *titles.COLUMNS,
)
_PUBLIC = sa.and_(PACKAGE.c.state == "active", PACKAGE.c.private.is_(False))


def keep(standing: Mapping[str, Any]) -> None:
    """Write how a dataset stands; once in the database it goes with its dataset."""
    upsert(STANDINGS, {**standing, "made": datetime.now(timezone.utc)})


def missing(owner: str | None, most: int) -> list[str]:
    """The ids of datasets of *owner*, or of all, about which nothing is known yet."""
    joined = PACKAGE.outerjoin(STANDINGS, STANDINGS.c.dataset_id == PACKAGE.c.id)
    query = sa.select(PACKAGE.c.id).select_from(joined).where(_of(owner), STANDINGS.c.dataset_id.is_(None))
    return list(model.Session.execute(query.limit(most)).scalars())


def listed(owner: str, start: int, rows: int, high_value: bool = False) -> list[Mapping[str, Any]]:
    """The datasets of *owner* with how they stand, those with most to do first."""
    query = (
        sa.select(*_LISTED, STANDINGS)
        .join(STANDINGS, STANDINGS.c.dataset_id == PACKAGE.c.id)
        .where(_of(owner), *([STANDINGS.c.high_value] if high_value else []))
        .order_by(STANDINGS.c.ready, STANDINGS.c.points.nulls_last(), PACKAGE.c.title, PACKAGE.c.id)
    )
    return [dict(row) for row in model.Session.execute(query.offset(start).limit(rows)).mappings()]


def totals(owner: str | None) -> Mapping[str, Any]:
    """How many datasets of *owner*, or public ones of all, there are, are ready, and are of high value."""
    query = sa.select(
        sa.func.count().label("count"),
        sa.func.count().filter(STANDINGS.c.ready).label("ready"),
        sa.func.count().filter(STANDINGS.c.high_value).label("high_value"),
        sa.func.avg(STANDINGS.c.points).label("points"),
    ).join(PACKAGE, STANDINGS.c.dataset_id == PACKAGE.c.id)
    return dict(model.Session.execute(query.where(_of(owner))).mappings().one())


def averages(owner: str | None) -> dict[str, float | None]:
    """What the datasets earned on average with each metric; nothing where it is not known of each of them."""
    metric = sa.func.jsonb_each_text(STANDINGS.c.earned).table_valued("key", "value", name="metric")
    average = sa.func.avg(sa.cast(metric.c.value, sa.Float))
    query = (
        sa.select(metric.c.key, sa.case((sa.func.count() == sa.func.count(metric.c.value), average)))
        .select_from(STANDINGS.join(PACKAGE, STANDINGS.c.dataset_id == PACKAGE.c.id).join(metric, sa.true()))
        .where(_of(owner))
        .group_by(metric.c.key)
    )
    return {row[0]: row[1] for row in model.Session.execute(query)}


def by_owner(owners: Sequence[str]) -> dict[str, Mapping[str, Any]]:
    """The totals of several organisations, by id."""
    query = (
        sa.select(
            PACKAGE.c.owner_org.label("owner"),
            sa.func.count().label("count"),
            sa.func.count().filter(STANDINGS.c.ready).label("ready"),
            sa.func.count().filter(STANDINGS.c.high_value).label("high_value"),
            sa.func.avg(STANDINGS.c.points).label("points"),
        )
        .join(STANDINGS, STANDINGS.c.dataset_id == PACKAGE.c.id)
        .where(_ALIVE, PACKAGE.c.owner_org.in_(owners))
        .group_by(PACKAGE.c.owner_org)
    )
    return {row["owner"]: dict(row) for row in model.Session.execute(query).mappings()}


def _of(owner: str | None) -> Any:
    """An organisation's datasets as its editors see them, drafts included; of the catalogue what is public."""
    return sa.and_(_ALIVE, PACKAGE.c.owner_org == owner) if owner else sa.and_(_ALIVE, _PUBLIC)
