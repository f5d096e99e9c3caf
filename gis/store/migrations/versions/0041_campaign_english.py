"""What a campaign is called, and what it is for, in English."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

COLUMNS = ("name_en", "purpose_en")


def upgrade() -> None:
    """Add the columns."""
    for name in COLUMNS:
        op.add_column("campaign", sa.Column(name, sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Take them away again."""
    for name in COLUMNS:
        op.drop_column("campaign", name)
