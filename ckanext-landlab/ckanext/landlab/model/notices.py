"""What stood where and since when: published notice texts, and what each level said.

Both tables only grow.  A text that was published and what a portal, organisation or dataset said stay for good,
so that the catalogue can say for any day what a reader was told.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime, timezone
from functools import cache
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.model.meta import registry
from ckanext.landlab.model.upserting import compiled, run
from sqlalchemy.dialects.postgresql import JSONB

TEXTS = sa.Table(
    "landlab_notice_text",
    registry.metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("code", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("text_de", sa.Text, nullable=False),
    sa.Column("text_en", sa.Text, nullable=False),
    sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
    sa.Column("author_role", sa.Text, nullable=False),
    sa.Column("author_id", sa.Text),
    sa.Column("reviewed", sa.Date),
    sa.Column("review_recorded", sa.DateTime(timezone=True)),
    sa.Column("withdrawn", sa.Boolean, nullable=False, default=False),
    sa.UniqueConstraint("code", "version"),
)

SAYINGS = sa.Table(
    "landlab_notice_saying",
    registry.metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("level", sa.Text, nullable=False),  # portal, organization, dataset
    sa.Column("owner_id", sa.Text, nullable=False),  # empty for the portal
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("content", JSONB, nullable=False),
    sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
    sa.Column("author_role", sa.Text, nullable=False),
    sa.Column("author_id", sa.Text),
    sa.UniqueConstraint("level", "owner_id", "version"),
)

Row = sa.engine.Row[Any]


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(timezone.utc)


def texts_at(moment: datetime | None = None) -> list[Row]:
    """The newest text of each code that was published by *moment*, or by now."""
    return _rows(_newest().where(TEXTS.c.recorded <= moment)) if moment else list(run(_newest_compiled()))


def _newest() -> sa.Select[Any]:
    return sa.select(TEXTS).distinct(TEXTS.c.code).order_by(TEXTS.c.code, TEXTS.c.version.desc())


@cache
def _newest_compiled() -> str:
    return compiled(_newest())


def text_versions(code: str | None = None) -> list[Row]:
    """Every published text, or those of *code*, the oldest first."""
    query = sa.select(TEXTS).order_by(TEXTS.c.code, TEXTS.c.version)
    return _rows(query.where(TEXTS.c.code == code) if code else query)


def add_text(**values: Any) -> None:
    """Publish a text.

    Raises:
        sqlalchemy.exc.IntegrityError: that version exists already, because somebody else published it.
    """
    model.Session.execute(sa.insert(TEXTS).values(recorded=now(), **values))


def record_review(code: str, version: int, day: Any) -> bool:
    """Record the day of the legal review of a text; whether there was such a text without a review."""
    known = sa.and_(TEXTS.c.code == code, TEXTS.c.version == version, TEXTS.c.reviewed.is_(None))
    done = model.Session.execute(sa.update(TEXTS).where(known).values(reviewed=day, review_recorded=now()))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def sayings_at(owners: Iterable[tuple[str, str]], moment: datetime | None = None) -> dict[tuple[str, str], Row]:
    """What each of *owners* (level, id) said last by *moment*, or by now."""
    chosen = sa.tuple_(SAYINGS.c.level, SAYINGS.c.owner_id).in_(list(owners))
    query = sa.select(SAYINGS).where(chosen).distinct(SAYINGS.c.level, SAYINGS.c.owner_id)
    query = query.order_by(SAYINGS.c.level, SAYINGS.c.owner_id, SAYINGS.c.version.desc())
    rows = _rows(query.where(SAYINGS.c.recorded <= moment) if moment else query)
    return {(row.level, row.owner_id): row for row in rows}


def sayings_of(owners: Iterable[tuple[str, str]]) -> list[Row]:
    """All that *owners* ever said, the oldest first."""
    chosen = sa.tuple_(SAYINGS.c.level, SAYINGS.c.owner_id).in_(list(owners))
    return _rows(sa.select(SAYINGS).where(chosen).order_by(SAYINGS.c.recorded, SAYINGS.c.id))


def last_saying(level: str, owner_id: str) -> Row | None:
    """What a level says now."""
    return run(_last(), whose_level=level, whose_id=owner_id).first()


@cache
def _last() -> str:
    query = sa.select(SAYINGS).where(_own()).distinct(SAYINGS.c.owner_id)
    return compiled(query.order_by(SAYINGS.c.owner_id, SAYINGS.c.version.desc()))


def _own() -> sa.ColumnElement[bool]:
    return sa.and_(SAYINGS.c.level == sa.bindparam("whose_level"), SAYINGS.c.owner_id == sa.bindparam("whose_id"))


def add_saying(level: str, owner_id: str, content: dict[str, Any], author_role: str, author_id: str | None) -> None:
    """Record that a level says *content* from now on.

    Raises:
        sqlalchemy.exc.IntegrityError: somebody else said something at the same moment.
    """
    owner = {"level": level, "owner_id": owner_id, "whose_level": level, "whose_id": owner_id}
    author = {"author_role": author_role, "author_id": author_id}
    run(_adding(), **owner, **author, content=json.dumps(content), recorded=now())


@cache
def _adding() -> str:
    zero, one = (sa.literal_column(number, sa.Integer) for number in "01")
    following = sa.select(sa.func.coalesce(sa.func.max(SAYINGS.c.version), zero) + one).where(_own())
    given = [column.name for column in SAYINGS.c if column.name not in ("id", "version")]
    return compiled(sa.insert(SAYINGS).values(version=following.scalar_subquery()), [*given, "version"])


def saying_that(code: str) -> list[Row]:
    """Where the notice *code* is in use now: the last saying of each level that names it."""
    latest = sa.select(SAYINGS).distinct(SAYINGS.c.level, SAYINGS.c.owner_id)
    latest = latest.order_by(SAYINGS.c.level, SAYINGS.c.owner_id, SAYINGS.c.version.desc()).subquery()
    named = [{"code": code}]
    own = latest.c.content.contains({"notices": named})
    of_a_file = latest.c.content.contains({"resources": [{"notices": named}]})
    present = latest.c.content["state"].astext.is_distinct_from("deleted")
    return _rows(sa.select(latest).where(sa.and_(sa.or_(own, of_a_file), present)))


def _rows(query: sa.Select[Any]) -> list[Row]:
    return list(model.Session.execute(query))
