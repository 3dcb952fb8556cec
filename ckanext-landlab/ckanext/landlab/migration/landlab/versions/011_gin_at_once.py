"""Lists that are asked for at every save are searched at once, without a heap of new ones to be gone through first."""

from alembic import op

revision = "011_gin_at_once"
down_revision = "010_harvest_page"
branch_labels = None
depends_on = None

INDEXES = ("landlab_feed_item_along", "landlab_harvest_record_aliases")


def upgrade() -> None:
    for index in INDEXES:
        op.execute(f"ALTER INDEX {index} SET (fastupdate = off)")
        op.execute(f"SELECT gin_clean_pending_list('{index}'::regclass)")


def downgrade() -> None:
    for index in INDEXES:
        op.execute(f"ALTER INDEX {index} RESET (fastupdate)")
