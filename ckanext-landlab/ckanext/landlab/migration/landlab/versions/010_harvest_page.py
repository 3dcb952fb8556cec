"""The pages of harvested catalogues as they were last read, so that unchanged ones are not read again."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "010_harvest_page"
down_revision = "009_use"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "landlab_harvest_page",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("etag", sa.Text, nullable=False),
        sa.Column("modified", sa.Text, nullable=False),
        sa.Column("follows", sa.Text, nullable=False),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("mended", sa.Integer, nullable=False),
        sa.Column("records", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("source", "address"),
    )


def downgrade() -> None:
    op.drop_table("landlab_harvest_page")
