"""Visits: which harvester came to which feed, when, and what it took.  Where a dataset came from is asked elsewhere."""

import sqlalchemy as sa
from alembic import op

revision = "005_feed_visits"
down_revision = "004_packed_entries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("landlab_feed_item", "source")
    op.create_table(
        "landlab_feed_visit",
        sa.Column("number", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("feed", sa.Text, nullable=False),
        sa.Column("agent", sa.Text, nullable=False),
        sa.Column("form", sa.Text, nullable=False),
        sa.Column("begun", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last", sa.DateTime(timezone=True), nullable=False),
        sa.Column("requests", sa.Integer, nullable=False),
        sa.Column("unchanged", sa.Integer, nullable=False),
        sa.Column("datasets", sa.BigInteger, nullable=False),
        sa.Column("bytes", sa.BigInteger, nullable=False),
        sa.Column("broken", sa.Integer, nullable=False),
    )
    op.create_index("landlab_feed_visit_last", "landlab_feed_visit", ["feed", "last"])


def downgrade() -> None:
    op.drop_table("landlab_feed_visit")
    op.add_column("landlab_feed_item", sa.Column("source", sa.Text, nullable=False, server_default=""))
