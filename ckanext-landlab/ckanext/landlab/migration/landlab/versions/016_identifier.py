"""An index of the identifiers of datasets: which of a feed are there twice is asked for each page of its dry run."""

from alembic import op

revision = "016_identifier"
down_revision = "015_feed_former"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # by hash: an identifier may be longer than what another kind of index takes
    op.execute("CREATE INDEX landlab_package_identifier ON package USING hash ((extras ->> 'identifier'))")


def downgrade() -> None:
    op.drop_index("landlab_package_identifier", "package")
