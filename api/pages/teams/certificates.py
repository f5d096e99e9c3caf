"""The page of certificates: one's own, and for the office all of them with the form of a new one."""

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
from api.routes.certificates import CertificateBody, WhyBody, certificate_draft, documents, shown_with_photos
from api.sheet_answer import sheet_answer
from gis.errors import NotFoundError, WeiwangError
from gis.flows.teams.certificates import certificate_number, record_certificate, withdraw_certificate
from gis.flows.today import today_in
from gis.people.permissions import may, require
from gis.store.session import ReadSession
from gis.teams.certificates import KINDS
from gis.views.boards import community_facts
from gis.views.teams import certificate_list
from web.team_sheets import certificate_sheet

router = pages()
KEY = "teams"


@router.get("/teams/certificates")
async def get_certificates(
    request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep
) -> Response:
    """Show certificates, those that end first before the others."""
    await open_page(session, reader, KEY)
    return await _show(request, parts, session, reader, {"id": str(uuid4())})


async def _show(  # noqa: PLR0917 - whose page, with which form, and what was wrong with it
    request: Request,
    parts: Parts,
    session: ReadSession,
    reader: Reader,
    form: dict[str, Any],
    failure: Failure | None = None,
    number: tuple[UUID, str] | None = None,
) -> Response:
    actor = reader.actor
    today = await today_in(session, parts.clock, actor.community_id)
    found = await certificate_list(session, actor)
    return await show_page(
        request,
        session,
        reader,
        KEY,
        template="service_certificates.html",
        failure=failure,
        certificates=[one.model_dump() for one in await shown_with_photos(session, actor, found, today)],
        for_office=may(actor, "record_certificates"),
        kinds=list(KINDS),
        number=number,
        today=today,
        form=form,
    )


@router.post("/teams/certificates")
async def post_certificate(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Record a certificate; a second press of the button changes nothing."""
    fields = await body_of(request)
    try:
        require(reader.actor, "record_certificates")
        given = parse(CertificateBody, fields)
        photos = await documents(request, parts)
        async with parts.work() as work:
            await record_certificate(work, reader.actor, certificate_draft(given), photos)
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            return await _show(request, parts, session, reader, {"id": str(uuid4()), **fields}, error)
    return redirect("/teams/certificates", "certificate_recorded")


@router.get("/teams/certificates.xlsx")
async def get_sheet(request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> Response:
    """Give the office its list of certificates as a workbook, without their numbers."""
    require(reader.actor, "record_certificates")
    facts = await community_facts(session, reader.actor.community_id)
    today = await today_in(session, parts.clock, reader.actor.community_id)
    sheet = certificate_sheet(
        language_of(request, reader.actor.language),
        await certificate_list(session, reader.actor),
        today,
        ZoneInfo(facts.timezone if facts else "UTC"),
    )
    return await sheet_answer(sheet, "certificates")


@router.post("/teams/certificates/{certificate_id}/number")
async def post_number(certificate_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Show a certificate's number; the look is logged."""
    await body_of(request)
    async with parts.work() as work:
        number = await certificate_number(work, reader.actor, certificate_id)
    async with parts.database.read() as session:
        form = {"id": str(uuid4())}
        return await _show(request, parts, session, reader, form, number=(certificate_id, number))


@router.post("/teams/certificates/{certificate_id}/withdraw")
async def post_withdraw(
    certificate_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep
) -> Response:
    """End a certificate at once."""
    fields = await body_of(request)
    try:
        given = parse(WhyBody, fields)
        async with parts.work() as work:
            await withdraw_certificate(work, reader.actor, certificate_id, given.reason)
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            return await _show(request, parts, session, reader, {"id": str(uuid4()), **fields}, error)
    return redirect("/teams/certificates", "certificate_withdrawn")
