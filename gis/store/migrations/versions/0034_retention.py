"""What is kept how long, by community."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table and the columns."""
    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("retention_rule")
    op.drop_column("photo", "original_gone_at")
    for table in ("photo", "subject_photo"):
        op.drop_column(table, "blurred_at")
    for table in ("mediation", "visit", "service_order", "person"):
        op.drop_column(table, "erased_at")
