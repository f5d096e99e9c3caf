"""A community that has grown: what a small one holds, copied as often as is wanted by what the tables say of themselves.

PostgreSQL makes the copies, from rows that the flows have written: a key becomes another key, whoever points to it points to that
one, moments lie further back, places a little beside. So a new table grows with the rest. There are three kinds of tables: what is
drawn or set once stays as it is; what an office has some of (people, homes, rewards) grows ``PEOPLE_TIMES``; what is written every day
grows as often as is asked for, and belongs to all those people in turn. Most of what is written every day is over and done with.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Column, Date, DateTime, LargeBinary, Text, UniqueConstraint, Uuid
from sqlalchemy import Table as Described

from gis.store.tables import case, metadata
from gis.store.tables.columns import TransactionId

TENANT = "community_id"
PEOPLE_TIMES = 40
STILL_OPEN = 15
"""So many copies are as open as what they were made from, and belong to the same people."""
YEAR_S = 365 * 86_400
_SET_ONCE = """
community category area_version area building stairwell gate feature street_segment calendar_day category_rule point_rate
point_rule repair_rate retention_rule office_hours kitchen logo hotline_columns expiry_run indicator_state indicator_case
indicator_day audit_head audit_link audit_waiting signing_key session sign_in_code menu_week menu_dish area_draft area_draft_edit
area_draft_cell subject_photo api_key mediation_party mediation_session resident resident_consent
resident_suggestion meal_subscription meal_pause
"""
SET_ONCE = frozenset(_SET_ONCE.split())
_EVERY_DAY = """
access change audit_note visit visit_round round_stop patrol redemption service_order notice resident_change export erasure
stock_change station_count activity activity_place
"""
EVERY_DAY = frozenset(_EVERY_DAY.split())
"""Beside what leads to a case."""
COUNTED = {("case", "number"), ("notice", "serial")}
WORDS = {"username", "code", "slug", "name", "dedup", "order_number", "flat", "import_key"}
SPREAD = {"grid_code", "micro_grid_code"}
OVER: dict[tuple[str, str], str] = {
    ("case", "status"): "'closed'",
    ("case", "answered_at"): "t.opened_at",
    ("case", "done_at"): "t.opened_at",
    ("case", "closed_at"): "t.opened_at",
    ("case", "climb_at"): "NULL",
    ("offer", "status"): "'accepted'",
    ("offer", "ended_at"): "t.offered_at",
    ("referral", "status"): "'verified'",
    ("referral", "ended_at"): "t.referred_at",
    ("hand_over", "status"): "'accepted'",
    ("hand_over", "ended_at"): "t.asked_at",
    ("pause", "status"): "'ended'",
    ("pause", "ended_at"): "t.asked_at",
    ("redemption", "status"): "'handed_out'",
    ("redemption", "handed_out_at"): "t.created_at",
    ("redemption", "ended_at"): "NULL",
    ("muster", "status"): "'stood_down'",
    ("muster", "stood_down_at"): "t.created_at",
    ("muster", "next_wave_at"): "NULL",
    ("missing_person", "status"): "'found'",
    ("missing_person", "ended_at"): "t.created_at",
    ("delivery", "state"): "'sent'",
    ("desk_note", "settled_by"): "t.written_by",
    ("desk_note", "settled_at"): "t.written_at",
    ("finding", "state"): "'on_spot'",
    ("service_order", "next_at"): "NULL",
    ("visit_round", "ended_at"): "t.created_at",
    ("notice", "read_at"): "t.created_at",
}
"""How a copy that is over differs from what it was made from."""
ONE_AT_A_TIME = {("muster_call", "status"): "'stood_down'", ("muster_call", "ended_at"): "t.called_at"}
"""Nobody is in two of these at once: every copy is over."""


@cache
def written_every_day() -> tuple[Described, ...]:
    """Return the tables that grow with the days: those whose rows lead to a case, and some more."""
    found = {case.name, *EVERY_DAY}
    for table in metadata.sorted_tables:
        if {key.column.table.name for key in table.foreign_keys} & (found - EVERY_DAY):
            found.add(table.name)
    return tuple(table for table in metadata.sorted_tables if table.name in found - SET_ONCE)


@cache
def _had_some_of() -> tuple[Described, ...]:
    every_day = set(written_every_day())
    return tuple(one for one in metadata.sorted_tables if one not in every_day and one.name not in SET_ONCE)


def grow(connection: psycopg.Connection[Any], times: int) -> dict[str, int]:
    """Copy everything, and return how many rows the tables have then that are written every day.

    Parameters
    ----------
    connection
        A superuser's, on a database that wasn't grown before: keys aren't looked at, for what is copied was right.
    times
        How often what is written every day is copied; spread over a year.
    """
    connection.execute("SET session_replication_role = replica")
    for table in _had_some_of():
        _copy(connection, table, PEOPLE_TIMES - 1)
    for table in written_every_day():
        _copy(connection, table, times)
    connection.execute("SET session_replication_role = origin")
    connection.execute("ANALYZE")
    return {name: rows for name, rows in counted(connection).items() if rows}


def counted(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """Return how many rows there are in each table that is written every day."""
    counts = sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {}, count(*) FROM {}").format(sql.Literal(table.name), sql.Identifier(table.name))
        for table in written_every_day()
    )
    return {str(name): int(rows) for name, rows in connection.execute(counts)}


def _copy(connection: psycopg.Connection[Any], table: Described, times: int) -> None:
    columns = [one for one in table.columns if not _fills_itself(table, one)]
    statement = sql.SQL(
        "INSERT INTO {0} ({1}) SELECT {2} FROM {0} t CROSS JOIN generate_series(1, {3}) AS copy"
    )
    connection.execute(
        statement.format(
            sql.Identifier(table.name),
            sql.SQL(", ").join(sql.Identifier(one.name) for one in columns),
            sql.SQL(", ").join(sql.SQL(_copied(table, one, times)) for one in columns),
            sql.Literal(times),
        )
    )


def _fills_itself(table: Described, column: Column[Any]) -> bool:
    return (
        column.identity is not None
        or isinstance(column.type, TransactionId)
        or (table.name, column.name) in COUNTED
    )


def _copied(table: Described, column: Column[Any], times: int) -> str:
    """Return a column's value in the n-th copy, as SQL."""
    value, place = f't."{column.name}"', (table.name, column.name)
    daily = table in written_every_day()
    if column.name == TENANT:
        return value
    if isinstance(column.type, LargeBinary) and column.nullable:
        return "NULL"  # sealed for the row that it is in
    if place in ONE_AT_A_TIME:
        return ONE_AT_A_TIME[place]
    plain = _moved(column, value, times if daily else 0, key=_is_key(table, column))
    plain = _pointing(table, column, value, daily=daily) or plain
    if daily and place in OVER:
        return f"CASE WHEN copy <= {STILL_OPEN} THEN {plain} ELSE {OVER[place]} END"
    return plain


