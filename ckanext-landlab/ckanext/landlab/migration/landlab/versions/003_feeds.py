"""Items, entries and feeds: what harvesters see."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "003_feeds"
down_revision = "002_release"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "landlab_feed_item",
        sa.Column("dataset_id", sa.Text, primary_key=True),
        sa.Column("number", sa.BigInteger, sa.Identity(), nullable=False, unique=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("organization", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("tags", ARRAY(sa.Text), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("along", ARRAY(sa.Text), nullable=False),
        sa.Column("has_contributor", sa.Boolean, nullable=False),
        sa.Column("mark", sa.BigInteger, nullable=False),
        sa.Column("largest", sa.Integer, nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone", sa.DateTime(timezone=True)),
    )
    op.create_index(
        "landlab_feed_item_shown",
        "landlab_feed_item",
        ["number"],
        postgresql_include=["changed", "mark", "largest"],
        postgresql_where=sa.text("gone IS NULL"),
    )
    op.create_index("landlab_feed_item_along", "landlab_feed_item", ["along"], postgresql_using="gin")
    op.create_table(
        "landlab_feed_entry",
        sa.Column("dataset_id", sa.Text, sa.ForeignKey("landlab_feed_item.dataset_id", ondelete="CASCADE")),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("syntax", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("dataset_id", "version", "syntax"),
    )
    # Entries are made to be read often and are packed on the way out: no use in packing them here as well.
    op.execute("ALTER TABLE landlab_feed_entry ALTER COLUMN content SET STORAGE EXTERNAL")
    op.create_table(
        "landlab_feed",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("declaration", JSONB, nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
    )


def downgrade() -> None:
    op.drop_table("landlab_feed")
    op.drop_table("landlab_feed_entry")
    op.drop_table("landlab_feed_item")
