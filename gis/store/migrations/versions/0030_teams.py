"""Teams, activities and courses, certificates, the handbook; a muster may call a team."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("muster", "team_id")
    for table in ("handbook_article", "certificate", "activity_place", "activity", "team_member", "team"):
        op.drop_table(table)
