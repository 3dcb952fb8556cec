"""The portal above a feed that could not be asked: since when, and why."""

import sqlalchemy as sa
from alembic import op

revision = "013_portal_trouble"
down_revision = "012_feed_tally"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "landlab_portal_trouble",
        sa.Column("feed", sa.Text, nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("fact", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("feed"),
    )


def downgrade() -> None:
    op.drop_table("landlab_portal_trouble")
