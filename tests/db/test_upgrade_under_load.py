"""Tables are changed while reports come in: no request fails, none waits for long, and what locks them out waits instead."""

from __future__ import annotations

import asyncio
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from gis.errors import SetupError
from gis.flows.cancel import cancel
from gis.flows.submit import submit
from gis.store import migrate
from gis.store.migrate import MIGRATIONS, newest_migration, upgrade
from gis.store.session import Database
from gis.views.cases import CaseFilters, case_list
from tests.loop import Loop, draft_at

NEXT = """
from alembic import op
from gis.store.migrations.online import contract, create_index_online, pieces
revision, down_revision, branch_labels, depends_on = "{revision}", "{before}", None, None

def upgrade():
    {body}
"""
STEPS = [  # as a next version might have them: the report's own tables, every kind of step
    """op.execute('ALTER TABLE report ADD COLUMN floor smallint NOT NULL DEFAULT 0')
    op.execute('ALTER TABLE "case" ADD COLUMN floor smallint')""",
    "create_index_online('ix_next_source', 'report', 'community_id, source')",
    "pieces('report', ('community_id', 'report_id'), 'floor = 1', 'floor = 0', at_once=7)",
    "create_index_online('ix_next_floor', '\"case\"', 'community_id, floor', where='floor is not null')",
]


@pytest.fixture
def next_version(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_url: str) -> Iterator[list[str]]:
    """Give the chain with four more links, and take away afterwards what they have made."""
    folder = tmp_path / "migrations"
    shutil.copytree(MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    before, made = newest_migration(), []
    for number, body in enumerate(STEPS, start=int(before) + 1):
        name = f"{number:04}"
        (folder / "versions" / f"{name}_next.py").write_text(
            NEXT.format(revision=name, before=before, body=body)
        )
        made.append(name)
        before = name
    start = newest_migration()
    monkeypatch.setattr(migrate, "MIGRATIONS", folder)
    newest_migration.cache_clear()
    yield made
    monkeypatch.undo()
    newest_migration.cache_clear()
    with psycopg.connect(database_url, autocommit=True) as connection:
        for index in ("ix_next_source", "ix_next_floor"):
            connection.execute(f"DROP INDEX IF EXISTS {index}")
        for table in ("report", '"case"'):
            connection.execute(f"ALTER TABLE {table} DROP COLUMN IF EXISTS floor")
        connection.execute("UPDATE alembic_version SET version_num = %s", [start])
        connection.execute("COMMENT ON TABLE alembic_version IS NULL")


@contextmanager
def held(url: str, seconds: float) -> Iterator[None]:
    """Hold a lock on reports, as somebody's long transaction does, while the block begins."""
    with psycopg.connect(url) as connection:
        connection.execute("SELECT count(*) FROM report")  # ACCESS SHARE until the end of the transaction
        timer = threading.Timer(seconds, connection.rollback)
        timer.start()
        yield
        timer.join()


async def test_the_version_before_goes_on(
    loop: Loop,
    database: Database,
    database_url: str,
    next_version: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(migrate, "PAUSE_S", 0.05)
    ended = asyncio.Event()
    count = 0

    async def work() -> None:
        """File, read and cancel as long as tables are being changed: what fails here, fails for people."""
        nonlocal count
        while not ended.is_set():
            filed = await loop.act(submit, loop.actor("resident"), draft_at((35, 20), separate=True))
            async with database.read() as session:
                await case_list(session, loop.actor("desk"), CaseFilters(), now=loop.clock.now(), limit=5)
            await loop.act(cancel, loop.actor("resident"), filed.case_id, reason="test")
            count += 1

    said: list[str] = []
    working = [asyncio.create_task(work()) for _ in range(3)]
    await asyncio.sleep(0.3)
    with held(database_url, 1.0):
        await asyncio.to_thread(upgrade, database_url, say=said.append)
    await asyncio.sleep(0.2)
    ended.set()
    await asyncio.gather(*working)
    assert said == next_version
    assert count > 5
    with psycopg.connect(database_url) as connection:
        valid = (
            "SELECT count(*) FROM pg_index WHERE indexrelid::regclass::text LIKE 'ix_next%' AND indisvalid"
        )
        assert connection.execute(valid).fetchone() == (2,)
        assert connection.execute("SELECT 1 FROM report WHERE floor = 1 LIMIT 1").fetchone()


def test_an_attempt_that_broke_off_is_taken_up(
    database_url: str, next_version: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A lock that is never given up ends the upgrade with one line; the next one goes on where it stood."""
    monkeypatch.setattr(migrate, "PAUSE_S", 0.01)
    monkeypatch.setattr(migrate, "TRIES", 2)
    with psycopg.connect(database_url) as connection:
        connection.execute("LOCK TABLE report IN ACCESS SHARE MODE")
        with pytest.raises(SetupError, match="lock timeout"):
            upgrade(database_url)
    with psycopg.connect(
        database_url, autocommit=True
    ) as connection:  # what a broken-off CONCURRENTLY leaves
        connection.execute("CREATE INDEX ix_next_source ON report (community_id)")
        connection.execute("CREATE INDEX IF NOT EXISTS ix_next_source ON report (community_id)")
    upgrade(database_url)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (next_version[-1],)


def test_tables_of_a_newer_version(
    database_url: str, next_version: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    upgrade(database_url)
    monkeypatch.setattr(migrate, "MIGRATIONS", MIGRATIONS)
    newest_migration.cache_clear()
    upgrade(database_url)  # it only adds: this version starts on them
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"COMMENT ON TABLE alembic_version IS 'needs {next_version[0]}'")
    with pytest.raises(SetupError) as refused:
        upgrade(database_url)
    assert refused.value.code == "tables_too_new"
