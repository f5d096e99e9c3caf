"""What every act on a draft has in common: find it, see that nobody was faster, store what changed, answer."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gis.areas.checks import Finding, check_areas
from gis.areas.editing import Cell, Draft, HousedBuildings, Key
from gis.crs import metric_crs
from gis.errors import ConflictError, NotFoundError
from gis.flows.boundaries.loading import head_of, housed_buildings
from gis.flows.import_rows import multipolygon_wkb
from gis.flows.work import Work
from gis.store import drafts
from gis.store.drafts import DraftFacts
from gis.store.session import ReadSession
from gis.words import Actor


@dataclass(frozen=True, slots=True)
class DraftState:
    """A draft after an act, with what the act changed.

    Parameters
    ----------
    facts
        The draft.
    cells
        What the act changed or added; everything where a draft is read or begun.
    gone
        Level and code of what the act took away.
    households
        Of every grid and micro-grid that is known, by level and code.
    findings
        Everything that is wrong with the draft now, errors first.
    can_undo, can_redo
        Whether there is an edit before the one in force, and one after.
    """

    facts: DraftFacts
    cells: tuple[Cell, ...]
    gone: tuple[Key, ...]
    households: Mapping[Key, int]
    findings: tuple[Finding, ...]
    can_undo: bool
    can_redo: bool


async def facts_of(session: ReadSession, actor: Actor, draft_id: UUID) -> DraftFacts:
    """Return a draft of the actor's community; raises ``draft_not_found``."""
    facts = await drafts.draft_facts(session, actor.community_id, draft_id)
    if facts is None:
        raise NotFoundError("no such draft", code="draft_not_found")
    return facts


async def open_facts(session: ReadSession, actor: Actor, draft_id: UUID, position: int | None) -> DraftFacts:
    """Return a draft that can be edited; raises ``draft_closed``, and ``draft_changed`` at another position."""
    facts = await facts_of(session, actor, draft_id)
    if not facts.open:
        raise ConflictError("the draft was published or discarded", code="draft_closed")
    if position is not None and position != facts.position:
        raise faster()
    return facts


def faster() -> ConflictError:
    """Return the refusal of an act on a draft that somebody else changed first."""
    return ConflictError("somebody else edited the draft first", code="draft_changed")


async def store_edit(
    work: Work,
    actor: Actor,
    facts: DraftFacts,
    *,
    before: Draft,
    after: Draft,
    payload: Mapping[str, Any],
    housed: HousedBuildings | None = None,
) -> DraftState:
    """Append an edit with the cells that it changed, and return the draft after it; raises ``draft_changed``."""
    session, community_id = work.session, actor.community_id
    edit = await drafts.append_edit(
        session,
        community_id,
        facts,
        kind=payload["kind"],
        payload=payload,
        actor_id=actor.person_id,
        now=work.clock.now(),
    )
    if edit is None:
        raise faster()
    put, gone = before.differences(after)
    rows = [stored_cell(cell) for cell in put] + [stored_cell(before.cells[key], gone=True) for key in gone]
    await drafts.store_cells(session, community_id, facts.draft_id, edit, rows)
    return await state_after(
        session,
        actor,
        await facts_of(session, actor, facts.draft_id),
        before=before,
        after=after,
        housed=housed,
    )


async def state_after(
    session: ReadSession,
    actor: Actor,
    facts: DraftFacts,
    *,
    before: Draft,
    after: Draft,
    housed: HousedBuildings | None = None,
) -> DraftState:
    """Return a draft with what differs from another, and everything that is wrong with it."""
    head = await head_of(session, actor.community_id)
    known = housed or await housed_buildings(session, actor.community_id)
    metric = metric_crs(head.metric_srid)
    findings = await asyncio.to_thread(check_areas, after.areas, metric, buildings=known.facts)
    history = await drafts.edits(session, actor.community_id, facts.draft_id)
    put, gone = before.differences(after)
    return DraftState(
        facts=facts,
        cells=tuple(put),
        gone=tuple(gone),
        households={key: cell.households for key, cell in after.cells.items() if cell.households is not None},
        findings=findings,
        can_undo=facts.position != 0,
        can_redo=any(one.after == facts.position for one in history),
    )


def stored_cell(cell: Cell, *, gone: bool = False) -> dict[str, Any]:
    """Return a cell as the store takes it."""
    return {
        "level": cell.level.value,
        "code": cell.code,
        "gone": gone,
        "name": cell.name,
        "name_en": cell.name_en,
        "parent_code": cell.parent_code,
        "households": cell.households,
        "people": list(cell.people),
        "attributes": dict(cell.attributes),
        "geom": None if gone else multipolygon_wkb(cell.geometry),
    }
