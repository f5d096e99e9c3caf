"""Street segments say whether they are underground: a tunnel divides nobody on the surface."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what was imported before counts as open until it is imported again."""
    op.add_column(
        "street_segment", sa.Column("underground", sa.Boolean(), server_default="false", nullable=False)
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("street_segment", "underground")
