"""Reports: in one request, or resumable with the photos one by one."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Annotated, Any
from uuid import UUID, uuid4

import orjson
from fastapi import Query, Request, Response
from pydantic import BaseModel, Field

from api.answers import Answer, OfferOut, PlaceOut, Ref, ReportOut, place_told, report_out, thumb_url
from api.auth import ReaderDep, signed_in
from api.deps import PartsDep, ReadDep
from api.filters import report_filters
from api.forms import body_of, is_form, parse, photos_of, raw_of
from api.models import ReportBody, ReportListQuery
from api.parts import Parts, parts_of
from api.rooms import interface
from api.routes.figures import timezone_of
from api.routes.me import position_of
from api.spec import body, errors
from api.straight import PlainRoute
from gis.errors import InvalidInputError
from gis.flows.attach_photo import attach_photo, check_sha256
from gis.flows.plates import read_plate
from gis.flows.report_draft import ReportDraft, Submitted
from gis.intake import prepare_photo
from gis.store.similar import Duplicate
from gis.views.reports import find_report, report_list
from gis.words import Actor, Offer

router = interface("reports")
filing = interface("reports", route_class=PlainRoute)
JSON, FORM = "application/json", "multipart/form-data"


class DuplicateOut(Answer):
    """An open case nearby that may be the same, with how probable that is; ``linked``: the report has joined it."""

    case_id: UUID
    number: str
    distance_m: float
    score: float
    linked: bool
    building: Ref | None
    thumb_url: str | None


class SubmittedOut(BaseModel):
    """What became of a report: its number and case, where it was found to be, and who was asked."""

    id: UUID
    number: str
    case_id: UUID
    place: PlaceOut
    offer: OfferOut | None
    duplicates: list[DuplicateOut]
    linked: bool = Field(False, description="it joined a case that was open already; nobody is asked again")


class ReportPage(BaseModel):
    """A page of reports; `total` counts to ten thousand at most."""

    items: list[ReportOut]
    next: str | None
    total: int


class PhotoOut(BaseModel):
    """A photo that is on the disk for good, and which ones are still to come."""

    id: UUID
    sha256: str
    kind: str
    view_url: str
    thumb_url: str
    missing: list[str]


async def file_report(parts: Parts, actor: Actor, given: ReportBody, photos: list[bytes]) -> Submitted:
    """Check a report, decode its photos, and only then file it."""
    with parts.turnstile.passed() if photos else nullcontext():
        return await _file(parts, actor, given, photos)


async def _file(parts: Parts, actor: Actor, given: ReportBody, photos: list[bytes]) -> Submitted:
    by_plate_alone = bool(given.plate) and given.lon is None and given.lat is None
    position: Any = None if by_plate_alone else position_of(given)
    clean = tuple([await prepare_photo(photo, parts.settings.photo) for photo in photos])
    plate = None
    if given.plate:
        async with parts.database.read() as session:
            plate = await read_plate(session, actor.community_id, given.plate)
    draft = ReportDraft(
        id=given.id or uuid4(),
        category=given.category,
        description=given.description,
        position=plate.position(position) if plate else position,
        detail=given.detail,
        fixed_at=given.fixed_at,
        manifest=tuple(sha256.lower() for sha256 in given.manifest),
        photos=clean,
        plate=plate,
        same_as=given.same_as,
        separate=given.separate,
        chosen_place=given.chosen_place or None,
    )
    found = await parts.filing.submit(actor, draft)
    parts.metrics.reports.labels(str(found.replayed).lower()).inc()
    return found


def _answered(found: Submitted, headers: dict[str, str] | None = None) -> Response:
    """Return what a reporter is told, the fields of ``SubmittedOut``, as bytes: a model would be built and checked for it."""
    told = {
        "id": found.report_id,
        "number": found.number,
        "case_id": found.case_id,
        "place": place_told(found.place),
        "offer": _offer_told(found.offer) if found.offer else None,
        "duplicates": [_duplicate_told(one) for one in found.duplicates],
        "linked": found.linked,
    }
    return Response(
        orjson.dumps(told, option=orjson.OPT_UTC_Z),
        status_code=200 if found.replayed else 201,
        headers=headers,
        media_type="application/json",
    )


def _offer_told(offer: Offer) -> dict[str, Any]:
    return {
        "responder": {"id": offer.responder_id, "name": offer.responder_name},
        "travel_s": offer.travel_s,
        "distance_m": offer.distance_m,
        "expires_at": offer.expires_at,
    }


def _duplicate_told(one: Duplicate) -> dict[str, Any]:
    return {
        "case_id": one.case_id,
        "number": one.number,
        "distance_m": one.distance_m,
        "score": one.score,
        "linked": one.linked,
        "building": one.building and Ref.model_validate(one.building).model_dump(),
        "thumb_url": thumb_url(one.photo_id),
    }


@filing.post(
    "/reports",
    status_code=201,
    response_model=SubmittedOut,
    responses={
        200: {"model": SubmittedOut, "description": "the report was there already"},
        **errors(400, 401, 403, 409, 413, 415, 507),
    },
    openapi_extra=body(ReportBody, FORM, JSON, photo=True),
)
async def post_report(request: Request) -> Response:
    """Report something in one request: a form with any number of `photo` parts, or JSON without.

    The answer comes when report, photos and offer are durable. The same `id` again answers the same.
    """
    parts = parts_of(request)
    if is_form(request):
        parts.turnstile.check()
    reader = await signed_in(request)
    given = parse(ReportBody, await body_of(request))
    found = await file_report(parts, reader.actor, given, await photos_of(request))
    return _answered(found, {"Location": f"/api/v1/reports/{found.report_id}"})


router.routes.extend(filing.routes)


@router.put(
    "/reports/{report_id}",
    status_code=201,
    response_model=SubmittedOut,
    responses={
        200: {"model": SubmittedOut, "description": "the report was there already"},
        **errors(400, 401, 403, 409, 413, 415),
    },
    openapi_extra=body(ReportBody, JSON),
)
async def put_report(report_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """File a report under the client's own id, with the SHA-256 of photos that follow one by one."""
    given = parse(ReportBody, await body_of(request))
    if given.id not in (None, report_id):
        raise InvalidInputError("the id in the body is another", code="report_id_mismatch", field="id")
    given.id = report_id
    return _answered(await file_report(parts, reader.actor, given, []))


