"""A community's own checklists; it has none until it changes those that all begin with (``gis.visits.checklists``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item, with its list; a list without any has one row without an item."""

    code: str
    name: str
    name_en: str
    active: bool
    item_id: UUID | None
    words: str
    words_en: str
    category: str
    item_active: bool


@dataclass(frozen=True, slots=True)
class ListRow:
    """A list that is written."""

    code: str
    name: str
    name_en: str
    active: bool
    items: Sequence[tuple[UUID, str, str, str]]
    """Each with id, words, words in English, and the category of the case that a wrong one becomes."""


async def item_rows(session: ReadSession, community_id: str) -> list[ItemRow]:
    """Return all items in order, with what is out of use."""
    rows = await session.direct(
        """
        SELECT l.code, l.name, l.name_en, l.active, i.item_id, coalesce(i.words, '') AS words,
               coalesce(i.words_en, '') AS words_en, coalesce(i.category, '') AS category,
               coalesce(i.active, false) AS item_active
        FROM checklist l LEFT JOIN checklist_item i ON i.community_id = l.community_id AND i.list_code = l.code
        WHERE l.community_id = %(community)s ORDER BY l.sort, l.code, i.sort, i.item_id
        """,
        {"community": community_id},
    )
    return [ItemRow(*row) for row in rows]


async def has_lists(session: ReadSession, community_id: str) -> bool:
    """Tell whether a community has lists of its own."""
    rows = await session.direct(
        "SELECT 1 AS there FROM checklist WHERE community_id = %(community)s LIMIT 1",
        {"community": community_id},
    )
    return bool(rows)


async def put_checklist(session: WriteSession, community_id: str, wanted: ListRow, sort: int) -> None:
    """Write a list as it is wanted; items that it no longer has are out of use, for answers refer to them."""
    await session.direct(
        """
        INSERT INTO checklist (community_id, code, name, name_en, active, sort)
        VALUES (%(community)s, %(code)s, %(name)s, %(name_en)s, %(active)s, %(sort)s)
        ON CONFLICT (community_id, code) DO UPDATE SET name = excluded.name, name_en = excluded.name_en,
            active = excluded.active, sort = excluded.sort RETURNING code
        """,
        {
            "community": community_id,
            "code": wanted.code,
            "name": wanted.name,
            "name_en": wanted.name_en,
            "active": wanted.active,
            "sort": sort,
        },
    )
    await _put_items(session, community_id, wanted.code, wanted.items)


async def _put_items(
    session: WriteSession, community_id: str, code: str, items: Sequence[tuple[UUID, str, str, str]]
) -> None:
    await session.direct(
        """
        WITH given AS (
            SELECT * FROM unnest(%(ids)s::uuid[], %(words)s::text[], %(words_en)s::text[], %(categories)s::text[])
                WITH ORDINALITY AS g(item_id, words, words_en, category, sort)
        ), gone AS (
            UPDATE checklist_item SET active = false
            WHERE community_id = %(community)s AND list_code = %(code)s AND NOT item_id = ANY(%(ids)s::uuid[])
        )
        INSERT INTO checklist_item (community_id, item_id, list_code, words, words_en, category, active, sort)
        SELECT %(community)s, item_id, %(code)s, words, words_en, category, true, sort FROM given
        ON CONFLICT (community_id, item_id) DO UPDATE SET words = excluded.words, words_en = excluded.words_en,
            category = excluded.category, active = true, sort = excluded.sort
            WHERE checklist_item.list_code = excluded.list_code
        RETURNING item_id
        """,
        {
            "community": community_id,
            "code": code,
            "ids": [one[0] for one in items],
            "words": [one[1] for one in items],
            "words_en": [one[2] for one in items],
            "categories": [one[3] for one in items],
        },
    )
