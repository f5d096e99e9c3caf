"""The page to edit boundaries on; lists, findings, versions and the weighty buttons work without scripts."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.boundaries import facts_json, person_json, renewal_json, version_json
from api.delineation import report_of, report_rows
from api.deps import PartsDep, ReadDep, ReaderDep
from api.drafting import begin_draft, roll_back_to
from api.forms import body_of, parse
from api.models import PublishBody, ReassignBody, RenewBody, RollBackBody
from api.pages.frame import Failure, check_page, redirect, show
from api.parts import Parts, parts_of
from api.rooms import pages
from api.routes.boundaries import VersionInPath
from gis.areas.checks import Finding, errors_of
from gis.areas.editing import Draft
from gis.errors import NotFoundError, WeiwangError
from gis.flows.boundaries import (
    assignable_people,
    compare_draft,
    compare_versions,
    discard_draft,
    list_drafts,
    list_versions,
    preview_reassign,
    preview_renewal,
    publish_draft,
    read_draft,
    read_version,
    reassign_cases,
    renew_draft,
)
from gis.flows.boundaries.reassign import MOST_CASES
from gis.flows.delineate import MAIN_STREETS
from gis.people.permissions import may
from gis.store.session import ReadSession
from gis.words import Actor, Level

router = pages()
MOST_FINDINGS = 200
WIDEST = 2**31


@router.get("/grids")
async def get_grids(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show the boundaries in force, a draft (``draft=``), or two versions beside each other (``before=&after=``)."""
    check_page(reader, "grids")
    return await show_grids(request, session, reader)


