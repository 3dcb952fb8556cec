"""Use: how often what was asked for of a dataset on a day.  Nothing about who asked."""

import sqlalchemy as sa
from alembic import op

revision = "009_use"
down_revision = "008_harvest"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "landlab_use",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("dataset_id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("count", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("dataset_id", "day", "kind"),
    )


def downgrade() -> None:
    op.drop_table("landlab_use")
