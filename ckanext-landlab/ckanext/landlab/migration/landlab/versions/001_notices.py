"""Notice texts and what each level said.

Revision ID: 001_notices
Revises:
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "001_notices"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "landlab_notice_text",
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
        sa.Column("withdrawn", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.UniqueConstraint("code", "version"),
    )
    op.create_table(
        "landlab_notice_saying",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("owner_id", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("content", JSONB, nullable=False),
        sa.Column("recorded", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_role", sa.Text, nullable=False),
        sa.Column("author_id", sa.Text),
        sa.UniqueConstraint("level", "owner_id", "version"),
    )


def downgrade() -> None:
    op.drop_table("landlab_notice_saying")
    op.drop_table("landlab_notice_text")
