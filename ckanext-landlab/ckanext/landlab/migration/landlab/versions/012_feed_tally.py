"""The state of feeds, kept by kind, organisation and origin, so that no answer waits until every item is counted.

Each change of an item adds lines and locks none, so that saves never wait for each other; every 256th line adds up what
is there.  A trigger writes them: it alone knows for certain how the row was before.
"""

import sqlalchemy as sa
from alembic import op

revision = "012_feed_tally"
down_revision = "011_gin_at_once"
branch_labels = None
depends_on = None

SHOWN = sa.text("gone IS NULL")
LONG = sa.text("gone IS NULL AND largest > 45000")  # bytes: a thousand shorter entries stand on a page of 45 MB
EAGER = ("autovacuum_vacuum_scale_factor", "autovacuum_vacuum_insert_scale_factor")  # so that an index is enough

NOTE = """
CREATE FUNCTION landlab_feed_note() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    line bigint;
    is_due boolean := false;
BEGIN
    FOR line IN
        INSERT INTO landlab_feed_tally (kind, organization, origin, total, mark, changed)
        SELECT kind, organization, origin, sum(total), bit_xor(mark),
            coalesce(greatest(NEW.changed, NEW.gone), clock_timestamp())
        FROM (
            SELECT OLD.kind, OLD.organization, OLD.origin, -1 AS total, OLD.mark
            WHERE TG_OP <> 'INSERT' AND OLD.gone IS NULL
            UNION ALL
            SELECT NEW.kind, NEW.organization, NEW.origin, 1, NEW.mark
            WHERE TG_OP <> 'DELETE' AND NEW.gone IS NULL
        ) AS change
        GROUP BY kind, organization, origin
        RETURNING number
    LOOP
        is_due := is_due OR line % 256 = 0;
    END LOOP;
    IF is_due THEN
        WITH lines AS (
            DELETE FROM landlab_feed_tally
            WHERE number IN (SELECT number FROM landlab_feed_tally FOR UPDATE SKIP LOCKED)
            RETURNING *
        )
        INSERT INTO landlab_feed_tally (kind, organization, origin, total, mark, changed)
        SELECT kind, organization, origin, sum(total), bit_xor(mark), max(changed)
        FROM lines GROUP BY kind, organization, origin;
    END IF;
    RETURN NULL;
END $$
"""
TELL = """
CREATE TRIGGER landlab_feed_note AFTER INSERT OR UPDATE OR DELETE ON landlab_feed_item
FOR EACH ROW EXECUTE FUNCTION landlab_feed_note()
"""
COUNT = """
INSERT INTO landlab_feed_tally (kind, organization, origin, total, mark, changed)
SELECT kind, organization, origin, count(*) FILTER (WHERE gone IS NULL),
    coalesce(bit_xor(mark) FILTER (WHERE gone IS NULL), 0), max(greatest(changed, gone))
FROM landlab_feed_item GROUP BY kind, organization, origin
"""


def upgrade() -> None:
    op.create_table(
        "landlab_feed_tally",
        sa.Column("number", sa.BigInteger, sa.Identity(), primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("organization", sa.Text, nullable=False),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("total", sa.BigInteger, nullable=False),
        sa.Column("mark", sa.BigInteger, nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute(NOTE)
    op.execute(TELL)  # holds off who would write an item, until what is there has been counted
    op.execute(COUNT)
    op.drop_index("landlab_feed_item_shown")
    told = ["kind", "organization", "origin"]
    for name, columns, included, where in (
        ("shown", ["number"], told, SHOWN),
        ("owned", ["organization", "number"], ["kind", "origin"], SHOWN),
        ("changed", ["changed"], ["number", *told], SHOWN),
        ("long", ["largest"], told, LONG),
    ):
        index = f"landlab_feed_item_{name}"
        op.create_index(index, "landlab_feed_item", columns, postgresql_include=included, postgresql_where=where)
    for option in EAGER:
        op.execute(f"ALTER TABLE landlab_feed_item SET ({option} = 0.02)")


def downgrade() -> None:
    for option in EAGER:
        op.execute(f"ALTER TABLE landlab_feed_item RESET ({option})")
    for name in ("shown", "owned", "changed", "long"):
        op.drop_index(f"landlab_feed_item_{name}")
    op.create_index(
        "landlab_feed_item_shown",
        "landlab_feed_item",
        ["number"],
        postgresql_include=["changed", "mark", "largest"],
        postgresql_where=SHOWN,
    )
    op.execute("DROP TRIGGER landlab_feed_note ON landlab_feed_item")
    op.execute("DROP FUNCTION landlab_feed_note()")
    op.drop_table("landlab_feed_tally")
