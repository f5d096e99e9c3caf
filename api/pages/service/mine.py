"""The first page of service and care: one's hours, points and stars, and the way to everything else."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import Request
from starlette.responses import Response

from api.deps import PartsDep, ReaderDep, WorkDep
from api.pages.boards import my_points
from api.pages.service.frame import open_page, show_page
from api.rooms import pages
from gis.flows.service.expiring import expiring
from gis.flows.service.stars import my_star
from gis.service.neighbours import neighbour_code
from gis.service.redemptions import written_code
from gis.store import point_rules, redemptions

router = pages()


@router.get("/service")
async def get_mine(request: Request, parts: PartsDep, reader: ReaderDep, work: WorkDep) -> Response:
    """Show one's own hours, points and stars."""
    session, actor = work.session, reader.actor
    await open_page(session, reader, "mine")
    waiting = [
        one
        for one in await redemptions.of_person(session, actor.community_id, actor.person_id)
        if one.status == "open"
    ]
    soon = await expiring(work, actor.community_id, actor.person_id)
    return await show_page(
        request,
        session,
        reader,
        "mine",
        points=await my_points(session, actor, parts.clock.now()),
        rules=asdict(await point_rules.point_rules(session, actor.community_id)),
        waiting=[{**asdict(one), "written": written_code(one.code)} for one in waiting],
        expiring={"points": soon[0], "day": soon[1]} if soon else None,
        my_code=neighbour_code(actor.person_id),
        star=asdict(await my_star(work, actor)),
    )
