"""What was closed in a week is counted by an index: without one, every week was a walk over all cases."""

from __future__ import annotations

from alembic import op

from gis.store.migrations.online import create_index_online

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the index."""
    create_index_online("ix_case_closed", '"case"', "community_id, closed_at", where="closed_at is not null")


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_case_closed", "case")
