"""Release check, looks into files, guideline chapters and acknowledgements.

Revision ID: 002_release
Revises: 001_notices
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "002_release"
down_revision = "001_notices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _releases()
    _guideline()


def downgrade() -> None:
    for table in (
        "landlab_acknowledgement",
        "landlab_guideline_chapter",
        "landlab_release_rule",
        "landlab_look",
        "landlab_release_event",
        "landlab_release",
    ):
        op.drop_table(table)


def _releases() -> None:
    op.create_table(
        "landlab_release",
        sa.Column("dataset_id", sa.Text, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
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
    op.create_table(
        "landlab_release_event",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("dataset_id", sa.Text, nullable=False, index=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Text),
        sa.Column("content", JSONB, nullable=False),
    )
    op.create_table(
        "landlab_look",
        sa.Column("resource_id", sa.Text, primary_key=True),
        sa.Column("dataset_id", sa.Text, nullable=False, index=True),
        sa.Column("looked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mark", sa.Text, nullable=False),
        sa.Column("rows", sa.Integer, nullable=False),
        sa.Column("left_out", sa.Text),
        sa.Column("findings", JSONB, nullable=False),
    )
    op.create_table(
        "landlab_release_rule",
        sa.Column("organization_id", sa.Text, primary_key=True),
        sa.Column("four_eyes", sa.Boolean, nullable=False),
    )


def _guideline() -> None:
    op.create_table(
        "landlab_guideline_chapter",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("chapter", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("user_id", sa.Text),
        sa.UniqueConstraint("chapter", "language", "version"),
    )
    op.create_table(
        "landlab_acknowledgement",
        sa.Column("user_id", sa.Text, primary_key=True),
        sa.Column("version", sa.Text, primary_key=True),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
    )
