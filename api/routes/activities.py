"""Activities and courses: announcing, signing up, being there."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID, uuid4

from fastapi import Query, Request
from pydantic import AwareDatetime, BaseModel, Field

from api.answers.activities import ActivityOut, ActivityPage, CodeOut, activity_out
from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.forms import body_of, parse
from api.models.fields import MOST_ITEMS, Body, Sentence, Word
from api.rooms import interface
from api.spec import body, errors
from gis.errors import InvalidInputError
from gis.flows.teams.activities import ActivityDraft, Moved, announce, cancel, change
from gis.flows.teams.attendance import attend, code_on_screen, tick
from gis.flows.teams.places import leave, sign_up
from gis.flows.work import Work
from gis.store.session import ReadSession
from gis.teams.activities import Gift
from gis.views.teams import activity_detail, past_activities, upcoming_activities
from gis.words import Actor

router = interface("activities")
JSON = "application/json"
Act = Literal["sign_up", "leave", "attend", "cancel", "change"]


class ActivityBody(Body):
    """An activity, or a course. A repeat of the same `id` changes nothing."""

    id: UUID | None = None
    kind: Word = Field("activity", description="activity or course")
    title: Word = Field(examples=["清理楼道"])
    about: Sentence = ""
    place: Word = Field(examples=["社区活动室"])
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    places: int = Field(examples=[20])
    hours: float = Field(
        0, ge=0, le=24, allow_inf_nan=False, description="of service, booked for who was there"
    )
    team: UUID | None = Field(None, description="whose it is: its leaders keep it too")
    skill: Word | None = Field(None, description="of a course: what one knows afterwards")
    certificate: Word | None = Field(None, description="of a course: the kind of certificate that it gives")
    valid_months: int | None = Field(None, description="so long the certificate holds; none: for ever")


class ChangeBody(Body):
    """What may be changed of an activity; `place`, `starts_at` and `ends_at` together, until it begins."""

    title: Word
    about: Sentence = ""
    places: int
    place: Word = ""
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None


class CodeBody(Body):
    """The code on the organiser's screen."""

    code: Word = Field(examples=["K7QM2XRT"])


class ActBody(Body):
    """What an act needs besides its name."""

    code: Word = Field("", examples=["K7QM2XRT"])
    reason: Sentence = ""
    title: Word = ""
    about: Sentence = ""
    places: int | None = None
    place: Word = ""
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None


class TickBody(Body):
    """Whether somebody was there."""

    there: bool


class CancelBody(Body):
    """Why."""

    reason: Sentence = ""


class ActivityQuery(BaseModel):
    """Which activities, and which part of the list."""

    past: bool = False
    limit: int = Field(50, ge=1, le=MOST_ITEMS)
    cursor: str | None = Field(None, max_length=200)


async def detail_out(session: ReadSession, actor: Actor, activity_id: UUID, now: datetime) -> ActivityOut:
    """Return one activity as it is shown."""
    return activity_out(*await activity_detail(session, actor, activity_id, now))


@router.get("/activities", responses=errors(400, 401))
async def get_activities(
    reader: ReaderDep, session: ReadDep, parts: PartsDep, query: Annotated[ActivityQuery, Query()]
) -> ActivityPage:
    """List activities: what is to come, the next one first, or what is past."""
    if query.past:
        page = await past_activities(
            session, reader.actor, parts.clock, limit=query.limit, cursor=query.cursor
        )
        return ActivityPage(items=[activity_out(one) for one in page.items], next=page.next, total=page.total)
    found = await upcoming_activities(session, reader.actor, parts.clock)
    return ActivityPage(items=[activity_out(one) for one in found], next=None, total=len(found))


@router.get("/activities/{activity_id}", responses=errors(401, 404))
async def get_activity(
    activity_id: UUID, reader: ReaderDep, session: ReadDep, parts: PartsDep
) -> ActivityOut:
    """One activity; its guests for who organises it."""
    return await detail_out(session, reader.actor, activity_id, parts.clock.now())


async def announced(work: Work, actor: Actor, fields: dict[str, Any]) -> UUID:
    """Announce an activity from the fields of a body or a form."""
    given = parse(ActivityBody, fields)
    draft = ActivityDraft(
        given.id or uuid4(),
        given.kind,
        given.title,
        given.place,
        given.starts_at,
        given.ends_at,
        given.places,
        about=given.about,
        team_id=given.team,
        gift=Gift(given.hours, given.skill, given.certificate, given.valid_months),
    )
    return await announce(work, actor, draft)


@router.post(
    "/activities",
    status_code=201,
    responses=errors(400, 401, 403, 409),
    openapi_extra=body(ActivityBody, JSON),
)
async def post_activity(request: Request, reader: ReaderDep, work: WorkDep) -> ActivityOut:
    """Announce an activity."""
    one = await announced(work, reader.actor, await body_of(request))
    return await detail_out(work.session, reader.actor, one, work.clock.now())


async def acted(work: Work, actor: Actor, activity_id: UUID, act: str, fields: dict[str, Any]) -> None:
    """Carry out one of the acts on an activity from the fields of a body or a form."""
    if act == "sign_up":
        await sign_up(work, actor, activity_id)
    elif act == "leave":
        await leave(work, actor, activity_id)
    elif act == "attend":
        await attend(work, actor, activity_id, parse(CodeBody, fields).code)
    elif act == "cancel":
        await cancel(work, actor, activity_id, parse(CancelBody, fields).reason)
    else:
        given = parse(ChangeBody, fields)
        await change(
            work,
            actor,
            activity_id,
            title=given.title,
            about=given.about,
            places=given.places,
            moved=_moved(given),
        )


def _moved(given: ChangeBody) -> Moved | None:
    """Return where and when an activity is from now on; None where nothing was said of it."""
    if given.starts_at is None and given.ends_at is None and not given.place:
        return None
    for name in ("starts_at", "ends_at"):
        if getattr(given, name) is None:
            raise InvalidInputError("when?", code="field_missing", field=name)
    return Moved(given.place, *(one for one in (given.starts_at, given.ends_at) if one is not None))


@router.post(
    "/activities/{activity_id}/{act}",
    responses=errors(400, 401, 403, 404, 409),
    openapi_extra=body(ActBody, JSON, required=False),
)
async def post_act(
    activity_id: UUID, act: Act, request: Request, reader: ReaderDep, work: WorkDep
) -> ActivityOut:
    """Sign up, leave, be there (`code`), cancel (`reason`), or change `title`, `about`, `places`, time and place."""
    await acted(work, reader.actor, activity_id, act, await body_of(request))
    return await detail_out(work.session, reader.actor, activity_id, work.clock.now())


@router.get("/activities/{activity_id}/code", responses=errors(401, 403, 404, 409))
async def get_code(activity_id: UUID, reader: ReaderDep, work: WorkDep) -> CodeOut:
    """Return the code that the organiser shows now; another one each minute."""
    return CodeOut(code=await code_on_screen(work, reader.actor, activity_id))


@router.put(
    "/activities/{activity_id}/guests/{person_id}",
    responses=errors(400, 401, 403, 404, 409),
    openapi_extra=body(TickBody, JSON),
)
async def put_guest(
    activity_id: UUID, person_id: UUID, request: Request, reader: ReaderDep, work: WorkDep
) -> ActivityOut:
    """Say as the organiser whether somebody was there; hours and certificates follow."""
    given = parse(TickBody, await body_of(request))
    await tick(work, reader.actor, activity_id, person_id, there=given.there)
    return await detail_out(work.session, reader.actor, activity_id, work.clock.now())
