"""How PostgreSQL would carry statements out in a community of a million cases, without storing a million.

The planner goes by three things: how long a table's file is, how many rows there were to a page when it was last analysed, and the
statistics of its columns. Statistics are drawn from a sample anyway, so those of a few thousand cases of the same distribution say
nearly the same; files are made as long as they would be (with a hole, which takes no room), and the rows to a page are left as they
are. What is planned so is then carried out on the rows that are there, and what it looks at is counted: a walk over everything looks
at everything, whatever the planner hoped for.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, LiteralString, cast

import psycopg
from psycopg import sql

from scripts.bench.grown import written_every_day
from scripts.bench.listening import Asked

PAGE = 8192
SEGMENT_PAGES = 131_072
LARGE_FROM = 50_000
"""A table with so many rows is large."""
SHARE = 0.12
"""A list that looks at more than this part of a large table walks over it."""
FEW = 150
"""A page and what belongs to it: looking at so many rows is never a walk."""
QUIET = "SET jit = off; SET max_parallel_workers_per_gather = 0; SET statement_timeout = '20s'; SET timezone = 'UTC'"

# what is kept by month is a table of tables: the files are those of its parts
_LEAVES: LiteralString = """
SELECT c.relname, coalesce(p.relname, c.relname) FROM pg_class c
LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class p ON p.oid = i.inhparent
WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace AND coalesce(p.relname, c.relname) = ANY(%s)
"""
_SIZES: LiteralString = """
SELECT c.oid::int8, c.reltuples, c.relpages, pg_relation_filepath(c.oid) AS path FROM pg_class c
LEFT JOIN pg_index i ON i.indexrelid = c.oid LEFT JOIN pg_class t ON t.oid = i.indrelid
WHERE c.relkind IN ('r', 'i') AND coalesce(t.relname, c.relname) = ANY(%s) AND c.reltuples > 0
"""


@dataclass(frozen=True, slots=True)
class Large:
    """A table, or a part of one, that the planner takes for large."""

    table: str
    rows: int
    """So many are there in truth."""


def large(connection: psycopg.Connection[Any], factor: float = 1.0) -> dict[str, Large]:
    """Return the tables that have at least ``LARGE_FROM`` rows once they are ``factor`` times as large.

    Parameters
    ----------
    connection
        On the grown database, not yet enlarged.
    factor
        How much larger it is going to be.
    """
    named = connection.execute(_LEAVES, [[one.name for one in written_every_day()]]).fetchall()
    found = {}
    for leaf, table in named:
        count = sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(leaf))
        rows = int((connection.execute(count).fetchone() or (0,))[0])
        if rows * factor >= LARGE_FROM:
            found[str(leaf)] = Large(str(table), rows)
    return found


def enlarge(connection: psycopg.Connection[Any], factor: float) -> None:
    """Let the planner see what is written every day as so many times as large.

    Parameters
    ----------
    connection
        A superuser's, on a database that is dropped afterwards; its server runs on this machine, and its files may be changed.
    factor
        How much larger.
    """
    leaves = [
        str(leaf) for leaf, _ in connection.execute(_LEAVES, [[one.name for one in written_every_day()]])
    ]
    for leaf in leaves:
        table = sql.Identifier(leaf)
        connection.execute(sql.SQL("ALTER TABLE {} SET (autovacuum_enabled = false)").format(table))
        connection.execute(sql.SQL("VACUUM (TRUNCATE false) {}").format(table))
    folder = Path((connection.execute("SELECT current_setting('data_directory')").fetchone() or ("",))[0])
    connection.execute("CHECKPOINT")
    for oid, rows, pages, path in connection.execute(_SIZES, [leaves]).fetchall():
        # what doesn't fit into the first file of a table is told by its rows to a page
        larger = max(min(int(pages * factor), SEGMENT_PAGES - 1), pages, 1)
        os.truncate(folder / path, larger * PAGE)
        connection.execute(
            "UPDATE pg_class SET reltuples = %s, relpages = %s WHERE oid = %s::oid",
            [rows * factor, larger, oid],
        )


@dataclass(slots=True)
class Plans:
    """What was found: every plan by its statement's key, and what is wrong with some."""

    plans: dict[str, dict[str, Any]] = field(default_factory=dict)
    wrong: dict[str, str] = field(default_factory=dict)
    """Why, by the statement's key."""


