"""Certificates: recorded by the office, seen by whose they are; a number is read one by one, each look logged."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import Query, Request
from pydantic import BaseModel, Field

from api.answers.base import PhotoLink, photo_links
from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.forms import body_of, parse, photos_of
from api.models.fields import Body, Sentence, Word
from api.parts import Parts
from api.rooms import interface
from api.spec import body, errors
from gis.flows.teams.certificates import (
    SUBJECT,
    CertificateDraft,
    certificate_number,
    found,
    record_certificate,
    withdraw_certificate,
)
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.intake import CleanPhoto, prepare_photo
from gis.people.permissions import require
from gis.store.session import ReadSession
from gis.teams.certificates import standing
from gis.views.subject_photos import photos_shown
from gis.views.teams import Certificate, certificate_list
from gis.words import Actor

router = interface("teams")
JSON = "application/json"


class CertificateBody(Body):
    """A certificate. A repeat of the same `id` changes nothing."""

    id: UUID | None = None
    person: Word = Field(description="id, username or name")
    kind: Word = Field(examples=["first_aid"])
    number: Word = Field("", description="kept encrypted")
    issued_on: date
    ends_on: date | None = Field(None, description="the last day on which it holds; none: for ever")


class WhyBody(Body):
    """A reason."""

    reason: Sentence = ""


class CertificateOut(BaseModel):
    """A certificate; its number is asked for by itself, and each look is logged."""

    id: UUID
    person_id: UUID
    person: str
    kind: str
    skill: str | None
    has_number: bool
    issued_on: date
    ends_on: date | None
    standing: str = Field(description="holds, soon, ended or withdrawn")
    activity_id: UUID | None
    reason: str
    photos: list[PhotoLink] = Field(default_factory=list, description="of the document")


class CertificateList(BaseModel):
    """Certificates, those that end first before the others."""

    items: list[CertificateOut]
    total: int


class NumberOut(BaseModel):
    """A certificate's number."""

    number: str


class CertificateQuery(BaseModel):
    """Whose."""

    mine: bool = False


async def shown_with_photos(
    session: ReadSession, actor: Actor, rows: Sequence[Certificate], today: date
) -> list[CertificateOut]:
    """Return certificates with links to the photos of their documents."""
    ids = [one.certificate_id for one in rows]
    shown = await photos_shown(session, actor.community_id, SUBJECT, ids) if ids else {}
    return [
        certificate_out(one, today).model_copy(
            update={"photos": photo_links(shown.get(one.certificate_id, []))}
        )
        for one in rows
    ]


def certificate_out(one: Certificate, today: date) -> CertificateOut:
    """Return a certificate as it is shown."""
    return CertificateOut(
        id=one.certificate_id,
        person_id=one.person_id,
        person=one.person_name,
        kind=one.kind,
        skill=one.skill,
        has_number=one.has_number,
        issued_on=one.issued_on,
        ends_on=one.ends_on,
        standing=standing(one.ends_on, today, withdrawn=one.withdrawn_at is not None),
        activity_id=one.activity_id,
        reason=one.reason,
    )


@router.get("/certificates", responses=errors(400, 401))
async def get_certificates(
    reader: ReaderDep, session: ReadDep, parts: PartsDep, query: Annotated[CertificateQuery, Query()]
) -> CertificateList:
    """List certificates: all for the office, else one's own; without their numbers."""
    today = await today_in(session, parts.clock, reader.actor.community_id)
    rows = await certificate_list(session, reader.actor, mine=query.mine)
    items = await shown_with_photos(session, reader.actor, rows, today)
    return CertificateList(items=items, total=len(rows))


@router.get("/certificates/{certificate_id}/number", responses=errors(401, 403, 404))
async def get_number(certificate_id: UUID, reader: ReaderDep, work: WorkDep) -> NumberOut:
    """Return a certificate's number, to the office or to whose it is; the look is logged."""
    return NumberOut(number=await certificate_number(work, reader.actor, certificate_id))


@router.post(
    "/certificates",
    status_code=201,
    responses=errors(400, 401, 403, 409, 413, 415),
    openapi_extra=body(CertificateBody, JSON, "multipart/form-data", photo=True),
)
async def post_certificate(request: Request, reader: ReaderDep, parts: PartsDep) -> CertificateOut:
    """Record a certificate, with photos of it: its skill counts from now on, and only while it holds."""
    require(reader.actor, "record_certificates")
    given = parse(CertificateBody, await body_of(request))
    photos = await documents(request, parts)
    async with parts.work() as work:
        one = await record_certificate(work, reader.actor, certificate_draft(given), photos)
        return await _shown(work, reader.actor, one)


async def documents(request: Request, parts: Parts) -> list[CleanPhoto]:
    """Return the photos of a document, made ready before the transaction begins."""
    return [await prepare_photo(one, parts.settings.photo) for one in await photos_of(request)]


def certificate_draft(given: CertificateBody) -> CertificateDraft:
    """Return a certificate as it is entered."""
    return CertificateDraft(
        given.id or uuid4(), given.person, given.kind, given.issued_on, given.ends_on, given.number
    )


@router.post(
    "/certificates/{certificate_id}/withdraw",
    responses=errors(400, 401, 403, 404),
    openapi_extra=body(WhyBody, JSON),
)
async def post_withdraw(
    certificate_id: UUID, request: Request, reader: ReaderDep, work: WorkDep
) -> CertificateOut:
    """End a certificate at once."""
    given = parse(WhyBody, await body_of(request))
    await withdraw_certificate(work, reader.actor, certificate_id, given.reason)
    return await _shown(work, reader.actor, certificate_id)


async def _shown(work: Work, actor: Actor, certificate_id: UUID) -> CertificateOut:
    today = await today_in(work.session, work.clock, actor.community_id)
    row = await found(work, actor, certificate_id)
    return (await shown_with_photos(work.session, actor, [row], today))[0]
