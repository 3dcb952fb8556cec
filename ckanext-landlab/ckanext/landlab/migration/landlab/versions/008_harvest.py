"""What came in from other catalogues: each record with what became of it, and each run."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

revision = "008_harvest"
down_revision = "007_feed_arrivals"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "landlab_harvest_record",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("dataset_id", sa.Text),
        sa.Column("aliases", ARRAY(sa.Text), nullable=False),
        sa.Column("remarks", JSONB, nullable=False),
        sa.Column("job_id", sa.Text, nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("source", "address"),
    )
    op.create_index("landlab_harvest_record_aliases", "landlab_harvest_record", ["aliases"], postgresql_using="gin")
    op.create_index("landlab_harvest_record_dataset", "landlab_harvest_record", ["dataset_id"])
    op.create_table(
        "landlab_harvest_run",
        sa.Column("job_id", sa.Text, primary_key=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("begun", sa.DateTime(timezone=True), nullable=False),
        sa.Column("alive", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended", sa.DateTime(timezone=True)),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("failure", sa.Text, nullable=False),
        sa.Column("remark", sa.Text, nullable=False),
        sa.Column("counts", JSONB, nullable=False),
        sa.Column("confirmed", sa.Boolean, nullable=False),
    )
    op.create_index("landlab_harvest_run_source", "landlab_harvest_run", ["source", "begun"])


def downgrade() -> None:
    op.drop_table("landlab_harvest_run")
    op.drop_table("landlab_harvest_record")
