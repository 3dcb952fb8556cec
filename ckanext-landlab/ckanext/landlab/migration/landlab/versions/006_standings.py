"""How each dataset stands: findings by severity, points of its metadata, duties as high-value data."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "006_standings"
down_revision = "005_feed_visits"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "landlab_standing",
        sa.Column("dataset_id", sa.Text, sa.ForeignKey("package.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("ready", sa.Boolean, nullable=False),
        sa.Column("counts", JSONB, nullable=False),
        sa.Column("points", sa.Float),
        sa.Column("earned", JSONB, nullable=False),
        sa.Column("high_value", sa.Boolean, nullable=False),
        sa.Column("duties", JSONB, nullable=False),
        sa.Column("made", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("landlab_standing")