def _moved(column: Column[Any], value: str, times: int, *, key: bool) -> str:
    """Return a value of its own: later or earlier, somewhere else, under another name."""
    if isinstance(column.type, DateTime) and times:
        return f"{value} - copy * interval '{YEAR_S / times:.1f} seconds'"
    if isinstance(column.type, Date) and times:
        return f"{value} - copy" if key else f"{value} - (copy * 365 / {times})"
    if column.name == "geom":
        return f"st_translate({value}, ((copy::int8 * 7919) % 1000 - 500) / 1e6, ((copy::int8 * 104729) % 1000 - 500) / 1e6)"
    if column.primary_key and isinstance(column.type, Uuid) and not column.foreign_keys:
        return f"md5({value}::text || '~' || copy)::uuid"
    if key and column.name in WORDS:
        return f"{value} || '~' || copy"
    return value


def _pointing(table: Described, column: Column[Any], value: str, *, daily: bool) -> str | None:
    """Return what a column that leads to another table leads to in the copy; None if it doesn't."""
    whose = (
        f"(CASE WHEN copy <= {STILL_OPEN} THEN 0 ELSE (copy - 1) % {PEOPLE_TIMES} END)" if daily else "copy"
    )
    leads = {key.column.table for key in column.foreign_keys} - {metadata.tables["community"]}
    if column.name in SPREAD and daily:
        return f"{value} || CASE WHEN {whose} = 0 THEN '' ELSE '~' || {whose} END"
    if column.name == "subject_id" and daily and isinstance(column.type, Text):
        other = f"md5({value} || '~' || {whose})::uuid::text"
        return f"CASE WHEN {whose} = 0 OR {value} !~ '^[0-9a-f-]{{36}}$' THEN {value} ELSE {other} END"
    if leads & set(written_every_day()):
        return f"md5({value}::text || '~' || copy)::uuid"
    if not leads & set(_had_some_of()) or not (daily or _is_key(table, column)):
        return None
    if isinstance(column.type, Text):
        return f"CASE WHEN {whose} = 0 THEN {value} ELSE {value} || '~' || {whose} END"
    return f"CASE WHEN {whose} = 0 THEN {value} ELSE md5({value}::text || '~' || {whose})::uuid END"


def _is_key(table: Described, column: Column[Any]) -> bool:
    """Tell whether a column is part of what tells rows apart."""
    groups = [one.columns for one in table.constraints if isinstance(one, UniqueConstraint)]
    groups += [one.columns for one in table.indexes if one.unique]
    return column.name != TENANT and any(
        column.name in group for group in [*groups, table.primary_key.columns]
    )
