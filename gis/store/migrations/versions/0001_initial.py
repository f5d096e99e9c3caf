"""Every table, the extensions they stand on, and the job queue."""

from __future__ import annotations

from alembic import op
from procrastinate.schema import SchemaManager

from gis.store.tables import metadata

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS postgis")
    connection.exec_driver_sql("CREATE EXTENSION IF NOT EXISTS btree_gist")
    metadata.create_all(connection, checkfirst=False)
    connection.exec_driver_sql(SchemaManager.get_schema().replace("%", "%%"))
