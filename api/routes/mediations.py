"""Mediation of disputes: lists name nobody of those who quarrel; one is opened by its mediator and social worker only."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from uuid import UUID, uuid4

from fastapi import Request
from pydantic import AwareDatetime, BaseModel, Field

from api.answers.mediation import MediationList, MediationOut, WaitingOut, list_out, opened_out
from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.forms import body_of, parse, photos_of
from api.models.fields import Body, Sentence, Word
from api.parts import Parts
from api.rooms import interface
from api.spec import body, errors
from gis.flows.mediation.concluding import conclude
from gis.flows.mediation.opening import name_mediator, open_mediation, pass_mediation
from gis.flows.mediation.reading import mediation_list, opened, waiting_list
from gis.flows.mediation.writing import (
    PartyDraft,
    SessionDraft,
    finish_follow_up,
    plan_follow_up,
    put_party,
    put_session,
    write_agreement,
)
from gis.flows.work import Work
from gis.intake import CleanPhoto, prepare_photo
from gis.people.permissions import may
from gis.words import Actor

router = interface("mediation")
JSON, MULTIPART = "application/json", "multipart/form-data"
Act = Literal[
    "mediator", "keeper", "parties", "sessions", "agreement", "outcome", "follow_ups", "follow_up_done"
]


class OpenBody(Body):
    """Which case, and who mediates."""

    case_id: UUID
    mediator: Word = Field("", description="id, username or name; may be named later")
    offer: bool = Field(False, description="offer them the case too")


class MediatorBody(Body):
    """Who mediates from now on."""

    mediator: Word
    offer: bool = False


class KeeperBody(Body):
    """Which social worker is responsible from now on."""

    keeper: Word


class PartyBody(Body):
    """One of those who quarrel; sent again with its id it corrects what was entered."""

    id: UUID | None = None
    name: Word
    contact: Word = ""
    words: Sentence = ""


class SessionBody(Body):
    """A session: planned, without words, or written up."""

    id: UUID | None = None
    starts_at: AwareDatetime
    place: Word
    present: list[UUID] = Field(default_factory=list, max_length=20)
    words: Sentence = ""


class AgreementBody(Body):
    """What was agreed; photos or scans of it go with it as multipart."""

    words: Sentence
    signed_by: Sentence = ""
    signed_on: date | None = None


class OutcomeBody(Body):
    """How it ended; the note goes with the case, where others read it: no names."""

    outcome: Word = Field(description="agreed, failed, withdrawn or passed_on")
    note: Sentence = ""
    agency: Word | None = None


class FollowUpBody(Body):
    """When it is asked whether the agreement is kept."""

    id: UUID | None = None
    due_on: date


class DoneBody(Body):
    """What was found."""

    id: UUID
    kept: Word = Field(description="kept, partly or broken")
    words: Sentence = ""


class WaitingList(BaseModel):
    """Disputes that nobody mediates yet."""

    items: list[WaitingOut]
    total: int


@router.get("/mediations", responses=errors(401))
async def get_mediations(reader: ReaderDep, session: ReadDep, parts: PartsDep) -> MediationList:
    """List mediations: those of one's areas for the office, else those that one mediates; nobody's name is in it."""
    found = [
        list_out(one, reader.actor) for one in await mediation_list(session, reader.actor, parts.clock.now())
    ]
    return MediationList(items=found, total=len(found))


@router.get("/mediations/waiting", responses=errors(401))
async def get_waiting(reader: ReaderDep, session: ReadDep) -> WaitingList:
    """List live cases of disputes in one's areas that nobody mediates yet; for the office."""
    found = await waiting_list(session, reader.actor) if may(reader.actor, "open_mediation") else []
    return WaitingList(items=[WaitingOut.model_validate(one) for one in found], total=len(found))


@router.get("/mediations/{case_id}", responses=errors(401, 404))
async def get_mediation(case_id: UUID, reader: ReaderDep, work: WorkDep) -> MediationOut:
    """One mediation with every word of it, for its mediator and its social worker; the look is written down."""
    return await opened_out(work.session, reader.actor, await opened(work, reader.actor, case_id))


