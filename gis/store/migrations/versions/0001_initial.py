"""Every table, the extensions they stand on, and the job queue."""

from __future__ import annotations

from pathlib import Path

from alembic import op
from procrastinate.schema import SchemaManager

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS postgis")
    connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS btree_gist")
    for script in (
        Path(__file__).with_suffix(".sql").read_text(encoding="utf-8"),
        SchemaManager.get_schema(),
    ):
        connection.exec_driver_sql(script.replace("%", "%%"))
