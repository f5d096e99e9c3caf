"""Teams, and who belongs to them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from fastapi import Request
from pydantic import BaseModel, Field

from api.answers import Answer
from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.forms import body_of, parse
from api.models.fields import Body, Sentence, Word
from api.rooms import interface
from api.spec import body, errors
from gis.flows.teams.teams import change_team, drop_member, found_team, may_keep, put_member
from gis.store.session import ReadSession
from gis.store.teams import TeamFields
from gis.views.teams import Member, Team, member_list, team_detail, team_list
from gis.words import Actor

router = interface("teams")
JSON = "application/json"


class TeamBody(Body):
    """A team. A repeat of the same `id` changes nothing."""

    id: UUID | None = None
    name: Word = Field(examples=["红骑兵一队"])
    name_en: Word = ""
    kind: Word = Field("other", description="riders, vehicles, care, patrol, kitchen or other")
    about: Sentence = ""
    contact: Word = Field("", description="for its members and the office")
    active: bool = True


class MemberBody(Body):
    """Who joins: id, username or name."""

    person: Word = Field(examples=["rider001"])
    leader: bool = Field(False, description="only the office names leaders")


class MemberOut(Answer):
    """One who belongs to a team; their skills as they count now."""

    person_id: UUID
    name: str
    role: str
    active: bool
    leader: bool
    joined_at: datetime
    on_duty: bool
    skills: list[str]


class TeamOut(BaseModel):
    """A team; its contact and members only for members and the office."""

    id: UUID
    name: str
    name_en: str
    kind: str
    about: str
    contact: str
    active: bool
    member_count: int
    on_duty: int
    mine: bool
    leads: bool
    keeps: bool
    members: list[MemberOut] = Field(default_factory=list)


class TeamList(BaseModel):
    """All teams."""

    items: list[TeamOut]
    total: int


def team_out(actor: Actor, team: Team, members: list[Member] | None = None) -> TeamOut:
    """Return a team as it is shown."""
    return TeamOut(
        id=team.team_id,
        name=team.name,
        name_en=team.name_en,
        kind=team.kind,
        about=team.about,
        contact=team.contact,
        active=team.active,
        member_count=team.members,
        on_duty=team.on_duty,
        mine=team.mine,
        leads=team.leads,
        keeps=may_keep(actor, team),
        members=[MemberOut.model_validate(one) for one in members or []],
    )


async def team_with_members(session: ReadSession, actor: Actor, team_id: UUID, now: datetime) -> TeamOut:
    """Return a team with who belongs to it, as far as the reader may see."""
    team = await team_detail(session, actor, team_id)
    return team_out(actor, team, await member_list(session, actor, team, now))


@router.get("/teams", responses=errors(401))
async def get_teams(reader: ReaderDep, session: ReadDep) -> TeamList:
    """List teams, one's own first."""
    items = [team_out(reader.actor, one) for one in await team_list(session, reader.actor)]
    return TeamList(items=items, total=len(items))


@router.get("/teams/{team_id}", responses=errors(401, 404))
async def get_team(team_id: UUID, reader: ReaderDep, session: ReadDep, parts: PartsDep) -> TeamOut:
    """One team, with its members for members and the office."""
    return await team_with_members(session, reader.actor, team_id, parts.clock.now())


@router.post(
    "/teams", status_code=201, responses=errors(400, 401, 403, 409), openapi_extra=body(TeamBody, JSON)
)
async def post_team(request: Request, reader: ReaderDep, work: WorkDep) -> TeamOut:
    """Found a team."""
    given = parse(TeamBody, await body_of(request))
    team_id = await found_team(work, reader.actor, given.id or uuid4(), fields_of(given))
    return await team_with_members(work.session, reader.actor, team_id, work.clock.now())


def fields_of(given: TeamBody) -> TeamFields:
    """Return what is entered of a team."""
    return TeamFields(given.name, given.name_en, given.kind, given.about, given.contact, given.active)


@router.put("/teams/{team_id}", responses=errors(400, 401, 403, 404, 409), openapi_extra=body(TeamBody, JSON))
async def put_team(team_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> TeamOut:
    """Change a team, or end it."""
    given = parse(TeamBody, await body_of(request))
    await change_team(work, reader.actor, team_id, fields_of(given))
    return await team_with_members(work.session, reader.actor, team_id, work.clock.now())


@router.post(
    "/teams/{team_id}/members", responses=errors(400, 401, 403, 404), openapi_extra=body(MemberBody, JSON)
)
async def post_member(team_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> TeamOut:
    """Take somebody into a team, or have them lead it."""
    given = parse(MemberBody, await body_of(request))
    await put_member(work, reader.actor, team_id, given.person, leader=given.leader)
    return await team_with_members(work.session, reader.actor, team_id, work.clock.now())


@router.delete("/teams/{team_id}/members/{person_id}", responses=errors(401, 403, 404))
async def delete_member(team_id: UUID, person_id: UUID, reader: ReaderDep, work: WorkDep) -> TeamOut:
    """Take somebody out of a team, or leave it."""
    await drop_member(work, reader.actor, team_id, person_id)
    return await team_with_members(work.session, reader.actor, team_id, work.clock.now())
