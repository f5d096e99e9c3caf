"""Signing in and out, and who one is."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel
from starlette.responses import Response

from api.auth import check_origin, drop_session_cookie, set_session_cookie
from api.deps import PartsDep, ReadDep, ReaderDep
from api.forms import body_of, parse
from api.models import SignInBody
from api.parts import Parts
from api.rooms import interface
from api.sign_ins import attempt
from api.spec import body, errors
from gis.flows.sign_in import SignedIn, sign_in, sign_out
from gis.views.boards import CommunityFacts, community_facts, duty_of
from gis.words import Actor

router = interface("session")


class PersonOut(BaseModel):
    """A signed-in person."""

    id: UUID
    username: str
    name: str
    role: str
    language: str
    grids: list[str]
    micro_grids: list[str]
    agency: str | None


class SessionOut(BaseModel):
    """A new session; the token is told once."""

    token: str
    csrf: str
    expires_at: datetime
    community_id: str
    person: PersonOut


class CommunityOut(BaseModel):
    """A community."""

    id: str
    name: str
    name_en: str
    timezone: str
    demo: bool
    bounds: list[float]
    centre: list[float]
    area_version: int
    network_version: int


class MeOut(BaseModel):
    """Who one is, for which community, and how ready."""

    person: PersonOut
    community: CommunityOut | None
    csrf: str
    duty: dict[str, Any] | None


def person_out(actor: Actor) -> PersonOut:
    """Return a person as answered."""
    return PersonOut(
        id=actor.person_id,
        username=actor.username,
        name=actor.name,
        role=actor.role.value,
        language=actor.language,
        grids=sorted(actor.grid_codes),
        micro_grids=sorted(actor.micro_grid_codes),
        agency=actor.agency_code,
    )


def community_out(facts: CommunityFacts | None) -> CommunityOut | None:
    """Return a community as answered."""
    if facts is None:
        return None
    return CommunityOut(
        id=facts.id,
        name=facts.name,
        name_en=facts.name_en,
        timezone=facts.timezone,
        demo=facts.demo,
        bounds=[facts.west, facts.south, facts.east, facts.north],
        centre=[(facts.west + facts.east) / 2, (facts.south + facts.north) / 2],
        area_version=facts.area_version,
        network_version=facts.network_version,
    )


async def begin_session(request: Request, parts: Parts, given: SignInBody) -> SignedIn:
    """Sign somebody in from where the request comes from."""
    check_origin(request)
    async with attempt(request, parts, given.username) as trying, parts.work() as work:
        return await sign_in(
            work,
            given.username,
            given.password,
            given.community_id or None,
            token=given.token,
            address=request.client.host if request.client else "",
            besieged=trying.besieged,
        )


async def end_session(parts: Parts, token: str) -> None:
    """Sign a session out, here at once."""
    async with parts.work() as work:
        await sign_out(work, token)
    parts.sessions.forget(token)
    parts.hub.drop(token)


@router.post(
    "/session",
    status_code=201,
    responses=errors(400, 401, 403, 429),
    openapi_extra=body(SignInBody, "application/json", "application/x-www-form-urlencoded"),
)
async def post_session(request: Request, response: Response, parts: PartsDep) -> SessionOut:
    """Sign in. Answers a token and, unless `token` is true, sets the session cookie."""
    given = parse(SignInBody, await body_of(request))
    found = await begin_session(request, parts, given)
    if not given.token:
        set_session_cookie(response, parts.settings, found)
    return SessionOut(
        token=found.token,
        csrf=found.csrf,
        expires_at=found.expires_at,
        community_id=found.actor.community_id,
        person=person_out(found.actor),
    )


@router.delete("/session", status_code=204, responses=errors(401, 403))
async def delete_session(reader: ReaderDep, parts: PartsDep) -> Response:
    """Sign out; the token is worthless at once."""
    await end_session(parts, reader.token)
    response = Response(status_code=204)
    drop_session_cookie(response, parts.settings)
    return response


@router.get("/me", responses=errors(401))
async def get_me(reader: ReaderDep, session: ReadDep) -> MeOut:
    """Tell who is signed in, for which community, and whether on duty."""
    actor = reader.actor
    duty = await duty_of(session, actor.community_id, actor.person_id)
    return MeOut(
        person=person_out(actor),
        community=community_out(await community_facts(session, actor.community_id)),
        csrf=reader.csrf if reader.by_cookie else "",
        duty=duty_dict(duty),
    )


def duty_dict(duty: Any) -> dict[str, Any] | None:
    """Return a responder's readiness as answered; the position itself stays out."""
    if duty is None:
        return None
    return {
        "on_duty": duty.on_duty,
        "duty_since": duty.duty_since,
        "mode": duty.mode,
        "capacity": duty.capacity,
        "live_load": duty.live_load,
        "position_at": duty.position_at,
    }
