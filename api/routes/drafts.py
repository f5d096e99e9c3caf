"""Drafts of boundaries: begun, edited, undone, repaired, published, discarded.

A draft's ``position`` is the edit in force; it is also its ETag. An act that carries the position at which it was thought
of, in ``If-Match`` or the body, is refused with 409 when somebody else was faster.
"""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query, Request
from starlette.responses import Response

from api.boundaries import changes_json, draft_json, facts_json, renewal_json, repair_json
from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.drafting import begin_draft, position_of, take_position
from api.forms import body_of, parse
from api.models import DraftBody, PositionedBody, PublishBody, RenewBody, RepairBody
from api.rooms import interface
from api.routes.boundaries import FORM, JSON
from api.spec import body, errors
from gis.areas.editing import edit_from_json
from gis.areas.repair import TOLERANCE_M
from gis.flows.boundaries import (
    DraftState,
    apply_repair,
    compare_draft,
    discard_draft,
    edit_draft,
    list_drafts,
    preview_renewal,
    propose_draft_repair,
    publish_draft,
    read_draft,
    redo,
    renew_draft,
    undo,
)
from gis.flows.boundaries.loading import head_of
from gis.people.permissions import require
from gis.store.session import ReadSession
from gis.words import Actor

router = interface("boundaries", prefix="/boundaries/drafts")
Tolerance = Annotated[float, Query(gt=0, le=20)]


@router.get("", responses=errors(401, 403))
async def get_drafts(reader: ReaderDep, session: ReadDep) -> dict[str, Any]:
    """Drafts that can still be edited, the latest first."""
    found = await list_drafts(session, reader.actor)
    head = await head_of(session, reader.actor.community_id)
    return {
        "items": [facts_json(one, head.area_version) for one in found],
        "next": None,
        "total": len(found),
    }


@router.post(
    "",
    status_code=201,
    responses=errors(400, 401, 403, 413, 415, 429),
    openapi_extra=body(DraftBody, JSON, FORM),
)
async def post_draft(
    request: Request, response: Response, parts: PartsDep, reader: ReaderDep
) -> dict[str, Any]:
    """Begin a draft from the version in force, from files (sent as for a check), or from a delineation."""
    begun = await begin_draft(request, parts, reader.actor)
    async with parts.database.read() as session:
        return await _answer(response, session, reader.actor, begun)


@router.get("/{draft_id}", responses=errors(401, 403, 404))
async def get_draft(
    draft_id: UUID, response: Response, reader: ReaderDep, session: ReadDep
) -> dict[str, Any]:
    """Read a draft with its cells, households and everything that is wrong with it."""
    return await _answer(response, session, reader.actor, await read_draft(session, reader.actor, draft_id))


@router.get("/{draft_id}/changes", responses=errors(401, 403, 404))
async def get_changes(draft_id: UUID, reader: ReaderDep, session: ReadDep) -> dict[str, Any]:
    """Tell what publishing a draft would add, remove and change."""
    return changes_json(await compare_draft(session, reader.actor, draft_id))


@router.post("/{draft_id}/edits", responses=errors(400, 401, 403, 404, 409))
async def post_edit(
    draft_id: UUID, request: Request, response: Response, reader: ReaderDep, work: WorkDep
) -> dict[str, Any]:
    """Edit a draft; the answer holds what changed.

    `kind` is one of move_part (building, unit, to), split (cell, line, code, name), merge (cells), rename (level, cell,
    code, name, name_en), move_cell_to_grid (cell, grid, name), assign_watcher (cell, people), assign_grid_worker (grid,
    people).
    """
    require(reader.actor, "edit_boundaries")
    fields = await body_of(request)
    position = take_position(request, fields)
    state = await edit_draft(work, reader.actor, draft_id, edit_from_json(fields), position=position)
    return await _answer(response, work.session, reader.actor, state)


