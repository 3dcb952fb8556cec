"""Entries: one row for each version, its syntaxes beside each other and packed."""

import sqlalchemy as sa
import zstandard
from alembic import op

revision = "004_packed_entries"
down_revision = "003_feeds"
branch_labels = None
depends_on = None

SYNTAXES = ("ttl", "rdf", "jsonld", "nt")


def upgrade() -> None:
    op.rename_table("landlab_feed_entry", "landlab_feed_entry_before")
    op.execute("ALTER INDEX landlab_feed_entry_pkey RENAME TO landlab_feed_entry_before_pkey")
    op.create_table(
        "landlab_feed_entry",
        sa.Column("dataset_id", sa.Text, sa.ForeignKey("landlab_feed_item.dataset_id", ondelete="CASCADE")),
        sa.Column("version", sa.Text, nullable=False),
        *(sa.Column(syntax, sa.LargeBinary, nullable=False) for syntax in SYNTAXES),
        sa.PrimaryKeyConstraint("dataset_id", "version"),
    )
    for syntax in SYNTAXES:  # packed already
        op.execute(f"ALTER TABLE landlab_feed_entry ALTER COLUMN {syntax} SET STORAGE EXTERNAL")
    _take_over()
    op.drop_table("landlab_feed_entry_before")


def _take_over() -> None:
    """Pack what is there, so that no harvester finds a feed empty until everything is made anew."""
    connection = op.get_bind()
    before = sa.table("landlab_feed_entry_before", *map(sa.column, ("dataset_id", "version", "syntax", "content")))
    after = sa.table("landlab_feed_entry", *map(sa.column, ("dataset_id", "version", *SYNTAXES)))
    compressor = zstandard.ZstdCompressor(level=1)
    keys = connection.execute(sa.select(before.c.dataset_id, before.c.version).distinct()).all()
    for dataset_id, version in keys:
        where = sa.and_(before.c.dataset_id == dataset_id, before.c.version == version)
        found = connection.execute(sa.select(before.c.syntax, before.c.content).where(where)).all()
        packed = {syntax: compressor.compress(bytes(content)) for syntax, content in found}
        if set(packed) == set(SYNTAXES):
            connection.execute(sa.insert(after).values(dataset_id=dataset_id, version=version, **packed))


def downgrade() -> None:
    op.drop_table("landlab_feed_entry")
    op.create_table(
        "landlab_feed_entry",
        sa.Column("dataset_id", sa.Text, sa.ForeignKey("landlab_feed_item.dataset_id", ondelete="CASCADE")),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("syntax", sa.Text, nullable=False),
        sa.Column("content", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("dataset_id", "version", "syntax"),
    )
