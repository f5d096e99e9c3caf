"""Spreading the tables over machines by community, with the extension Citus: the plan, and carrying it out.

Every table of a community is distributed by ``community_id``, all of them alike, so that a community's rows are on one machine
and joins stay there. What all communities share is copied to every machine. Foreign keys are taken away first and put back at the
end: a key from a table that is still on one machine to one that isn't would be refused. Each step looks at what is there, so that
an interrupted run is simply begun again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, ForeignKeyConstraint, Table, create_engine, text
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import AddConstraint, DropConstraint

from gis.errors import SetupError
from gis.store.session import sqlalchemy_url
from gis.store.tables import metadata

TENANT = "community_id"
FIRST = "community"
"""The table that all others are placed with."""
SHARED = ("category",)
LOCAL = ("alembic_version", "procrastinate_*", "spatial_ref_sys")
"""What stays on the machine that services talk to: the state of migrations, the queue of jobs, PostGIS's own list."""
Kind = Literal["drop key", "share", "distribute", "add key"]


@dataclass(frozen=True, slots=True)
class Step:
    """One statement of the plan, and the table that it is about."""

    kind: Kind
    table: str
    statement: str


@dataclass(frozen=True, slots=True)
class Placed:
    """What a database has already.

    Parameters
    ----------
    tables
        Tables that are distributed or shared.
    keys
        Foreign keys, by name.
    """

    tables: frozenset[str]
    keys: frozenset[str]


def plan(placed: Placed) -> list[Step]:
    """Return what is left to be done, in order; nothing when all is done.

    Parameters
    ----------
    placed
        What is there.
    """
    tables = _in_order()
    waiting = [table for table in tables if table.name not in placed.tables]
    keys = [(table, key) for table in tables for key in _keys(table)]
    touched = {table.name for table in waiting}
    dropped = {
        str(key.name)
        for table, key in keys
        if str(key.name) in placed.keys and {table.name, key.referred_table.name} & touched
    }
    steps = [
        Step("drop key", table.name, _sql(DropConstraint(key, isolate_from_table=False)))
        for table, key in keys
        if str(key.name) in dropped
    ]
    steps += [_placing(table) for table in waiting]
    steps += [
        Step("add key", table.name, _sql(AddConstraint(key, isolate_from_table=False)))
        for table, key in keys
        if str(key.name) in dropped or str(key.name) not in placed.keys
    ]
    return steps


def distribute(url: str, *, dry_run: bool = False, say: Callable[[Step], None] | None = None) -> list[Step]:
    """Distribute the tables of a database and return the steps that it took, or would take.

    Parameters
    ----------
    url
        Of a migrated database; nobody else should use it meanwhile.
    dry_run
        Only tell the plan; the extension need not be there.
    say
        Told each step before it is taken.

    Raises
    ------
    SetupError
        ``citus_missing``.
    """
    engine = create_engine(sqlalchemy_url(url), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            there = _has_citus(connection)
            steps = plan(_placed(connection, there=there))
            if dry_run:
                return steps
            if not there:
                raise SetupError(
                    "the extension citus is not in this database: load it (shared_preload_libraries) and CREATE EXTENSION citus",
                    code="citus_missing",
                )
            connection.execute(text("SET citus.multi_shard_modify_mode TO 'sequential'"))
            for step in steps:
                if say:
                    say(step)
                connection.execute(text(step.statement))
            return steps
    finally:
        engine.dispose()


def _in_order() -> Sequence[Table]:
    """Return all tables, the one that others are placed with first, then those that are referred to before those that refer."""
    return sorted(metadata.sorted_tables, key=lambda table: (table.name not in SHARED, table.name != FIRST))


def _keys(table: Table) -> list[ForeignKeyConstraint]:
    return sorted(table.foreign_key_constraints, key=lambda key: str(key.name))


def _placing(table: Table) -> Step:
    if table.name in SHARED:
        return Step("share", table.name, f"SELECT create_reference_table('\"{table.name}\"')")
    beside = "none" if table.name == FIRST else FIRST
    return Step(
        "distribute",
        table.name,
        f"SELECT create_distributed_table('\"{table.name}\"', '{TENANT}', colocate_with => '{beside}')",
    )


def _sql(change: AddConstraint | DropConstraint) -> str:
    from sqlalchemy.dialects import postgresql

    spoken = postgresql.dialect()  # type: ignore[no-untyped-call]
    return str(change.compile(dialect=spoken)).strip()


def _has_citus(connection: Connection) -> bool:
    return bool(connection.scalar(text("SELECT to_regclass('pg_dist_partition') IS NOT NULL")))


def _placed(connection: Connection, *, there: bool) -> Placed:
    tables: Collection[str] = ()
    if there:
        tables = connection.scalars(
            text("SELECT c.relname FROM pg_dist_partition d JOIN pg_class c ON c.oid = d.logicalrelid")
        ).all()
    keys = connection.scalars(
        text(
            "SELECT conname FROM pg_constraint WHERE contype = 'f' AND connamespace = 'public'::regnamespace"
        )
    ).all()
    return Placed(frozenset(tables), frozenset(keys))
