"""What came from the sources that a feed leaves out, as it was when somebody last looked: a change of it has a date."""

import sqlalchemy as sa
from alembic import op

revision = "014_feed_brought"
down_revision = "013_portal_trouble"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("landlab_feed", sa.Column("brought", sa.Numeric))


def downgrade() -> None:
    op.drop_column("landlab_feed", "brought")
