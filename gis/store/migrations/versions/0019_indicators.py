"""Indicators: what each case has been counted as, and the sums of every day."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables, empty: what there is gets counted from the first event on."""
    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))


def downgrade() -> None:
    """Take them away again."""
    for index, table in (
        ("patrol_started", "patrol"),
        ("ledger_service", "ledger"),
        ("service_case", "service"),
    ):
        op.drop_index(f"ix_{index}", table)
    for table in ("indicator_state", "indicator_day", "indicator_case"):
        op.drop_table(table)
