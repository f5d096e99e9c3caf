"""The office's own pages: who may do what, and what the service is told about its community."""

from fastapi import Request
from starlette.responses import Response

from api.deps import ReaderDep
from api.pages.admin import (
    agencies,
    audit,
    branding,
    calendar,
    categories,
    changes,
    checklists,
    communities,
    duty,
    importing,
    keys,
    people,
    personal,
    points,
    retention,
    rewards,
    robots,
)
from api.pages.admin.frame import SECTIONS
from api.pages.frame import check_page, redirect
from api.rooms import joined, pages
from gis.people.permissions import may

router = pages()


@router.get("/admin")
async def get_admin(request: Request, reader: ReaderDep) -> Response:
    """Lead on to the first part that is for the reader's role, in the look that the address asks for."""
    check_page(reader, "admin")
    first = next(name for name, act in SECTIONS.items() if may(reader.actor, act))
    asked = f"?{request.url.query}" if request.url.query else ""
    return redirect(f"/admin/{first}{asked}")


router = joined(
    router,
    importing.router,
    personal.router,
    people.router,
    duty.router,
    agencies.router,
    categories.router,
    calendar.router,
    checklists.router,
    points.router,
    rewards.router,
    robots.router,
    keys.router,
    branding.router,
    communities.router,
    changes.router,
    audit.router,
    retention.router,
)

__all__ = ["router"]
