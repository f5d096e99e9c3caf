"""The pages of teams: all of them, and one with who belongs to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep
from api.forms import body_of, parse
from api.language import language_of
from api.pages.frame import Failure, redirect
from api.pages.service.frame import open_page, show_page
from api.parts import Parts
from api.rooms import pages
from api.routes.teams import MemberBody, TeamBody, fields_of, team_out, team_with_members
from api.sheet_answer import sheet_answer
from gis.errors import NotFoundError, WeiwangError
from gis.flows.teams.teams import KINDS, change_team, drop_member, found_team, put_member
from gis.people.permissions import may
from gis.store.people import timezone_of
from gis.store.session import ReadSession
from gis.views.teams import member_list, team_detail, team_list
from web.team_sheets import member_sheet

router = pages()
KEY = "teams"


@router.get("/teams")
async def get_teams(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show teams, and for the office the form of a new one."""
    await open_page(session, reader, KEY)
    return await _show_all(request, session, reader, {"id": str(uuid4())})


async def _show_all(
    request: Request,
    session: ReadSession,
    reader: Reader,
    form: dict[str, Any],
    failure: Failure | None = None,
) -> Response:
    return await show_page(
        request,
        session,
        reader,
        KEY,
        failure=failure,
        teams=[team_out(reader.actor, one).model_dump() for one in await team_list(session, reader.actor)],
        may_found=may(reader.actor, "manage_teams"),
        kinds=KINDS,
        form=form,
    )


@router.post("/teams")
async def post_team(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Found a team; a second press of the button changes nothing."""
    fields = await body_of(request)
    try:
        given = parse(TeamBody, fields)
        async with parts.work() as work:
            team_id = await found_team(work, reader.actor, given.id or uuid4(), fields_of(given))
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            return await _show_all(request, session, reader, {"id": str(uuid4()), **fields}, error)
    return redirect(f"/teams/{team_id}", "team_founded")


@router.get("/teams/{team_id}")
async def get_team(
    team_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep
) -> Response:
    """Show one team."""
    await open_page(session, reader, KEY)
    return await _show_one(request, parts, session, reader, team_id)


async def _show_one(  # noqa: PLR0917 - whose page, of which team, and what was wrong with a form
    request: Request,
    parts: Parts,
    session: ReadSession,
    reader: Reader,
    team_id: UUID,
    failure: Failure | None = None,
    form: dict[str, Any] | None = None,
) -> Response:
    team = await team_with_members(session, reader.actor, team_id, parts.clock.now())
    shown = team.model_dump()
    return await show_page(
        request,
        session,
        reader,
        KEY,
        template="service_team.html",
        failure=failure,
        team=shown,
        for_office=may(reader.actor, "manage_teams"),
        kinds=KINDS,
        form={**shown, **(form or {})},
    )


@router.get("/teams/{team_id}/members.xlsx")
async def get_members(
    team_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep
) -> Response:
    """Give who belongs to a team as a workbook, to its members and the office."""
    team = await team_detail(session, reader.actor, team_id)
    found = await member_list(session, reader.actor, team, parts.clock.now())
    zone = ZoneInfo(await timezone_of(session, reader.actor.community_id))
    return await sheet_answer(
        member_sheet(language_of(request, reader.actor.language), found, zone), "members"
    )


@router.post("/teams/{team_id}")
async def post_change(team_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Change a team, or end it."""
    fields = await body_of(request)
    try:
        given = parse(TeamBody, {**fields, "active": fields.get("active") == "yes"})
        async with parts.work() as work:
            await change_team(work, reader.actor, team_id, fields_of(given))
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            return await _show_one(request, parts, session, reader, team_id, error, fields)
    return redirect(f"/teams/{team_id}", "team_kept")


@router.post("/teams/{team_id}/members")
async def post_member(team_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Take somebody into a team, or have them lead it."""
    fields = await body_of(request)
    try:
        given = parse(MemberBody, {**fields, "leader": fields.get("leader") == "yes"})
        async with parts.work() as work:
            await put_member(work, reader.actor, team_id, given.person, leader=given.leader)
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            return await _show_one(request, parts, session, reader, team_id, error, fields)
    return redirect(f"/teams/{team_id}", "member_put")


@router.post("/teams/{team_id}/members/{person_id}/drop")
async def post_drop(
    team_id: UUID, person_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep
) -> Response:
    """Take somebody out of a team, or leave it."""
    await body_of(request)
    async with parts.work() as work:
        await drop_member(work, reader.actor, team_id, person_id)
    return redirect(f"/teams/{team_id}", "member_dropped")
