"""Editing a draft: one edit, undo and redo, and the repair that was shown."""

from __future__ import annotations

import asyncio
from uuid import UUID

from gis.areas.editing import (
    AssignGridWorker,
    AssignWatcher,
    Draft,
    Edit,
    HousedBuildings,
    apply_edit,
    draft_of,
    edit_as_json,
    make_ground,
)
from gis.areas.repair import TOLERANCE_M, RepairProposal, propose_repair
from gis.crs import MetricCrs, metric_crs
from gis.errors import ConflictError, InvalidInputError
from gis.flows.boundaries.draft_state import DraftState, facts_of, faster, open_facts, state_after, store_edit
from gis.flows.boundaries.loading import draft_at, head_of, housed_buildings
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import boundaries, drafts
from gis.store.drafts import DraftFacts
from gis.store.session import ReadSession
from gis.words import Actor, Level, Role


async def edit_draft(
    work: Work, actor: Actor, draft_id: UUID, edit: Edit, *, position: int | None = None
) -> DraftState:
    """Apply an edit to a draft.

    Parameters
    ----------
    work, actor, draft_id
        Who edits which draft.
    edit
        From ``edit_from_json``.
    position
        The edit that was in force when this one was thought of; None: whatever is.

    Raises
    ------
    InvalidInputError, ConflictError
        As ``gis.areas.editing.apply_edit``; ``person_unknown`` when nobody of that role is called so;
        ``draft_changed`` when somebody else edited it first; ``draft_closed``.
    NotFoundError
        ``draft_not_found``.
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "edit_boundaries")
    session, community_id = work.session, actor.community_id
    facts = await open_facts(session, actor, draft_id, position)
    await _check_people(session, community_id, edit)
    before = await draft_at(session, community_id, facts)
    head = await head_of(session, community_id)
    housed = await housed_buildings(session, community_id)
    after = await asyncio.to_thread(_edited, before, edit, metric_crs(head.metric_srid), housed)
    return await store_edit(
        work, actor, facts, before=before, after=after, payload=edit_as_json(edit), housed=housed
    )


async def undo(work: Work, actor: Actor, draft_id: UUID, *, position: int | None = None) -> DraftState:
    """Put the edit before the one in force in force again.

    Raises
    ------
    ConflictError
        ``nothing_to_undo``, ``draft_changed``, ``draft_closed``.
    """
    facts, history = await _history(work, actor, draft_id, position)
    before = next((one.after for one in history if one.edit == facts.position), None)
    if before is None:
        raise ConflictError("nothing was edited", code="nothing_to_undo")
    return await _point(work, actor, facts, before)


async def redo(work: Work, actor: Actor, draft_id: UUID, *, position: int | None = None) -> DraftState:
    """Put the latest edit that was made upon the one in force, and undone, in force again.

    Raises
    ------
    ConflictError
        ``nothing_to_redo``, ``draft_changed``, ``draft_closed``.
    """
    facts, history = await _history(work, actor, draft_id, position)
    following = [one.edit for one in history if one.after == facts.position]
    if not following:
        raise ConflictError("nothing was undone", code="nothing_to_redo")
    return await _point(work, actor, facts, max(following))


async def propose_draft_repair(
    session: ReadSession, actor: Actor, draft_id: UUID, *, tolerance_m: float = TOLERANCE_M
) -> RepairProposal:
    """Return what a repair of a draft would change; nothing is changed by it.

    Raises
    ------
    InvalidInputError
        ``tolerance_out_of_range``.
    NotFoundError
        ``draft_not_found``.
    """
    require(actor, "edit_boundaries")
    facts = await facts_of(session, actor, draft_id)
    draft = await draft_at(session, actor.community_id, facts)
    head = await head_of(session, actor.community_id)
    metric = metric_crs(head.metric_srid)
    return await asyncio.to_thread(propose_repair, draft.areas, metric, tolerance_m=tolerance_m)


async def apply_repair(
    work: Work, actor: Actor, draft_id: UUID, *, position: int, tolerance_m: float = TOLERANCE_M
) -> DraftState:
    """Apply the repair that was shown: an edit like any other, which can be undone.

    Parameters
    ----------
    work, actor, draft_id
        Who repairs which draft.
    position
        The edit that was in force when the proposal was shown.
    tolerance_m
        As shown.

    Raises
    ------
    ConflictError
        ``edit_changes_nothing``, ``draft_changed``, ``draft_closed``.
    """
    require(actor, "edit_boundaries")
    facts = await open_facts(work.session, actor, draft_id, position)
    before = await draft_at(work.session, actor.community_id, facts)
    proposal = await propose_draft_repair(work.session, actor, draft_id, tolerance_m=tolerance_m)
    people = {key: cell.people for key, cell in before.cells.items()}
    after = draft_of(proposal.areas, people)
    if before.differences(after) == ([], []):
        raise ConflictError("there is nothing to repair", code="edit_changes_nothing")
    said = {"kind": "repair", "tolerance_m": tolerance_m, "largest_move_m": round(proposal.largest_move_m, 3)}
    return await store_edit(work, actor, facts, before=before, after=after, payload=said)


def _edited(before: Draft, edit: Edit, metric: MetricCrs, housed: HousedBuildings) -> Draft:
    (community,) = before.of(Level.COMMUNITY)
    return apply_edit(before, edit, make_ground(metric, community.geometry, housed))


async def _check_people(session: ReadSession, community_id: str, edit: Edit) -> None:
    if not isinstance(edit, AssignWatcher | AssignGridWorker):
        return
    role = Role.WATCHER if isinstance(edit, AssignWatcher) else Role.GRID_WORKER
    known = await boundaries.known_people(session, community_id, edit.people, role)
    if set(edit.people) - known:
        raise InvalidInputError(
            f"no such {role.value}", code="person_unknown", field="people", role=role.value
        )


async def _history(
    work: Work, actor: Actor, draft_id: UUID, position: int | None
) -> tuple[DraftFacts, list[drafts.EditFacts]]:
    require(actor, "edit_boundaries")
    facts = await open_facts(work.session, actor, draft_id, position)
    return facts, await drafts.edits(work.session, actor.community_id, draft_id)


async def _point(work: Work, actor: Actor, facts: DraftFacts, position: int) -> DraftState:
    session, community_id = work.session, actor.community_id
    before = await draft_at(session, community_id, facts)
    if not await drafts.point_at(session, community_id, facts, position, work.clock.now()):
        raise faster()
    moved = await facts_of(session, actor, facts.draft_id)
    after = await draft_at(session, community_id, moved)
    return await state_after(session, actor, moved, before=before, after=after)
