"""The first page of service and care: one's hours and points, and the way to everything else."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import Response

from api.deps import PartsDep, ReadDep, ReaderDep
from api.pages.boards import my_points
from api.pages.service.frame import open_page, show_page

router = APIRouter()


@router.get("/service")
async def get_mine(request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> Response:
    """Show one's own hours and points."""
    await open_page(session, reader, "mine")
    points = await my_points(session, reader.actor, parts.clock.now())
    return await show_page(request, session, reader, "mine", points=points)
