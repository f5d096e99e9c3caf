"""Stations: what the office says of them, who minds them, stock, faults."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))


def downgrade() -> None:
    """Take them away again."""
    for table in ("station_fault", "station_count", "station_item", "station_keeper", "station_care"):
        op.drop_table(table)
