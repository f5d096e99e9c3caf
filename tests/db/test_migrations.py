"""Migrations: from empty, twice, at the same time, and equal to the tables in the code."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine

from gis.categories import CATEGORIES
from gis.store.migrate import MIGRATIONS, newest_migration, ours, upgrade
from gis.store.session import sqlalchemy_url
from gis.store.tables import metadata


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine = create_engine(sqlalchemy_url(url))
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def test_starts_at_the_same_time_make_one_schema(empty_database_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade, [empty_database_url] * 4))
    upgrade(empty_database_url)
    with _connected(empty_database_url) as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM category").scalar() == len(CATEGORIES)
        assert connection.exec_driver_sql("SELECT count(*) FROM procrastinate_jobs").scalar() == 0


def test_the_last_link_is_known_by_the_names_of_the_files() -> None:
    assert newest_migration() == ScriptDirectory(str(MIGRATIONS)).get_current_head()


def test_the_migrated_database_has_exactly_the_tables_of_the_code(empty_database_url: str) -> None:
    upgrade(empty_database_url)
    with _connected(empty_database_url) as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": ours, "compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []


CATALOGUE = """
SELECT concat_ws(' ', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull,
                 pg_get_expr(d.adbin, d.adrelid), a.attidentity)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname = ANY(%(tables)s)
UNION ALL
SELECT concat_ws(' ', t.relname, o.conname, pg_get_constraintdef(o.oid))
FROM pg_constraint o JOIN pg_class t ON t.oid = o.conrelid WHERE t.relname = ANY(%(tables)s)
UNION ALL
SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY(%(tables)s)
"""


def _catalogue(connection: Connection) -> set[str]:
    return set(connection.exec_driver_sql(CATALOGUE, {"tables": list(metadata.tables)}).scalars())


def test_constraints_defaults_and_indexes_are_those_of_the_code(empty_database_url: str) -> None:
    """Alembic's comparison doesn't see checks, identities and partial indexes; the catalogue does."""
    with _connected(empty_database_url) as connection:
        metadata.create_all(connection)
        by_code = _catalogue(connection)
        connection.rollback()
    upgrade(empty_database_url)
    with _connected(empty_database_url) as connection:
        assert _catalogue(connection) == by_code
    assert len(by_code) > 300
