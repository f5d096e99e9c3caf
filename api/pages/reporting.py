"""The report page and its form, which works without scripts."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.auth import Reader
from api.compression import pack_page
from api.deps import PartsDep, ReadDep, ReaderDep
from api.forms import body_of, parse, photos_of
from api.language import language_of
from api.located import LocatedOut, located_out
from api.models import ReportBody
from api.pages.frame import Failure, check_page, redirect, show
from api.parts import Parts, parts_of
from api.rooms import pages
from api.routes.places import dict_of
from api.routes.reports import file_report
from gis.crs import parse_position
from gis.errors import InvalidInputError, WeiwangError
from gis.flows.locate import locate
from gis.flows.plates import read_plate
from gis.orders.rules import ORDER_ONLY
from gis.store.session import ReadSession
from gis.views.boards import addresses
from web.plates import plate_label

router = pages()
FROM_ADDRESS = ("plate", "lon", "lat", "datum", "accuracy_m", "source")


@router.get("/report")
async def get_report_page(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show an empty report; with ``plate=``, the code of a scanned plate, or ``lon=&lat=``, its place is filled in."""
    check_page(reader, "report")
    given = {name: value for name, value in request.query_params.items() if name in FROM_ADDRESS}
    if "lon" in given:
        given = {"source": "pin", **given}
    form = {"plate": "", **given, "id": str(uuid4())}
    return pack_page(request, await _show_form(request, session, reader, form))


@router.post("/report")
async def post_report_page(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """File a report by form; a second press of the button changes nothing."""
    check_page(reader, "report")
    fields: dict[str, Any] = {}
    try:
        fields = await body_of(request)
        given = parse(ReportBody, await _placed(parts, reader, fields))
        found = await file_report(parts, reader.actor, given, await photos_of(request))
    except (WeiwangError, RequestValidationError) as error:
        form = {name: str(value) for name, value in fields.items()}
        form.setdefault("id", str(uuid4()))
        async with parts.database.read() as session:
            return await _show_form(request, session, reader, form, failure=error)
    return redirect(f"/report/{found.report_id}", "reported")


async def _placed(parts: Parts, reader: Reader, fields: dict[str, Any]) -> dict[str, Any]:
    """Return the fields with the position of the address that was chosen instead of a device's."""
    given = {name: value for name, value in fields.items() if name != "building"}
    chosen = str(fields.get("building", "")).strip()
    if not chosen:
        return given
    try:
        building_id = UUID(chosen)
    except ValueError as error:
        raise InvalidInputError("no such building", code="building_unknown", field="building") from error
    async with parts.database.read() as session:
        found = await addresses(session, reader.actor.community_id, building_id)
    if not found:
        raise InvalidInputError("no such building", code="building_unknown", field="building")
    place = found[0]
    given |= {"lon": place.lon, "lat": place.lat, "datum": "wgs84", "source": "plate"}
    return {name: value for name, value in given.items() if name not in ("accuracy_m", "heading_deg")}


async def _show_form(
    request: Request,
    session: ReadSession,
    reader: Reader,
    form: dict[str, str],
    failure: Failure | None = None,
) -> Response:
    plate: dict[str, Any] | None = None
    if form.get("plate"):
        try:
            at = await read_plate(session, reader.actor.community_id, form["plate"])
            label = plate_label(language_of(request, reader.actor.language), at)
            plate = {"code": form["plate"], "label": label, "lon": at.lon, "lat": at.lat}
        except InvalidInputError as error:
            failure = failure or error
    place: LocatedOut | None = None
    try:
        place = None if plate else await _located(request, session, reader, form)
    except InvalidInputError as error:
        form = {name: value for name, value in form.items() if name not in FROM_ADDRESS}
        failure = failure or error
    # a list as long as the community: only for who has no scripts to search with
    listed = failure is not None or "addresses" in request.query_params
    known = await addresses(session, reader.actor.community_id) if listed else []
    return await show(
        request,
        session,
        reader,
        "report.html",
        failure=failure,
        form=form,
        addresses=[dict_of(one) for one in known],
        plate=plate,
        place=place.shown() if place else None,
        order_only=ORDER_ONLY,
    )


async def _located(
    request: Request, session: ReadSession, reader: Reader, form: dict[str, str]
) -> LocatedOut | None:
    """Return where the form's position lies; what it might be is chosen from without scripts too."""
    if not (form.get("lon") and form.get("lat")):
        return None
    parts = parts_of(request)
    position = parse_position(
        form["lon"],
        form["lat"],
        form.get("datum", "wgs84"),
        accuracy_m=form.get("accuracy_m") or None,
        source=form.get("source", "pin"),
    )
    atlas = await parts.atlas.get(session, reader.actor.community_id)
    return located_out(atlas, locate(atlas, position, parts.settings.snap), position.lon, position.lat)
