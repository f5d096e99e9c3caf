"""``weiwang robot``: robots of chat groups that are told of some kinds of notice, and the quiet hours."""

from __future__ import annotations

import asyncio
import getpass
import sys
from dataclasses import replace
from datetime import timedelta
from typing import Annotated
from uuid import UUID, uuid4

import typer
from rich.table import Table

from api.cli.frame import (
    FAILED,
    CommunityOption,
    Desk,
    JsonOption,
    StateOption,
    in_community,
    out,
    settings_for,
    show_json,
    words,
)
from gis.clock import SystemClock
from gis.errors import InvalidInputError, NotFoundError
from gis.flows import robots as flow
from gis.notices import quiet
from gis.notices.kinds import KINDS
from gis.notices.robots import masked
from gis.store.deliveries import delivery_states
from gis.store.robots import Robot, robots
from web.i18n import N_
from web.notices import robot_text

TITLES = (N_("编号"), N_("名称"), N_("种类"), N_("地址"), N_("状态"), N_("通知哪些"), N_("没有送达"))
LOOK_BACK = timedelta(days=7)
RobotArgument = Annotated[
    str, typer.Argument(help="Its identifier or the beginning of it, as `list` shows it.")
]
ToldOption = Annotated[
    list[str] | None, typer.Option("--told", help=f"A kind of notice; may be repeated: {', '.join(KINDS)}.")
]

robot = typer.Typer(
    help="Robots of chat groups (WeCom, DingTalk, Feishu) and quiet hours.", no_args_is_help=True
)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(robot, name="robot")


async def _find(at: Desk, community_id: str, wanted: str) -> Robot:
    async with at.database.read() as session:
        found = [one for one in await robots(session, community_id) if str(one.robot_id).startswith(wanted)]
    if len(found) != 1:
        raise NotFoundError(f"{len(found)} robots begin with {wanted}", code="robot_not_found")
    return found[0]


def _address() -> str:
    """Ask for the address, or read a line: on a command line everybody on this machine could read its key."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    return getpass.getpass(words("群机器人的 Webhook 地址：") + " ").strip()


@robot.command("add")
def add(
    kind: Annotated[str, typer.Argument(help="wecom, dingtalk or feishu.")],
    *,
    name: Annotated[str, typer.Option(help="What the group is called.")] = "",
    told: ToldOption = None,
    language: Annotated[str, typer.Option(help="zh or en.")] = "zh",
    enable: Annotated[
        bool, typer.Option("--enable", help="Tell it at once; without this it stays off.")
    ] = False,
    community: CommunityOption = None,
    state: StateOption = None,
) -> None:
    """Add a robot; its address is asked for, or read from the standard input."""
    draft = flow.RobotDraft(
        uuid4(), name=name, kind=kind, address=_address(), kinds=told, language=language, enabled=enable
    )

    async def do(at: Desk, community_id: str) -> Robot:
        async with at.work() as work:
            return await flow.put_robot(work, community_id, draft)

    found = in_community(state, community, do)
    out.print(words("已添加群机器人 {id}。", id=str(found.robot_id)[:8]))


@robot.command("set")
def change(
    which: RobotArgument,
    *,
    on: Annotated[bool | None, typer.Option("--on/--off", help="Whether it is told anything.")] = None,
    told: ToldOption = None,
    community: CommunityOption = None,
    state: StateOption = None,
) -> None:
    """Switch a robot on or off, or change what it is told of."""

    async def do(at: Desk, community_id: str) -> Robot:
        found = await _find(at, community_id, which)
        async with at.work() as work:
            return await flow.put_robot(
                work, community_id, flow.RobotDraft(found.robot_id, kinds=told, enabled=on)
            )

    found = in_community(state, community, do)
    out.print(words("已启用。") if found.enabled else words("已停用。"))


@robot.command("list")
def show(
    *, community: CommunityOption = None, state: StateOption = None, as_json: JsonOption = False
) -> None:
    """List robots, with what didn't reach them in the last seven days."""

    async def do(at: Desk, community_id: str) -> tuple[list[Robot], dict[UUID, int]]:
        async with at.database.read() as session:
            states = await delivery_states(session, SystemClock().now() - LOOK_BACK, community_id)
            missed = {one.robot_id: one.failed + one.unknown for one in states}
            return await robots(session, community_id), missed

    found, missed = in_community(state, community, do)
    if as_json:
        safe = [replace(one, address=masked(one.address)) for one in found]
        show_json([{name: getattr(one, name) for name in one.__slots__} for one in safe])
        return
    table = Table()
    for title in TITLES:
        table.add_column(words(title))
    for one in found:
        on = words("启用") if one.enabled else words("停用")
        kinds = ", ".join(one.kinds)
        table.add_row(
            str(one.robot_id)[:8],
            one.name,
            one.kind,
            masked(one.address),
            on,
            kinds,
            str(missed[one.robot_id]),
        )
    out.print(table)


@robot.command("test")
def try_out(which: RobotArgument, *, community: CommunityOption = None, state: StateOption = None) -> int:
    """Send a robot one message at once, also when it is off; exit 1 when it wasn't taken."""
    settings = settings_for(state)
    found = in_community(state, community, lambda at, community_id: _find(at, community_id, which))
    outcome = asyncio.run(flow.try_robot(settings, found, robot_text))
    if outcome.state == "sent":
        out.print(words("已送达。"))
        return 0
    out.print(words("没有送达：{state}（{detail}）", state=outcome.state, detail=outcome.detail))
    return FAILED


@robot.command("remove")
def remove(which: RobotArgument, *, community: CommunityOption = None, state: StateOption = None) -> None:
    """Remove a robot, and what was on its way to it."""

    async def do(at: Desk, community_id: str) -> None:
        found = await _find(at, community_id, which)
        async with at.work() as work:
            await flow.remove_robot(work, community_id, found.robot_id)

    in_community(state, community, do)
    out.print(words("已移除。"))


@robot.command("quiet")
def quiet_hours(
    hours: Annotated[str, typer.Argument(help="HH:MM-HH:MM by the community's own clock, or none.")],
    *,
    community: CommunityOption = None,
    state: StateOption = None,
) -> None:
    """Set the quiet hours, in which nothing that can wait makes a sound or reaches a chat group."""
    begins, dash, ends = hours.partition("-")
    if hours != "none" and not dash:
        raise InvalidInputError("HH:MM-HH:MM, or none", code="quiet_hours_invalid")
    wanted = None if hours == "none" else quiet.parse(begins, ends)

    async def do(at: Desk, community_id: str) -> None:
        async with at.work() as work:
            await flow.set_quiet_hours(work, community_id, wanted)

    in_community(state, community, do)
    out.print(words("免打扰：{hours}", hours=hours))
