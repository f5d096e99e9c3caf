"""What the database says of itself, for ``/readyz`` and ``weiwang doctor``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from gis.store.migrate import newest_migration
from gis.store.session import ReadSession


@dataclass(frozen=True, slots=True)
class DatabaseState:
    """The database's versions and clock; ``postgis`` is empty where the extension is missing."""

    postgresql: str
    postgis: str
    migration: str
    now: datetime
    communities: int


async def database_state(session: ReadSession) -> DatabaseState:
    """Ask for everything that can be asked of an empty or a filled database."""
    row = await session.row(
        text(
            "select current_setting('server_version') as postgresql, clock_timestamp() as now, "
            "coalesce((select extversion from pg_extension where extname = 'postgis'), '') as postgis, "
            "to_regclass('alembic_version') is not null as migrated, "
            "to_regclass('community') is not null as tables"
        )
    )
    if row is None:  # one row is certain; this tells the type checker
        raise LookupError
    migration = await session.value(text("select version_num from alembic_version")) if row.migrated else None
    communities = await session.value(text("select count(*) from community")) if row.tables else 0
    return DatabaseState(row.postgresql, row.postgis, str(migration or ""), row.now, int(communities))


__all__ = ["DatabaseState", "database_state", "newest_migration"]
