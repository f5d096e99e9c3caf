"""Drafts of boundaries: cells as edits left them, read along the chain of edits that are in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import ARRAY, Row, Uuid, bindparam, func, insert, select, text, update
from sqlalchemy.dialects.postgresql import JSONB

from gis.store.session import ReadSession, WriteSession
from gis.store.tables import area_draft, area_draft_cell, area_draft_edit, person

Source = Literal["version", "file", "delineation"]
Rows = Sequence[Row[Any]]


@dataclass(frozen=True, slots=True)
class DraftFacts:
    """A draft without its cells."""

    draft_id: UUID
    name: str
    source: Source
    based_on: int
    position: int
    last_edit: int
    created_by: UUID
    creator: str
    created_at: datetime
    updated_at: datetime
    published_as: int | None
    discarded_at: datetime | None
    report: Mapping[str, Any] | None
    """What the delineation reached by which it was drawn."""

    @property
    def open(self) -> bool:
        """Whether it can still be edited."""
        return self.published_as is None and self.discarded_at is None


@dataclass(frozen=True, slots=True)
class EditFacts:
    """One edit of a draft."""

    edit: int
    after: int
    kind: str
    payload: Mapping[str, Any]
    actor_id: UUID
    at: datetime


_FACTS = select(
    area_draft.c.draft_id,
    area_draft.c.name,
    area_draft.c.source,
    area_draft.c.based_on,
    area_draft.c.position,
    area_draft.c.last_edit,
    area_draft.c.created_by,
    person.c.name.label("creator"),
    area_draft.c.created_at,
    area_draft.c.updated_at,
    area_draft.c.published_as,
    area_draft.c.discarded_at,
    area_draft.c.report,
).join(
    person,
    (person.c.community_id == area_draft.c.community_id) & (person.c.person_id == area_draft.c.created_by),
)


async def open_drafts(session: ReadSession, community_id: str) -> list[DraftFacts]:
    """Return the drafts that can still be edited, the latest first."""
    d = area_draft.c
    rows = await session.rows(
        _FACTS.where(
            d.community_id == community_id, d.published_as.is_(None), d.discarded_at.is_(None)
        ).order_by(d.updated_at.desc(), d.draft_id)
    )
    return [DraftFacts(*row) for row in rows]


async def draft_facts(session: ReadSession, community_id: str, draft_id: UUID) -> DraftFacts | None:
    """Return a draft, or None."""
    d = area_draft.c
    row = await session.row(_FACTS.where(d.community_id == community_id, d.draft_id == draft_id))
    return None if row is None else DraftFacts(*row)


async def add_draft(
    session: WriteSession,
    community_id: str,
    draft_id: UUID,
    *,
    name: str,
    source: Source,
    based_on: int,
    created_by: UUID,
    now: datetime,
    report: Mapping[str, Any] | None = None,
) -> None:
    """Store a draft without cells."""
    await session.run(
        insert(area_draft).values(
            community_id=community_id,
            draft_id=draft_id,
            name=name,
            source=source,
            based_on=based_on,
            created_by=created_by,
            created_at=now,
            updated_at=now,
            report=report,
        )
    )


_CELLS = text("""
WITH RECURSIVE chain AS (
    SELECT CAST(:position AS integer) AS edit
    UNION ALL
    SELECT e.after FROM area_draft_edit e JOIN chain ON e.edit = chain.edit
    WHERE e.community_id = :community AND e.draft_id = :draft
)
SELECT * FROM (
    SELECT DISTINCT ON (c.level, c.code) c.level, c.code, c.gone, c.name, c.name_en, c.parent_code, c.households,
           c.people, c.attributes, st_asbinary(c.geom) AS geom
    FROM area_draft_cell c JOIN chain ON chain.edit = c.edit
    WHERE c.community_id = :community AND c.draft_id = :draft
    ORDER BY c.level, c.code, c.edit DESC
) latest WHERE NOT gone
""")


async def draft_cells(session: ReadSession, community_id: str, draft_id: UUID, position: int) -> Rows:
    """Return the cells of a draft after the edit at a position: ``level, code, name, ..., people, geom`` (WKB)."""
    return await session.rows(_CELLS, {"community": community_id, "draft": draft_id, "position": position})


async def store_cells(
    session: WriteSession, community_id: str, draft_id: UUID, edit: int, rows: Sequence[Mapping[str, Any]]
) -> None:
    """Store cells as an edit left them.

    Parameters
    ----------
    session, community_id, draft_id, edit
        Where; edit 0 is the beginning.
    rows
        ``level, code, gone, name, name_en, parent_code, households, people, attributes, geom`` (WKB or None).
    """
    if not rows:
        return
    key = {"community_id": community_id, "draft_id": draft_id, "edit": edit}
    values: dict[str, Any] = {name: bindparam(name) for name in [*key, *rows[0]] if name != "geom"}
    values["people"] = bindparam("people", type_=ARRAY(Uuid))
    values["attributes"] = bindparam("attributes", type_=JSONB)
    values["geom"] = func.st_geomfromwkb(bindparam("geom"), 4326)
    await session.run(insert(area_draft_cell).values(values), [{**key, **row} for row in rows])


async def append_edit(
    session: WriteSession,
    community_id: str,
    draft: DraftFacts,
    *,
    kind: str,
    payload: Mapping[str, Any],
    actor_id: UUID,
    now: datetime,
) -> int | None:
    """Append an edit after the one in force and return its number; None where somebody was faster.

    Parameters
    ----------
    session, community_id
        Where.
    draft
        As it was read.
    kind, payload, actor_id, now
        What, by whom, when.
    """
    edit = draft.last_edit + 1
    if not await _move(
        session, community_id, draft, {"position": edit, "last_edit": edit, "updated_at": now}
    ):
        return None
    await session.run(
        insert(area_draft_edit).values(
            community_id=community_id,
            draft_id=draft.draft_id,
            edit=edit,
            after=draft.position,
            kind=kind,
            payload=dict(payload),
            actor_id=actor_id,
            at=now,
        )
    )
    return edit


async def point_at(
    session: WriteSession, community_id: str, draft: DraftFacts, position: int, now: datetime
) -> bool:
    """Put another edit in force; False where somebody was faster."""
    return await _move(session, community_id, draft, {"position": position, "updated_at": now})


async def close_draft(
    session: WriteSession, community_id: str, draft: DraftFacts, *, now: datetime, published_as: int | None
) -> bool:
    """Mark a draft as published, or as discarded; False where somebody was faster."""
    values = {
        "updated_at": now,
        "published_as": published_as,
        "discarded_at": now if published_as is None else None,
    }
    return await _move(session, community_id, draft, values)


async def _move(
    session: WriteSession, community_id: str, draft: DraftFacts, values: Mapping[str, Any]
) -> bool:
    d = area_draft.c
    moved = await session.run(
        update(area_draft)
        .where(
            d.community_id == community_id,
            d.draft_id == draft.draft_id,
            d.position == draft.position,
            d.last_edit == draft.last_edit,
            d.published_as.is_(None),
            d.discarded_at.is_(None),
        )
        .values(**values)
    )
    return moved == 1


async def edits(session: ReadSession, community_id: str, draft_id: UUID) -> list[EditFacts]:
    """Return all edits of a draft in the order in which they were made."""
    e = area_draft_edit.c
    rows = await session.rows(
        select(e.edit, e.after, e.kind, e.payload, e.actor_id, e.at)
        .where(e.community_id == community_id, e.draft_id == draft_id)
        .order_by(e.edit)
    )
    return [EditFacts(*row) for row in rows]
