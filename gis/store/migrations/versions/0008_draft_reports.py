"""Drafts of boundaries keep what the delineation reached by which they were drawn."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column; older drafts have no report."""
    op.add_column("area_draft", sa.Column("report", JSONB))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("area_draft", "report")