@router.put(
    "/reports/{report_id}/photos/{sha256}",
    status_code=201,
    responses={
        200: {"model": PhotoOut, "description": "the photo was there already"},
        **errors(400, 401, 403, 404, 413, 415, 507),
    },
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        }
    },
)
async def put_photo(
    *, report_id: UUID, sha256: str, request: Request, response: Response, parts: PartsDep, reader: ReaderDep
) -> PhotoOut:
    """Send one promised photo as the raw body; it may be repeated until it is answered."""
    limits = parts.settings.photo
    parts.turnstile.check()
    data = await raw_of(request, limits.max_bytes)
    check_sha256(data, sha256)
    with parts.turnstile.passed():
        photo = await prepare_photo(data, limits)
        async with parts.work() as work:
            found = await attach_photo(work, reader.actor, photo, report_id=report_id, sha256=sha256)
    response.status_code = 200 if found.replayed else 201
    address = f"/api/v1/photos/{found.photo.photo_id}"
    return PhotoOut(
        id=found.photo.photo_id,
        sha256=found.photo.sha256,
        kind=found.photo.kind,
        view_url=f"{address}/view",
        thumb_url=f"{address}/thumb",
        missing=list(found.missing),
    )


@router.get("/reports", responses=errors(400, 401))
async def get_reports(
    reader: ReaderDep, session: ReadDep, query: Annotated[ReportListQuery, Query()]
) -> ReportPage:
    """List one's own reports and those of cases inside one's areas, the newest first."""
    actor = reader.actor
    filters = report_filters(query, await timezone_of(session, actor.community_id), actor, mine=query.mine)
    page = await report_list(session, actor, filters, limit=query.limit, cursor=query.cursor)
    return ReportPage(items=[report_out(actor, one) for one in page.items], next=page.next, total=page.total)


@router.get("/reports/{report_id}", responses=errors(400, 401, 404))
async def get_report(report_id: UUID, reader: ReaderDep, session: ReadDep) -> ReportOut:
    """Return one report."""
    return report_out(reader.actor, await find_report(session, reader.actor, report_id))