@router.post(
    "/{draft_id}/undo",
    responses=errors(400, 401, 403, 404, 409),
    openapi_extra=body(PositionedBody, JSON, required=False),
)
async def post_undo(
    draft_id: UUID, request: Request, response: Response, reader: ReaderDep, work: WorkDep
) -> dict[str, Any]:
    """Undo the edit in force."""
    given = parse(PositionedBody, await body_of(request))
    state = await undo(work, reader.actor, draft_id, position=position_of(request, given.position))
    return await _answer(response, work.session, reader.actor, state)


@router.post(
    "/{draft_id}/redo",
    responses=errors(400, 401, 403, 404, 409),
    openapi_extra=body(PositionedBody, JSON, required=False),
)
async def post_redo(
    draft_id: UUID, request: Request, response: Response, reader: ReaderDep, work: WorkDep
) -> dict[str, Any]:
    """Redo what was undone last."""
    given = parse(PositionedBody, await body_of(request))
    state = await redo(work, reader.actor, draft_id, position=position_of(request, given.position))
    return await _answer(response, work.session, reader.actor, state)


@router.get("/{draft_id}/repair", responses=errors(400, 401, 403, 404))
async def get_repair(
    draft_id: UUID, reader: ReaderDep, session: ReadDep, tolerance_m: Tolerance = TOLERANCE_M
) -> dict[str, Any]:
    """Propose a repair: what it would change, and what would still be wrong; nothing is changed by asking."""
    return repair_json(await propose_draft_repair(session, reader.actor, draft_id, tolerance_m=tolerance_m))


@router.post(
    "/{draft_id}/repair", responses=errors(400, 401, 403, 404, 409), openapi_extra=body(RepairBody, JSON)
)
async def post_repair(
    draft_id: UUID, request: Request, response: Response, reader: ReaderDep, work: WorkDep
) -> dict[str, Any]:
    """Apply the repair that was shown: an edit like any other."""
    given = parse(RepairBody, await body_of(request))
    position = position_of(request, given.position)
    if position is None:
        position = (await read_draft(work.session, reader.actor, draft_id)).facts.position
    state = await apply_repair(work, reader.actor, draft_id, position=position, tolerance_m=given.tolerance_m)
    return await _answer(response, work.session, reader.actor, state)


@router.get("/{draft_id}/renewal", responses=errors(401, 403, 404))
async def get_renewal(draft_id: UUID, reader: ReaderDep, session: ReadDep) -> dict[str, Any]:
    """Tell what beginning a draft again on the version in force would meet; `needed` is false where it is on it."""
    return renewal_json(await preview_renewal(session, reader.actor, draft_id))


@router.post(
    "/{draft_id}/renew", responses=errors(400, 401, 403, 404, 409), openapi_extra=body(RenewBody, JSON)
)
async def post_renew(
    draft_id: UUID, request: Request, response: Response, reader: ReaderDep, work: WorkDep
) -> dict[str, Any]:
    """Begin a draft of an older version again on the one in force; the old one is put away and stays readable."""
    given = parse(RenewBody, await body_of(request))
    position = position_of(request, given.position)
    state = await renew_draft(work, reader.actor, draft_id, given.way, position=position)
    return await _answer(response, work.session, reader.actor, state)


@router.post(
    "/{draft_id}/publish", responses=errors(400, 401, 403, 404, 409), openapi_extra=body(PublishBody, JSON)
)
async def post_publish(draft_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> dict[str, Any]:
    """Put a draft in force as the next version; refused with what is wrong, or when another version came meanwhile."""
    given = parse(PublishBody, await body_of(request))
    published = await publish_draft(
        work, reader.actor, draft_id, note=given.note, position=position_of(request, given.position)
    )
    return {"version": published.version, "warnings": len(published.warnings)}


@router.delete("/{draft_id}", status_code=204, responses=errors(401, 403, 404, 409))
async def delete_draft(draft_id: UUID, reader: ReaderDep, work: WorkDep) -> None:
    """Put a draft away; it stays readable."""
    await discard_draft(work, reader.actor, draft_id)


async def _answer(
    response: Response, session: ReadSession, actor: Actor, state: DraftState
) -> dict[str, Any]:
    head = await head_of(session, actor.community_id)
    response.headers["ETag"] = f'"{state.facts.position}"'
    return draft_json(state, head.area_version)
