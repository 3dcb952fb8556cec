"""Chapters of the guideline as administrators wrote them, and who has read which version."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from ckan import model
from ckan.model.meta import registry
from sqlalchemy.dialects.postgresql import insert

from .release import now

CHAPTERS = sa.Table(
    "landlab_guideline_chapter",
    registry.metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("chapter", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
    sa.Column("user_id", sa.Text),
    sa.UniqueConstraint("chapter", "language", "version"),
)

READERS = sa.Table(
    "landlab_acknowledgement",
    registry.metadata,
    sa.Column("user_id", sa.Text, primary_key=True),
    sa.Column("version", sa.Text, primary_key=True),
    sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
)

Row = sa.engine.Row[Any]


def versions_of(chapter: str, language: str) -> Sequence[Row]:
    """Every version that was written of a chapter, the newest first."""
    query = sa.select(CHAPTERS).where(CHAPTERS.c.chapter == chapter, CHAPTERS.c.language == language)
    return model.Session.execute(query.order_by(CHAPTERS.c.version.desc())).all()


def current(language: str) -> Mapping[str, Row]:
    """The newest version of each chapter that was written, by chapter."""
    query = sa.select(CHAPTERS).where(CHAPTERS.c.language == language).distinct(CHAPTERS.c.chapter)
    rows = model.Session.execute(query.order_by(CHAPTERS.c.chapter, CHAPTERS.c.version.desc()))
    return {row.chapter: row for row in rows}


def add_version(chapter: str, language: str, version: int, text: str, user_id: str | None) -> None:
    """Write the next version of a chapter.

    Raises:
        sqlalchemy.exc.IntegrityError: somebody else wrote that version first.
    """
    values = {"chapter": chapter, "language": language, "version": version, "text": text, "user_id": user_id}
    model.Session.execute(sa.insert(CHAPTERS).values(recorded=now(), **values))


def last_change() -> tuple[int, datetime | None]:
    """How many versions were ever written, and when the last one was."""
    row = model.Session.execute(sa.select(sa.func.count(), sa.func.max(CHAPTERS.c.recorded))).one()
    return row[0], row[1]


def acknowledge(user_id: str, version: str) -> None:
    """Record that a person has read this version; a second time changes nothing."""
    values = {"user_id": user_id, "version": version, "recorded": now()}
    model.Session.execute(insert(READERS).values(**values).on_conflict_do_nothing())


def readers(version: str) -> Mapping[str, datetime]:
    """Who has read this version, and when."""
    rows = model.Session.execute(sa.select(READERS).where(READERS.c.version == version))
    return {row.user_id: row.recorded for row in rows}
