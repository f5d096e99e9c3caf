"""The office about itself: its changes, codes for new passwords, its own rules for categories, its mark."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns; every agency is active, every category as it was."""
    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("community", "rule_version")
    op.drop_column("agency", "active")
    for table in ("logo", "category_rule", "sign_in_code", "change"):
        op.drop_table(table)
