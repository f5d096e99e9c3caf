"""Visits: the watch log, checklists, problems found, campaigns, rounds; photos of what is neither a report nor a case."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))


def downgrade() -> None:
    """Take them away again."""
    for table in (
        "subject_photo",
        "finding",
        "round_stop",
        "visit",
        "visit_round",
        "campaign",
        "checklist_item",
        "checklist",
    ):
        op.drop_table(table)
