"""Alembic's entry: migrations run on the connection that ``gis.store.migrate`` passes in."""

from __future__ import annotations

from alembic import context

from gis.store.migrate import ours
from gis.store.migrations.marks import ONLINE
from gis.store.tables import metadata

online = bool(context.config.attributes.get(ONLINE))
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_name=ours,
    compare_type=True,
    compare_server_default=True,
    transaction_per_migration=online,
    weiwang_online=online,  # for those that ask for ONLINE
)
with context.begin_transaction():
    context.run_migrations()
