"""What the portal above a feed was found to have of each dataset."""

import sqlalchemy as sa
from alembic import op

revision = "007_feed_arrivals"
down_revision = "006_standings"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "landlab_feed_arrival",
        sa.Column("feed", sa.Text, nullable=False),
        sa.Column("dataset_id", sa.Text, nullable=False),
        sa.Column("asked", sa.DateTime(timezone=True), nullable=False),
        sa.Column("arrived", sa.DateTime(timezone=True)),
        sa.Column("was_there", sa.Boolean, nullable=False),
        sa.Column("place", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("feed", "dataset_id"),
    )


def downgrade() -> None:
    op.drop_table("landlab_feed_arrival")
