"""Micro-tasks that are ordered, with their seats; a case may have a window."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and the columns; cases from before have no window."""
    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))


def downgrade() -> None:
    """Take them away again."""
    for table in ("order_seat", "service_order"):
        op.drop_table(table)
    for column in ("ends_at", "starts_at"):
        op.drop_column("case", column)