@router.post("/grids/drafts")
async def post_draft(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Begin a draft by form and lead on to it."""
    check_page(reader, "grids")
    try:
        begun = await begin_draft(request, parts, reader.actor)
    except (WeiwangError, RequestValidationError) as error:
        fields = await body_of(request)
        async with parts.database.read() as session:
            return await show_grids(request, session, reader, failure=error, form=fields)
    return redirect(f"/grids?draft={begun.facts.draft_id}", "draft_begun")


@router.post("/grids/drafts/{draft_id}/publish")
async def post_publish(draft_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Put a draft in force by form."""
    check_page(reader, "grids")
    try:
        given = parse(PublishBody, await body_of(request))
        async with parts.work() as work:
            await publish_draft(work, reader.actor, draft_id, note=given.note, position=given.position)
    except (WeiwangError, RequestValidationError) as error:
        return await _failed(request, parts, reader, error, draft_id)
    return redirect("/grids", "published")


@router.post("/grids/drafts/{draft_id}/renew")
async def post_renew(draft_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Begin a draft of an older version again on the one in force by form, and lead on to it."""
    check_page(reader, "grids")
    try:
        given = parse(RenewBody, await body_of(request))
        async with parts.work() as work:
            state = await renew_draft(work, reader.actor, draft_id, given.way, position=given.position)
    except (WeiwangError, RequestValidationError) as error:
        return await _failed(request, parts, reader, error, draft_id)
    return redirect(f"/grids?draft={state.facts.draft_id}", "draft_renewed")


@router.post("/grids/drafts/{draft_id}/discard")
async def post_discard(draft_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Put a draft away by form."""
    check_page(reader, "grids")
    try:
        async with parts.work() as work:
            await discard_draft(work, reader.actor, draft_id)
    except WeiwangError as error:
        return await _failed(request, parts, reader, error, draft_id)
    return redirect("/grids", "draft_discarded")


@router.post("/grids/versions/{version}/rollback")
async def post_roll_back(
    version: VersionInPath, request: Request, parts: PartsDep, reader: ReaderDep
) -> Response:
    """Publish an older version anew by form."""
    check_page(reader, "grids")
    try:
        given = parse(RollBackBody, await body_of(request))
        await roll_back_to(
            parts, reader.actor, version, expected_version=given.expected_version, reason=given.reason
        )
    except (WeiwangError, RequestValidationError) as error:
        return await _failed(request, parts, reader, error)
    return redirect("/grids", "rolled_back")


@router.post("/grids/reassign")
async def post_reassign(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Give open cases of older versions their place in the one in force, by form."""
    check_page(reader, "grids")
    try:
        given = parse(ReassignBody, await body_of(request))
        async with parts.work() as work:
            await reassign_cases(
                work, reader.actor, reason=given.reason, every=True, expected_version=given.expected_version
            )
    except (WeiwangError, RequestValidationError) as error:
        return await _failed(request, parts, reader, error)
    return redirect("/grids", "reassigned")


async def _failed(
    request: Request, parts: Parts, reader: ReaderDep, error: Failure, draft_id: UUID | None = None
) -> Response:
    """Show the page again with what went wrong."""
    async with parts.database.read() as session:
        return await show_grids(request, session, reader, failure=error, draft_id=draft_id)


async def show_grids(
    request: Request,
    session: ReadSession,
    reader: ReaderDep,
    *,
    failure: Failure | None = None,
    draft_id: UUID | None = None,
    form: Mapping[str, Any] | None = None,
) -> Response:
    """Answer with the page.

    Parameters
    ----------
    request, session, reader
        Whose page.
    failure
        Of the form that was just sent.
    draft_id
        The draft that it was about; else the one that the address names.
    form
        What was typed to begin a draft.
    """
    actor = reader.actor
    draft_id = draft_id or _uuid(request.query_params.get("draft"))
    findings: tuple[Finding, ...] = ()
    draft: dict[str, Any] | None = None
    changes: list[dict[str, Any]] = []
    in_force, cells = await read_version(session, actor)
    if draft_id is not None:
        state = await read_draft(session, actor, draft_id)
        findings, cells = state.findings, Draft(state.cells)
        draft = facts_json(state.facts, in_force) | {"can_undo": state.can_undo, "can_redo": state.can_redo}
        report = report_of(state.facts.report)
        draft["report"] = report_rows(report) if report else []
        draft["renewal"] = renewal_json(await preview_renewal(session, actor, draft_id))
        changes = [one.as_json() for one in await compare_draft(session, actor, draft_id)]
    people = await assignable_people(session, actor)
    names = {one.person_id: one.name for one in people}
    return await show(
        request,
        session,
        reader,
        "grids.html",
        failure=failure,
        within=f"{form.get('source')}-" if form else "",
        form=form or {},
        draft=draft,
        in_force=in_force,
        drafts=[facts_json(one, in_force) for one in await list_drafts(session, actor)],
        versions=[version_json(one) for one in await list_versions(session, actor)],
        comparison=await _comparison(session, actor, request),
        changes=changes,
        grids=_grids(cells, names),
        mean=_mean(cells),
        findings=[one.as_json() for one in findings[:MOST_FINDINGS]],
        errors_count=len(errors_of(findings)),
        findings_count=len(findings),
        people=[person_json(one) | {"id": str(one.person_id)} for one in people],
        main_streets=",".join(MAIN_STREETS),
        old_cases=await _old_cases(request, session, actor),
    )


async def _old_cases(request: Request, session: ReadSession, actor: Actor) -> dict[str, Any] | None:
    """Return how many open cases still lie in cells of older versions, and where they would go."""
    if not may(actor, "reassign_cases"):
        return None
    parts = parts_of(request)
    atlas = await parts.atlas.get(session, actor.community_id)
    found = await preview_reassign(session, actor, atlas, parts.settings.snap)
    ways = Counter((one.from_micro_grid, one.micro_grid) for one in found if one.moved)
    return {
        "total": len(found),
        "moved": sum(ways.values()),
        "most": MOST_CASES,
        "ways": [{"before": way[0], "after": way[1], "cases": count} for way, count in ways.most_common()],
    }


def _uuid(text: str | None) -> UUID | None:
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise NotFoundError("no such draft", code="draft_not_found") from None


async def _comparison(session: ReadSession, actor: Actor, request: Request) -> dict[str, Any] | None:
    texts = [request.query_params.get(name, "") for name in ("before", "after")]
    if not all(text.isdecimal() and 0 < int(text[:10]) < WIDEST for text in texts):
        return None
    before, after = (int(text[:10]) for text in texts)
    found = await compare_versions(session, actor, before, after)
    return {"before": before, "after": after, "items": [one.as_json() for one in found]}


def _grids(draft: Draft, names: dict[UUID, str]) -> list[dict[str, Any]]:
    """Return grids with their micro-grids, as the page lists them; micro-grids without a known grid come last."""
    grids = {cell.code: cell for cell in draft.of(Level.GRID)}
    members = sorted(draft.of(Level.MICRO_GRID), key=lambda cell: (cell.parent_code or "~", cell.code))
    found: dict[str, dict[str, Any]] = {
        code: _row(cell, names) | {"cells": []} for code, cell in grids.items()
    }
    for parent, those in itertools.groupby(members, key=lambda cell: cell.parent_code or ""):
        none: dict[str, Any] = {
            "code": parent,
            "name": "",
            "name_en": "",
            "households": None,
            "people": [],
            "cells": [],
        }
        found.setdefault(parent, none)["cells"] = [_row(cell, names) for cell in those]
    return list(found.values())


def _row(cell: Any, names: dict[UUID, str]) -> dict[str, Any]:
    return {
        "code": cell.code,
        "name": cell.name,
        "name_en": cell.name_en,
        "households": cell.households,
        "people": [names.get(person, "") for person in cell.people],
    }


def _mean(draft: Draft) -> float | None:
    counts = [cell.households for cell in draft.of(Level.MICRO_GRID) if cell.households is not None]
    return sum(counts) / len(counts) if counts else None