@router.post(
    "/mediations",
    status_code=201,
    responses=errors(400, 401, 403, 404, 409),
    openapi_extra=body(OpenBody, JSON),
)
async def post_mediation(request: Request, reader: ReaderDep, work: WorkDep) -> MediationOut:
    """Open the mediation of a dispute's case; who opens it is its social worker."""
    case_id = await begun(work, reader.actor, await body_of(request))
    return await opened_out(work.session, reader.actor, await opened(work, reader.actor, case_id))


async def begun(work: Work, actor: Actor, fields: dict[str, Any]) -> UUID:
    """Open a mediation from the fields of a body or a form."""
    given = parse(OpenBody, fields)
    await open_mediation(work, actor, given.case_id, given.mediator, offer=given.offer)
    return given.case_id


@router.post(
    "/mediations/{case_id}/{act}",
    responses=errors(400, 401, 403, 404, 409, 413, 415),
    openapi_extra=body(AgreementBody, JSON, MULTIPART, photo=True, required=False),
)
async def post_act(
    case_id: UUID, act: Act, request: Request, reader: ReaderDep, parts: PartsDep
) -> dict[str, bool]:
    """Write in a mediation.

    `mediator`: `mediator`, `offer`; `keeper`: `keeper`; `parties`: `id`, `name`, `contact`, `words`; `sessions`: `id`,
    `starts_at`, `place`, `present`, `words`; `agreement`: `words`, `signed_by`, `signed_on`, photos; `outcome`: `outcome`,
    `note`, `agency`; `follow_ups`: `id`, `due_on`; `follow_up_done`: `id`, `kept`, `words`.
    """
    fields = await body_of(request)
    photos = await scans(request, parts, act)
    async with parts.work() as work:
        await written(work, reader.actor, case_id, act, fields, photos=photos)
    return {"written": True}


async def scans(request: Request, parts: Parts, act: str) -> list[CleanPhoto]:
    """Return the photos of an agreement, made ready before the transaction begins."""
    if act != "agreement":
        return []
    return [await prepare_photo(one, parts.settings.photo) for one in await photos_of(request)]


async def written(
    work: Work,
    actor: Actor,
    case_id: UUID,
    act: str,
    fields: dict[str, Any],
    *,
    photos: list[CleanPhoto],
) -> None:
    """Carry out one of the acts on a mediation from the fields of a body or a form."""
    if act == "mediator":
        named = parse(MediatorBody, fields)
        await name_mediator(work, actor, case_id, named.mediator, offer=named.offer)
    elif act == "keeper":
        await pass_mediation(work, actor, case_id, parse(KeeperBody, fields).keeper)
    elif act == "parties":
        party = parse(PartyBody, fields)
        draft = PartyDraft(party.id or uuid4(), party.name, party.contact, party.words)
        await put_party(work, actor, case_id, draft)
    elif act == "sessions":
        one = parse(SessionBody, fields)
        held = SessionDraft(one.id or uuid4(), one.starts_at, one.place, one.present, one.words)
        await put_session(work, actor, case_id, held)
    elif act == "agreement":
        agreed = parse(AgreementBody, fields)
        await write_agreement(
            work,
            actor,
            case_id,
            agreed.words,
            signed_by=agreed.signed_by,
            signed_on=agreed.signed_on,
            photos=photos,
        )
    else:
        await _ended(work, actor, case_id, act, fields)


async def _ended(work: Work, actor: Actor, case_id: UUID, act: str, fields: dict[str, Any]) -> None:
    if act == "outcome":
        ended = parse(OutcomeBody, fields)
        await conclude(work, actor, case_id, ended.outcome, note=ended.note, agency=ended.agency)
    elif act == "follow_ups":
        planned = parse(FollowUpBody, fields)
        await plan_follow_up(work, actor, case_id, planned.id or uuid4(), planned.due_on)
    else:
        found = parse(DoneBody, fields)
        await finish_follow_up(work, actor, case_id, found.id, kept=found.kept, words=found.words)
