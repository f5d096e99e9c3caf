"""Of which months the points of a gift are, and whether somebody was reminded of what waits for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the column."""
    op.execute(
        """
        CREATE TABLE gift_age (
            community_id TEXT NOT NULL,
            entry_id UUID NOT NULL,
            month DATE NOT NULL,
            points INTEGER NOT NULL,
            CONSTRAINT pk_gift_age PRIMARY KEY (community_id, entry_id, month),
            CONSTRAINT fk_gift_age_community_id_entry_id FOREIGN KEY(community_id, entry_id)
                REFERENCES ledger (community_id, entry_id),
            CONSTRAINT ck_gift_age_positive CHECK (points > 0)
        )
        """
    )
    op.add_column("redemption", sa.Column("reminded_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("redemption", "reminded_at")
    op.drop_table("gift_age")
