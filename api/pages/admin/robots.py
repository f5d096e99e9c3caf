"""Robots of chat groups, and quiet hours."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReaderDep
from api.forms import parse
from api.pages.admin.frame import open_section, show_section, typed
from api.pages.frame import Failure, redirect
from api.parts import Parts
from api.rooms import pages
from api.routes.robots import QuietBody, RobotBody, robot_page
from gis.errors import NotFoundError, WeiwangError
from gis.flows import robots as flow
from gis.flows.office.record import record
from gis.flows.work import Work
from gis.notices import quiet
from gis.notices.kinds import KINDS
from gis.words import Actor
from web.notices import robot_text

router = pages()


@router.get("/admin/robots")
async def get_robots(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """List robots with how their messages stand."""
    open_section(reader, "robots")
    return await _show(request, parts, reader)


@router.post("/admin/robots")
async def post_robot(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Add a robot, or change one."""
    open_section(reader, "robots")
    fields = await typed(request, "kinds")
    given = {name: value for name, value in fields.items() if name != "enabled"}
    try:
        wanted = parse(RobotBody, {**given, "enabled": fields.get("enabled") == "yes"})
        values = wanted.model_dump(exclude={"id"})
        async with parts.work() as work:
            robot = await flow.put_robot(
                work, reader.actor.community_id, flow.RobotDraft(wanted.id or uuid4(), **values)
            )
            await _record(work, reader.actor, robot, "changed" if wanted.id else "added")
    except (WeiwangError, RequestValidationError) as error:
        return await _show(request, parts, reader, fields, error)
    return redirect("/admin/robots", "robot_kept")


@router.post("/admin/robots/quiet")
async def post_quiet(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Change the quiet hours."""
    open_section(reader, "robots")
    fields = await typed(request)
    try:
        given = parse(QuietBody, fields)
        hours = quiet.parse(given.begins, given.ends) if given.begins or given.ends else None
        async with parts.work() as work:
            await flow.set_quiet_hours(work, reader.actor.community_id, hours)
            kept = {"quiet_hours": [None, hours.as_json() if hours else None]}
            await record(work, reader.actor, "robot", "quiet_hours", "changed", data=kept)
    except (WeiwangError, RequestValidationError) as error:
        return await _show(request, parts, reader, fields, error)
    return redirect("/admin/robots", "quiet_kept")


@router.post("/admin/robots/{robot_id}/{act}")
async def post_act(
    robot_id: UUID, act: str, request: Request, parts: PartsDep, reader: ReaderDep
) -> Response:
    """Try a robot out, or remove it."""
    open_section(reader, "robots")
    if act not in {"test", "remove"}:
        raise NotFoundError("no such act", code="route_unknown")
    async with parts.work() as work:
        robot = await flow.find_robot(work, reader.actor.community_id, robot_id)
        if act == "remove":
            await flow.remove_robot(work, reader.actor.community_id, robot_id)
            await _record(work, reader.actor, robot, "removed")
            return redirect("/admin/robots", "robot_removed")
    try:
        outcome = await flow.try_robot(parts.settings, robot, robot_text)
    except WeiwangError as error:
        return await _show(request, parts, reader, failure=error)
    return await _show(request, parts, reader, outcome={"state": outcome.state, "detail": outcome.detail})


async def _record(work: Work, actor: Actor, robot: Any, verb: str) -> None:
    """Write down what was done with a robot, without its address: that holds the group's key."""
    told = {
        "kind": [None, robot.kind],
        "kinds": [None, list(robot.kinds)],
        "language": [None, robot.language],
        "active": [None, robot.enabled],
    }
    await record(work, actor, "robot", str(robot.robot_id), verb, name=robot.name, data=told)


async def _show(  # noqa: PLR0917 - whose page, what was typed, and what came of it
    request: Request,
    parts: Parts,
    reader: Reader,
    form: dict[str, Any] | None = None,
    failure: Failure | None = None,
    outcome: dict[str, str] | None = None,
) -> Response:
    async with parts.work() as work:
        page = await robot_page(work, reader.actor.community_id)
        hours = await flow.quiet_hours(work, reader.actor.community_id)
        stored = hours.as_json() if hours else {"from": "", "to": ""}
        return await show_section(
            request,
            work.session,
            reader,
            "robots",
            failure=failure,
            robots=[one.model_dump() for one in page.items],
            kinds=list(KINDS),
            quiet=stored,
            form=form or {},
            outcome=outcome,
        )
