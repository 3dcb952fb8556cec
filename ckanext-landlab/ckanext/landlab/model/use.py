"""How often a dataset was looked at, downloaded or asked for by programs, by day; nothing about who did it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.model.meta import registry
from sqlalchemy.dialects.postgresql import insert

USE = sa.Table(
    "landlab_use",
    registry.metadata,
    sa.Column("dataset_id", sa.Text, primary_key=True),
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True),
    sa.Column("count", sa.BigInteger, nullable=False),
)

PACKAGE = registry.metadata.tables["package"]


def add(day: date, counts: Mapping[tuple[str, str], int]) -> None:
    """Add *counts* by dataset and kind to what is known of *day*; of datasets that there are."""
    there = set(
        model.Session.execute(sa.select(PACKAGE.c.id).where(PACKAGE.c.id.in_({key[0] for key in counts}))).scalars()
    )
    rows = [
        {"dataset_id": dataset, "day": day, "kind": kind, "count": count}
        for (dataset, kind), count in counts.items()
        if dataset in there
    ]
    if rows:
        written = insert(USE)
        known = {"count": USE.c.count + written.excluded.count}
        model.Session.execute(
            written.on_conflict_do_update(index_elements=["dataset_id", "day", "kind"], set_=known), rows
        )


def by_month(dataset_ids: Iterable[str] | None = None, organization_id: str | None = None) -> list[sa.Row[Any]]:
    """Month, dataset, kind and count of the chosen datasets, or of all of an organisation, the youngest first."""
    month = sa.func.to_char(USE.c.day, "YYYY-MM").label("month")
    query = sa.select(month, PACKAGE.c.name, PACKAGE.c.title, USE.c.kind, sa.func.sum(USE.c.count).label("count"))
    query = query.join(PACKAGE, PACKAGE.c.id == USE.c.dataset_id)
    if dataset_ids is not None:
        query = query.where(USE.c.dataset_id.in_(list(dataset_ids)))
    if organization_id is not None:
        query = query.where(PACKAGE.c.owner_org == organization_id, PACKAGE.c.state != "deleted")
    query = query.group_by(month, PACKAGE.c.name, PACKAGE.c.title, USE.c.kind)
    return list(model.Session.execute(query.order_by(month.desc(), PACKAGE.c.title)))
