"""The dispatch desk: kept filters, shifts and notes; until when an agency should take a referral."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0015"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and the columns; referrals from before have no deadline to be taken by."""
    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))


def downgrade() -> None:
    """Take them away again."""
    for table in ("desk_note", "desk_shift", "saved_filter"):
        op.drop_table(table)
    op.drop_index("ix_referral_accept_due", "referral")
    for column in ("expected_at", "accept_told", "accept_due_at"):
        op.drop_column("referral", column)
