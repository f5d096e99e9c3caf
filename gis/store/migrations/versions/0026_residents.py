"""Households and the people who live there, and the proof of what was erased."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("access", "why")
    for table in (
        "erasure",
        "care_flag",
        "resident_suggestion",
        "resident_change",
        "resident_consent",
        "resident",
        "household",
    ):
        op.drop_table(table)
