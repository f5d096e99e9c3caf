"""``weiwang user``: accounts."""

from __future__ import annotations

import getpass
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from api.cli.frame import (
    CommunityOption,
    Desk,
    JsonOption,
    StateOption,
    at_desk,
    out,
    settings_for,
    show_json,
    the_community,
    words,
)
from gis.clock import SystemClock
from gis.errors import InvalidInputError, NotFoundError
from gis.flows.create_person import PersonDraft, create_person
from gis.people.passwords import hash_password
from gis.store import accounts, audit
from gis.store.session import WriteSession
from gis.words import Mode, Role
from web.i18n import N_

TITLES = (N_("用户名"), N_("姓名"), N_("角色"), N_("负责"), N_("状态"))
UserArgument = Annotated[str, typer.Argument(help="The name under which somebody signs in.")]

user = typer.Typer(help="Accounts: add, list, change a password, end access.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(user, name="user")


def _password() -> str:
    """Ask for a password, or read one line where nobody can be asked."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    given = getpass.getpass(words("密码：") + " ")
    if given != getpass.getpass(words("再输一遍：") + " "):
        raise InvalidInputError("the two passwords differ", code="passwords_differ")
    return given


@user.command("add")
def add(
    username: UserArgument,
    *,
    name: Annotated[str, typer.Option(help="What people call them.")],
    role: Annotated[Role, typer.Option(help="What they are to the service.")],
    grid: Annotated[
        list[str] | None, typer.Option(help="Code of a grid they answer for; may be repeated.")
    ] = None,
    micro_grid: Annotated[
        list[str] | None, typer.Option(help="Code of a micro-grid; may be repeated.")
    ] = None,
    agency: Annotated[str | None, typer.Option(help="Code of the agency they belong to.")] = None,
    mode: Annotated[Mode, typer.Option(help="How they move, for watchers and riders.")] = Mode.WALK,
    capacity: Annotated[int, typer.Option(min=1, max=20, help="Offers and tasks at a time.")] = 2,
    community: CommunityOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add an account. The password is asked for, or read from standard input."""
    settings = settings_for(state)
    draft = PersonDraft(
        username=username,
        password=_password(),
        name=name,
        role=role,
        grids=tuple(grid or ()),
        micro_grids=tuple(micro_grid or ()),
        agency_code=agency,
        mode=mode,
        capacity=capacity,
    )

    async def do(at: Desk) -> str:
        community_id = await the_community(at, community)
        async with at.work() as work:
            return str(await create_person(work, None, community_id, draft))

    person_id = at_desk(settings, do)
    if as_json:
        show_json({"id": person_id, "username": username})
    else:
        out.print(words("已添加 {username}。", username=username))


@user.command("list")
def list_accounts(
    *, community: CommunityOption = None, state: StateOption = None, as_json: JsonOption = False
) -> None:
    """List the accounts of a community."""

    async def do(at: Desk) -> list[accounts.AccountRow]:
        community_id = await the_community(at, community)
        async with at.database.read() as session:
            return await accounts.account_rows(session, community_id)

    found = at_desk(settings_for(state), do)
    if as_json:
        show_json([{name: getattr(one, name) for name in one.__slots__} for one in found])
        return
    table = Table()
    for title in TITLES:
        table.add_column(words(title))
    for one in found:
        active = words("可用") if one.active else words("已停用")
        table.add_row(one.username, one.name, one.role, ", ".join(one.areas) or (one.agency or ""), active)
    out.print(table)


@user.command("password")
def password(username: UserArgument, *, community: CommunityOption = None, state: StateOption = None) -> None:
    """Give an account a new password and end its sessions."""
    given = _password()
    hashed = hash_password(given)
    _change(
        username, community, state, lambda at, community_id: _set_password(at, community_id, username, hashed)
    )
    out.print(words("已更改 {username} 的密码。", username=username))


@user.command("deactivate")
def deactivate(
    username: UserArgument, *, community: CommunityOption = None, state: StateOption = None
) -> None:
    """Bar an account and end its sessions; its history stays."""
    _change(username, community, state, lambda at, community_id: _deactivate(at, community_id, username))
    out.print(words("已停用 {username}。", username=username))


async def _set_password(at: Desk, community_id: str, username: str, hashed: str) -> bool:
    async with at.database.write() as session:
        done = await accounts.set_password(session, community_id, username, hashed)
        await _noted(session, community_id, username, "account_password")
        return done


async def _deactivate(at: Desk, community_id: str, username: str) -> bool:
    async with at.database.write() as session:
        done = await accounts.deactivate(session, community_id, username)
        await _noted(session, community_id, username, "account_barred")
        return done


async def _noted(session: WriteSession, community_id: str, username: str, kind: str) -> None:
    """Write down what the operator did, where there is such an account."""
    for one in await accounts.account_rows(session, community_id, username):
        now = SystemClock().now()
        await audit.note(session, community_id, kind, at=now, person_id=None, subject_id=str(one.person_id))


def _change(
    username: str,
    community: str | None,
    state: Path | None,
    change: Callable[[Desk, str], Awaitable[bool]],
) -> None:
    async def do(at: Desk) -> bool:
        return await change(at, await the_community(at, community))

    if not at_desk(settings_for(state), do):
        raise NotFoundError(f"no account {username}", code="person_not_found", username=username)
