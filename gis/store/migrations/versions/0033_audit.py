"""The audit log and its chain."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, and let what was written before wait to be chained."""
    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))


def downgrade() -> None:
    """Take them away again."""
    for table in ("audit_head", "audit_link", "audit_waiting", "audit_note"):
        op.drop_table(table)
    op.drop_index("ix_access_at", "access")
    op.drop_index("ix_access_person", "access")
    for table in ("access", "change"):
        op.drop_column(table, "salt")
