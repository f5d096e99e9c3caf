"""What the office's own pages share: their parts, and forms as they are typed."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from starlette.responses import Response

from api.auth import Reader
from api.forms import body_of, form_of, is_form
from api.pages.frame import Failure, check_page, show
from api.parts import Parts
from gis.people.permissions import may, require
from gis.store.session import ReadSession

SECTIONS = {
    "people": "create_person",
    "duty": "plan_duty",
    "agencies": "administer",
    "categories": "administer",
    "calendar": "edit_calendar",
    "checklists": "administer",
    "points": "administer",
    "rewards": "keep_rewards",
    "robots": "manage_robots",
    "keys": "administer",
    "branding": "administer",
    "communities": "administer",
    "changes": "administer",
    "audit": "administer",
    "retention": "administer",
}
"""Part -> the act that opens it."""


def open_section(reader: Reader, section: str) -> None:
    """Refuse a part that isn't for the reader's role."""
    check_page(reader, "admin")
    require(reader.actor, SECTIONS[section])


async def show_section(
    request: Request,
    session: ReadSession,
    reader: Reader,
    section: str,
    *,
    template: str = "",
    failure: Failure | None = None,
    **context: Any,
) -> Response:
    """Answer with a part of the office's own pages."""
    parts = [name for name, act in SECTIONS.items() if may(reader.actor, act)]
    return await show(
        request,
        session,
        reader,
        template or f"admin_{section}.html",
        failure=failure,
        section=section,
        sections=parts,
        **context,
    )


async def typed(request: Request, *several: str) -> dict[str, Any]:
    """Return a form's fields as typed; those named are lists, whatever was ticked."""
    fields = await body_of(request)
    if not is_form(request):
        return fields
    form = await form_of(request)
    lists = {name: [one for one in form.getlist(name) if isinstance(one, str)] for name in several}
    return {name: value for name, value in fields.items() if name not in several} | lists


async def show_again(
    request: Request, parts: Parts, reader: Reader, section: str, failure: Failure, **context: Any
) -> Response:
    """Answer with a part again, in a transaction of its own, after a form that could not be carried out."""
    async with parts.database.read() as session:
        return await show_section(request, session, reader, section, failure=failure, **context)
