"""The plan by which tables are spread over machines. Citus itself is not there to try it: the plan is held against its rules."""

from __future__ import annotations

import psycopg
import pytest

from gis.errors import SetupError
from gis.store.distribution import FIRST, SHARED, TENANT, Placed, distribute, plan
from gis.store.tables import metadata
from tests import server

NOTHING = Placed(frozenset(), frozenset())
# What the extension would be asked, written down instead: it says yes to a table once, and only in the order that it demands.
STAND_IN = """
CREATE TABLE pg_dist_partition (logicalrelid regclass PRIMARY KEY, partkey text, beside text);
CREATE FUNCTION create_reference_table(t text) RETURNS void LANGUAGE sql AS
    $$ INSERT INTO pg_dist_partition VALUES (t::regclass, NULL, NULL) $$;
CREATE FUNCTION create_distributed_table(t text, k text, colocate_with text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM pg_constraint WHERE contype = 'f' AND (conrelid = t::regclass OR confrelid = t::regclass)) THEN
        RAISE 'a key between machines: %', t;
    END IF;
    IF colocate_with <> 'none' AND NOT EXISTS (SELECT FROM pg_dist_partition WHERE logicalrelid = colocate_with::regclass) THEN
        RAISE 'placed beside what is not there: %', t;
    END IF;
    INSERT INTO pg_dist_partition VALUES (t::regclass, k, colocate_with);
END $$;
"""


def test_every_table_is_placed_once() -> None:
    steps = [step for step in plan(NOTHING) if step.kind in {"share", "distribute"}]
    assert sorted(step.table for step in steps) == sorted(metadata.tables)
    assert [step.table for step in steps if step.kind == "share"] == list(SHARED)
    assert steps[len(SHARED)].table == FIRST
    assert all(f"'{TENANT}'" in step.statement for step in steps if step.kind == "distribute")


def test_keys_go_with_the_tenant_or_to_what_all_share() -> None:
    for table in metadata.tables.values():
        for key in table.foreign_key_constraints:
            if key.referred_table.name in SHARED:
                continue
            columns, elements = list(key.columns), list(key.elements)
            assert columns[0].name == TENANT, key.name
            assert elements[0].column.name == TENANT, key.name


def test_keys_are_away_while_tables_are_placed() -> None:
    names = frozenset(
        str(key.name) for table in metadata.tables.values() for key in table.foreign_key_constraints
    )
    kinds = [step.kind for step in plan(Placed(frozenset(), names))]
    assert kinds.count("drop key") == kinds.count("add key") == len(names)
    assert kinds == sorted(kinds, key=("drop key", "share", "distribute", "add key").index)


def test_an_interrupted_run_is_begun_again() -> None:
    """Two tables are placed and every key was dropped: the rest is placed and every key put back."""
    steps = plan(Placed(frozenset({"category", "community"}), frozenset()))
    assert not [step for step in steps if step.kind == "drop key"]
    placed = [step.table for step in steps if step.kind == "distribute"]
    assert len(placed) == len(metadata.tables) - 2
    everything = Placed(frozenset(metadata.tables), frozenset())
    assert {step.kind for step in plan(everything)} == {"add key"}


def test_without_the_extension_it_says_so(database_url: str) -> None:
    assert distribute(database_url, dry_run=True)
    with pytest.raises(SetupError) as told:
        distribute(database_url)
    assert told.value.code == "citus_missing"


def test_the_statements_are_taken_by_the_database(worker_id: str) -> None:
    """All steps on real tables, the extension's two functions only written down; a second run has nothing to do."""
    keys = """SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
              WHERE contype = 'f' AND conparentid = 0 ORDER BY conname"""
    with server.new_database(f"{worker_id}_spread") as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(STAND_IN)
            before = connection.execute(keys).fetchall()
        assert distribute(url)
        assert distribute(url) == []
        with psycopg.connect(url, autocommit=True) as connection:
            assert connection.execute(keys).fetchall() == before
            (count,) = connection.execute("SELECT count(*) FROM pg_dist_partition").fetchone() or (0,)
    assert count == len(metadata.tables)
