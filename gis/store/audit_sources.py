"""Which tables the audit log is made of, and the canonical text of an entry: what its hash is taken from.

Texts are made by PostgreSQL's own functions from the columns; times are whole microseconds, so that no setting of a
session changes them. A test fails when a table has a column that isn't named here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import LiteralString

from gis.audit import Content
from gis.store.session import ReadSession

MICROSECONDS: LiteralString = "(extract(epoch from {at}) * 1000000)::bigint"

KEYS = {
    "bigint": re.compile(r"[0-9]{1,18}"),
    "uuid": re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
}


@dataclass(frozen=True, slots=True)
class Source:
    """One table.

    Parameters
    ----------
    table, key, key_type
        Where entries lie, and what names one.
    fixed, told
        Columns that stay; those that may name a person and can be erased, with the salt.
    empty
        Condition that the erasable ones are empty.
    """

    table: LiteralString
    key: LiteralString
    key_type: LiteralString
    fixed: tuple[LiteralString, ...]
    told: tuple[LiteralString, ...] = ()
    empty: LiteralString = "true"


SOURCES: Mapping[str, Source] = {
    "access": Source(
        "access", "access_id", "bigint", ("person_id", "kind", "subject_id"), ("why",), "t.why = ''"
    ),
    "change": Source(
        "change",
        "change_id",
        "uuid",
        ("person_id", "subject", "key", "verb"),
        ("name", "data"),
        "t.name = '' AND t.data = '{}'",
    ),
    "erasure": Source(
        "erasure", "erasure_id", "uuid", ("kind", "subject_id", "actor_id", "reason", "erased", "kept")
    ),
    "note": Source(
        "audit_note", "note_id", "uuid", ("person_id", "kind", "subject_id"), ("data",), "t.data = '{}'"
    ),
}


def _query(source: Source) -> LiteralString:
    at = MICROSECONDS.replace("{at}", "t.at")
    fixed: LiteralString = ", ".join(f"t.{column}" for column in source.fixed)
    told: LiteralString = "NULL"
    if source.told:
        words: LiteralString = ", ".join(f"t.{column}" for column in source.told)
        told = f"CASE WHEN t.salt IS NULL AND {source.empty} THEN NULL ELSE jsonb_build_array(t.salt, {words})::text END"
    return (
        f"SELECT t.{source.key}::text AS key, {at} AS at_us,"  # noqa: S608 - of constants
        f" jsonb_build_array('{source.table}', t.community_id, t.{source.key}, {at}, {fixed})::text AS fixed,"
        f" {told} AS told, {source.empty} AS blank FROM {source.table} t"
        f" WHERE t.community_id = %(community)s AND t.{source.key} = ANY(%(keys)s::{source.key_type}[])"
    )


_CONTENTS: Mapping[str, LiteralString] = {name: _query(source) for name, source in SOURCES.items()}


async def contents(
    session: ReadSession, community_id: str, wanted: Mapping[str, Sequence[str]]
) -> dict[tuple[str, str], Content]:
    """Return entries as they are now; those that aren't there are missing.

    Parameters
    ----------
    session, community_id
        Where.
    wanted
        Keys by source.
    """
    found: dict[tuple[str, str], Content] = {}
    for source, keys in wanted.items():
        one = KEYS[SOURCES[source].key_type]
        sayable = [
            key for key in keys if one.fullmatch(key)
        ]  # others were forged, and there is nothing behind them
        rows = await session.direct(_CONTENTS[source], {"community": community_id, "keys": sayable})
        for key, *rest in rows:
            found[source, key] = Content(*rest)
    return found


async def counts(session: ReadSession, community_id: str) -> dict[str, int]:
    """Return how many entries there are of each source."""
    found: dict[str, int] = {}
    for name, source in SOURCES.items():
        query: LiteralString = f"SELECT count(*) AS n FROM {source.table} WHERE community_id = %(community)s"  # noqa: S608
        rows = await session.direct(query, {"community": community_id})
        found[name] = rows[0].n
    return found


async def unchained(session: ReadSession, community_id: str, name: str) -> str | None:
    """Return the key of an entry of a source that is neither in the chain nor waiting for it."""
    source = SOURCES[name]
    query: LiteralString = (
        f"SELECT t.{source.key}::text AS key FROM {source.table} t WHERE t.community_id = %(community)s"  # noqa: S608
        f" AND NOT EXISTS (SELECT FROM audit_link l WHERE l.community_id = t.community_id AND l.source = %(source)s"
        f" AND l.key = t.{source.key}::text)"
        f" AND NOT EXISTS (SELECT FROM audit_waiting w WHERE w.community_id = t.community_id AND w.source = %(source)s"
        f" AND w.key = t.{source.key}::text) ORDER BY t.at, t.{source.key} LIMIT 1"
    )
    rows = await session.direct(query, {"community": community_id, "source": name})
    return rows[0].key if rows else None
