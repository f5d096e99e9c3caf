"""Cases that were mended lately are found by place and time at once; explanations stay in their rows."""

from __future__ import annotations

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Look by place first: by category and time alone, everything mended in the whole community in a month was read.

    An explanation of sixteen candidates has about 2,200 bytes when compressed by lz4: 200 too many to stay in its row, and
    a part of its own costs three more writes.
    """
    op.drop_index("ix_case_mended")
    op.execute(
        'CREATE INDEX ix_case_mended ON "case" USING gist (community_id, geom, coalesce(done_at, closed_at))'
        " WHERE status in ('done','closed')"
    )
    op.execute("ALTER TABLE dispatch SET (toast_tuple_target = 4080)")


def downgrade() -> None:
    """Look by category and time."""
    op.execute("ALTER TABLE dispatch RESET (toast_tuple_target)")
    op.drop_index("ix_case_mended")
    op.execute(
        'CREATE INDEX ix_case_mended ON "case" (community_id, category, coalesce(done_at, closed_at))'
        " WHERE status in ('done','closed')"
    )
