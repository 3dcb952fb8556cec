"""How an item was before its place, keywords or address changed: feeds that showed it so must tell that it is gone."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY

revision = "015_feed_former"
down_revision = "014_feed_brought"
branch_labels = None
depends_on = None

NOTE = """
CREATE FUNCTION landlab_feed_leave() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO landlab_feed_former (mark, dataset_id, address, kind, organization, origin, tags, gone)
    VALUES (
        hashtextextended(ROW(OLD.address, OLD.kind, OLD.organization, OLD.origin, OLD.tags)::text, 0),
        OLD.dataset_id, OLD.address, OLD.kind, OLD.organization, OLD.origin, OLD.tags, NEW.changed
    ) ON CONFLICT (mark) DO UPDATE SET dataset_id = excluded.dataset_id, gone = excluded.gone;
    RETURN NULL;
END $$
"""
TELL = """
CREATE TRIGGER landlab_feed_leave AFTER UPDATE ON landlab_feed_item FOR EACH ROW
WHEN (
    OLD.gone IS NULL AND (OLD.address, OLD.kind, OLD.organization, OLD.origin, OLD.tags)
    IS DISTINCT FROM (NEW.address, NEW.kind, NEW.organization, NEW.origin, NEW.tags)
) EXECUTE FUNCTION landlab_feed_leave()
"""


def upgrade() -> None:
    op.create_table(
        "landlab_feed_former",
        sa.Column("mark", sa.BigInteger, primary_key=True),
        sa.Column("dataset_id", sa.Text, sa.ForeignKey("landlab_feed_item.dataset_id", ondelete="CASCADE"), index=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("address", "kind", "organization", "origin")),
        sa.Column("tags", ARRAY(sa.Text), nullable=False),
        sa.Column("gone", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute(NOTE)
    op.execute(TELL)


def downgrade() -> None:
    op.execute("DROP TRIGGER landlab_feed_leave ON landlab_feed_item")
    op.execute("DROP FUNCTION landlab_feed_leave()")
    op.drop_table("landlab_feed_former")
