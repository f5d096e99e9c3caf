"""Mediation: parties, sessions, agreements and follow-ups, all words of them encrypted."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))


def downgrade() -> None:
    """Take them away again."""
    for table in ("mediation_follow_up", "mediation_session", "mediation_party", "mediation"):
        op.drop_table(table)