def look_through(connection: psycopg.Connection[Any], asked: Iterable[Asked], big: dict[str, Large]) -> Plans:
    """Let each statement be carried out with the values that it was asked with, and say which of them walk over a large table.

    Parameters
    ----------
    connection, asked
        Where, and what; what changes anything is left out.
    big
        From ``large``.
    """
    found = Plans()
    connection.execute(QUIET)
    for one in asked:
        if not one.only_looks:
            continue
        try:
            plan = explained(connection, one)
        except psycopg.errors.QueryCanceled:
            found.wrong[one.key] = "takes too long"
            continue
        found.plans[one.key] = plan
        faults = [*_walks(plan, big)]
        kept = prepared(connection, one) if one.raw else None
        if kept is not None and kept["Plan"]["Total Cost"] <= plan["Plan"]["Total Cost"]:
            faults += [f"once it is prepared, {one}" for one in _walks(kept, big)]
        if faults:
            found.wrong[one.key] = "; ".join(faults)
    return found


def _walks(plan: dict[str, Any], big: dict[str, Large]) -> Iterator[str]:
    """Yield the large tables of which a plan looks at too many rows."""
    seen: Counter[str] = Counter()
    for one in nodes(plan):
        seen[str(one.get("Relation Name"))] += looked_at(one)
    for name, rows in seen.items():
        if name in big and rows > max(FEW, SHARE * big[name].rows):
            yield f"looks at {rows} of {big[name].rows} rows of {name}"


def looked_at(node: dict[str, Any]) -> int:
    """Return how many rows a step of a plan looked at."""
    names = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Index Recheck")
    return int(sum(node.get(name, 0) for name in names) * node.get("Actual Loops", 1))


def explained(connection: psycopg.Connection[Any], asked: Asked) -> dict[str, Any]:
    """Return the plan of a statement, carried out and taken back.

    Parameters
    ----------
    connection, asked
        As for ``look_through``.
    """
    how = "EXPLAIN (FORMAT JSON, ANALYZE, BUFFERS) "
    kind = psycopg.RawCursor if asked.raw else psycopg.Cursor
    with connection.transaction(force_rollback=True), kind(connection) as cursor:
        cursor.execute(how + asked.text, asked.values)
        row = cast("tuple[Any, ...]", cursor.fetchone())
    plan: dict[str, Any] = row[0][0]
    return plan


def prepared(connection: psycopg.Connection[Any], asked: Asked) -> dict[str, Any] | None:
    """Return the plan that is kept for a statement whatever its values, carried out and taken back; None if it has none.

    A statement that is asked often is prepared, and PostgreSQL keeps to this plan where it promises to be as good as one made for the
    values: of "whoever, or this one" it can't know then that it is this one.

    Parameters
    ----------
    connection, asked
        As for ``look_through``; a statement with PostgreSQL's own placeholders.
    """
    values = sql.SQL(", ").join(map(sql.Literal, asked.values or ()))
    try:
        with connection.transaction(force_rollback=True):
            connection.execute("SET LOCAL plan_cache_mode = force_generic_plan")
            connection.execute(f"PREPARE kept AS {asked.text}")
            ask = sql.SQL(
                "EXPLAIN (FORMAT JSON, ANALYZE) EXECUTE kept({})"
                if asked.values
                else "EXPLAIN (FORMAT JSON, ANALYZE) EXECUTE kept"
            )
            row = cast("tuple[Any, ...]", connection.execute(ask.format(values)).fetchone())
    except (
        psycopg.errors.IndeterminateDatatype,
        psycopg.errors.AmbiguousParameter,
        psycopg.errors.UndefinedFunction,
    ):
        return None
    finally:
        connection.execute("DEALLOCATE ALL")
    plan: dict[str, Any] = row[0][0]
    return plan


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every step of a plan that was carried out."""
    waiting = [plan["Plan"]]
    while waiting:
        one = waiting.pop()
        yield one
        waiting += one.get("Plans", [])


def shape(plan: dict[str, Any]) -> tuple[str, ...]:
    """Return what a plan does to tables: each step with its table and index, to compare plans by."""
    return tuple(
        " ".join(str(one[name]) for name in ("Node Type", "Relation Name", "Index Name") if name in one)
        for one in nodes(plan)
    )
