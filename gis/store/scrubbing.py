"""Taking a name or a number out of what others wrote: every column of text that may hold words of people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, Table, Text
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects.postgresql import JSONB

from gis.store.retention import NO_NAME
from gis.store.session import WriteSession
from gis.store.tables import metadata

PLACES = {
    "area", "area_version", "area_draft", "area_draft_cell", "area_draft_edit", "agency", "building", "category",
    "category_rule", "checklist", "checklist_item", "community", "feature", "gate", "indicator_case", "indicator_day",
    "indicator_state", "kitchen", "logo", "meal_rule", "menu_dish", "menu_week", "office_hours", "person_area",
    "point_rate", "point_rule", "retention_rule", "signing_key", "stairwell", "station", "street_segment",
}  # fmt: skip
"""Tables of places and settings: a street may be called like somebody."""
OTHERS = {"person", "access", "change", "erasure", "audit_note", "audit_link", "audit_head", "audit_waiting"}
"""People's own names, and the audit log: ``gis.store.audit_excuses`` empties its words, on record."""
_DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]
SHORTEST = 3
"""Shorter names are parts of too many other words to be looked for everywhere."""


def searched() -> dict[str, list[str]]:
    """Return the tables and columns that are looked through."""
    found: dict[str, list[str]] = {}
    for table in metadata.sorted_tables:
        if table.name not in PLACES | OTHERS:
            columns = [one.name for one in table.columns if _holds_words(table, one.name)]
            if columns:
                found[table.name] = columns
    return found


def _holds_words(table: Table, name: str) -> bool:
    column = table.columns[name]
    text = isinstance(column.type, Text | JSONB) or (
        isinstance(column.type, ARRAY) and isinstance(column.type.item_type, Text)
    )
    return text and not column.primary_key and not column.foreign_keys and name != "community_id"


async def scrub(session: WriteSession, community_id: str, words: Sequence[str]) -> dict[str, int]:
    """Put a dash in place of words wherever they stand in a community; return in how many rows of which table.

    Parameters
    ----------
    session, community_id
        Of the transaction that erases.
    words
        Names and numbers; those that are too short are left out.
    """
    counts: dict[str, int] = {}
    for word in (one for one in dict.fromkeys(words) if len(one) >= SHORTEST):
        escaped = json.dumps(word, ensure_ascii=False)[1:-1]
        for name, columns in searched().items():
            done = await _scrub(session, community_id, metadata.tables[name], columns, word, escaped)
            if done:
                counts[name] = counts.get(name, 0) + done
    return counts


async def _scrub(  # noqa: PLR0917 - what, where, in its two spellings
    session: WriteSession, community_id: str, table: Table, columns: Sequence[str], word: str, escaped: str
) -> int:
    changes, finds = [], []
    for one in columns:
        kind = table.columns[one].type.compile(_DIALECT).lower()
        as_text = f'"{one}"' if kind == "text" else f'"{one}"::text'
        wanted = "word" if kind == "text" else "escaped"
        changed = f"replace({as_text}, %({wanted})s, %(dash)s)"
        changes.append(f'"{one}" = {changed}' + ("" if kind == "text" else f"::{kind}"))
        finds.append(f"position(%({wanted})s in {as_text}) > 0")
    query: Any = (
        f'UPDATE "{table.name}" SET {", ".join(changes)}'  # noqa: S608 - names of the tables in the code
        f" WHERE community_id = %(community)s AND ({' OR '.join(finds)}) RETURNING 1"
    )
    values = {"community": community_id, "word": word, "escaped": escaped, "dash": NO_NAME}
    return len(await session.direct(query, values))
