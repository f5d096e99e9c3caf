"""Hours of service that are no case's are found by their day: indicators count them beside the cases' sums."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

OTHER = sa.text("case_id is null")


def upgrade() -> None:
    """Add the index."""
    op.create_index("ix_service_other", "service", ["community_id", "served_on"], postgresql_where=OTHER)


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("ix_service_other", "service")
