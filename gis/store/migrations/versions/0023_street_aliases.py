"""Streets keep the other names that people use: old ones, short ones."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; what was imported before has none until it is imported again."""
    op.add_column(
        "street_segment", sa.Column("aliases", sa.ARRAY(sa.Text()), server_default="{}", nullable=False)
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("street_segment", "aliases")
