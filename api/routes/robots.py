"""Robots of chat groups, and quiet hours: for administrators."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4

from fastapi import Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.deps import PartsDep, ReaderDep, WorkDep
from api.forms import body_of, parse
from api.models import Body, Word
from api.rooms import interface
from api.spec import body, errors
from gis.flows import robots as flow
from gis.flows.work import Work
from gis.notices import quiet
from gis.notices.kinds import KINDS
from gis.notices.robots import MOST_ADDRESS, masked
from gis.people.permissions import require
from gis.store.deliveries import delivery_states
from gis.store.robots import Robot, robots
from web.notices import robot_text

router = interface("robots")
JSON = "application/json"
LOOK_BACK = timedelta(days=7)


class RobotOut(BaseModel):
    """A robot; its address is shown without the group's key. The counts are of the last seven days."""

    id: UUID
    name: str
    kind: str
    address: str = Field(examples=["https://qyapi.weixin.qq.com/…3fa9"])
    kinds: list[str]
    language: str
    enabled: bool
    created_at: datetime
    waiting: int = 0
    failed: int = Field(0, description="given up: the service didn't take it")
    unknown: int = Field(0, description="given up: perhaps sent, so not sent again")
    error: str = Field("", description="the latest")


class RobotPage(BaseModel):
    """A community's robots."""

    items: list[RobotOut]
    next: str | None = None
    total: int


class RobotBody(Body):
    """A robot; what is left out stays as it is, or is the default of a new one: off, told of escalations and missed deadlines."""

    id: UUID | None = None
    name: Word | None = None
    kind: Literal["wecom", "dingtalk", "feishu"] | None = None
    address: str | None = Field(None, max_length=MOST_ADDRESS)
    kinds: list[Word] | None = Field(None, max_length=len(KINDS), examples=[["escalated", "overdue"]])
    language: Literal["zh", "en"] | None = None
    enabled: bool | None = None


class OutcomeOut(BaseModel):
    """What became of a test message: sent, refused, unreached, or unknown (no answer came)."""

    state: str
    detail: str


class QuietBody(Body):
    """From when until when, by the community's own clock; both empty: no quiet hours."""

    begins: Word = Field("", alias="from", examples=["22:00"])
    ends: Word = Field("", alias="to", examples=["07:00"])


def robot_out(robot: Robot) -> RobotOut:
    """Return a robot as it may be shown."""
    return RobotOut(
        id=robot.robot_id,
        name=robot.name,
        kind=robot.kind,
        address=masked(robot.address),
        kinds=list(robot.kinds),
        language=robot.language,
        enabled=robot.enabled,
        created_at=robot.created_at,
    )


async def robot_page(work: Work, community_id: str) -> RobotPage:
    """Return a community's robots with how their messages stand."""
    states = {
        one.robot_id: one
        for one in await delivery_states(work.session, work.clock.now() - LOOK_BACK, community_id)
    }
    items = [
        robot_out(one).model_copy(
            update={
                name: getattr(states[one.robot_id], name)
                for name in ("waiting", "failed", "unknown", "error")
            }
        )
        for one in await robots(work.session, community_id)
    ]
    return RobotPage(items=items, total=len(items))


@router.get("/robots", responses=errors(401, 403))
async def get_robots(reader: ReaderDep, work: WorkDep) -> RobotPage:
    """Robots that are told of some kinds of notice, with how their messages stand."""
    require(reader.actor, "manage_robots")
    return await robot_page(work, reader.actor.community_id)


@router.post("/robots", status_code=201, responses=errors(400, 401, 403), openapi_extra=body(RobotBody, JSON))
async def post_robot(request: Request, reader: ReaderDep, work: WorkDep) -> RobotOut:
    """Add a robot, or change one by its `id`. Its address must be one of WeCom, DingTalk or Feishu."""
    require(reader.actor, "manage_robots")
    given = parse(RobotBody, await body_of(request))
    values = given.model_dump(exclude={"id"})
    return robot_out(
        await flow.put_robot(work, reader.actor.community_id, flow.RobotDraft(given.id or uuid4(), **values))
    )


@router.post("/robots/{robot_id}/test", responses=errors(401, 403, 404))
async def post_test(robot_id: UUID, parts: PartsDep, reader: ReaderDep) -> OutcomeOut:
    """Send one message at once, also to a robot that is off, and say what became of it."""
    require(reader.actor, "manage_robots")
    async with parts.work() as work:
        robot = await flow.find_robot(work, reader.actor.community_id, robot_id)
    found = await flow.try_robot(parts.settings, robot, robot_text)
    return OutcomeOut(state=found.state, detail=found.detail)


@router.delete("/robots/{robot_id}", status_code=204, responses=errors(401, 403, 404))
async def delete_robot(robot_id: UUID, reader: ReaderDep, work: WorkDep) -> Response:
    """Remove a robot with all that was on its way to it."""
    require(reader.actor, "manage_robots")
    await flow.remove_robot(work, reader.actor.community_id, robot_id)
    return Response(status_code=204)


@router.get("/quiet_hours", responses=errors(401, 403))
async def get_quiet_hours(reader: ReaderDep, work: WorkDep) -> dict[str, str] | None:
    """When nothing that can wait makes a sound or reaches a chat group; null: there are no such hours."""
    require(reader.actor, "manage_robots")
    hours = await flow.quiet_hours(work, reader.actor.community_id)
    return hours.as_json() if hours else None


@router.put("/quiet_hours", responses=errors(400, 401, 403), openapi_extra=body(QuietBody, JSON))
async def put_quiet_hours(request: Request, reader: ReaderDep, work: WorkDep) -> dict[str, str] | None:
    """Change the quiet hours."""
    require(reader.actor, "manage_robots")
    given = parse(QuietBody, await body_of(request))
    hours = quiet.parse(given.begins, given.ends) if given.begins or given.ends else None
    await flow.set_quiet_hours(work, reader.actor.community_id, hours)
    return hours.as_json() if hours else None
