"""How the community shows itself, and its mark as a file."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep
from api.forms import parse, photos_of
from api.models.fields import Body, Line
from api.pages.admin.frame import open_section, show_section, typed
from api.pages.frame import Failure, redirect
from api.rooms import pages
from gis.errors import InvalidInputError, NotFoundError, WeiwangError
from gis.flows.office.branding import set_branding
from gis.intake import prepare_photo
from gis.store.session import ReadSession
from gis.views.boards import community_facts
from gis.views.office import branding, logo_image

router = pages()


class BrandingBody(Body):
    """The fields of the page."""

    name: Line
    name_en: Line = ""
    colour: Line = ""
    phone: Line = ""
    icp: Line = ""
    drop_logo: Line = ""


@router.get("/admin/branding")
async def get_branding(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show how the community shows itself."""
    open_section(reader, "branding")
    return await _show(request, session, reader)


@router.post("/admin/branding")
async def post_branding(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Change it."""
    open_section(reader, "branding")
    fields = await typed(request)
    try:
        given = parse(BrandingBody, fields)
        sent = await photos_of(request, "logo")
        logo = await _prepared(sent[0], parts.settings.photo) if sent else None
        async with parts.work() as work:
            await set_branding(
                work,
                reader.actor,
                name=given.name,
                name_en=given.name_en,
                colour=given.colour,
                phone=given.phone,
                icp=given.icp,
                logo=logo,
                drop_logo=given.drop_logo == "yes",
            )
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            return await _show(request, session, reader, fields, error)
    return redirect("/admin/branding", "branding_kept")


@router.get("/branding/logo")
async def get_logo(reader: ReaderDep, session: ReadDep) -> Response:
    """Give the community's mark."""
    image = await logo_image(session, reader.actor.community_id)
    if image is None:
        raise NotFoundError("no mark", code="route_unknown")
    return Response(image, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=86400"})


async def _prepared(data: bytes, limits: Any) -> Any:
    try:
        return await prepare_photo(data, limits)
    except InvalidInputError as error:
        raise InvalidInputError(error.detail, code=error.code, field="logo", **error.values) from error


async def _show(
    request: Request,
    session: ReadSession,
    reader: Reader,
    form: dict[str, Any] | None = None,
    failure: Failure | None = None,
) -> Response:
    facts = await community_facts(session, reader.actor.community_id)
    words, mark = await branding(session, reader.actor.community_id)
    stored = {"name": facts.name if facts else "", "name_en": facts.name_en if facts else "", **words}
    return await show_section(
        request, session, reader, "branding", failure=failure, form=stored | (form or {}), mark=mark
    )
