"""``weiwang apikey``: keys of programs that file reports by Open311."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer
from rich.table import Table

from api.cli.frame import (
    CommunityOption,
    Desk,
    JsonOption,
    StateOption,
    in_community,
    out,
    show_json,
    words,
)
from gis.flows.api_keys import MOST_PER_MINUTE, end_key, make_key
from gis.store.api_keys import ApiKey, keys
from web.i18n import N_

TITLES = (N_("标识"), N_("名称"), N_("每分钟"), N_("状态"))

apikey = typer.Typer(help="Keys of programs (Open311): add, list, revoke.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(apikey, name="apikey")


@apikey.command("add")
def add(
    name: Annotated[str, typer.Argument(help="Which program; reports are filed in this name.")],
    *,
    per_minute: Annotated[
        int, typer.Option(min=1, max=MOST_PER_MINUTE, help="Reports that it may file in a minute.")
    ] = 60,
    community: CommunityOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a key. It is shown once; only its hash is kept."""

    async def do(at: Desk, community_id: str) -> tuple[str, ApiKey]:
        async with at.work() as work:
            return await make_key(work, None, community_id, name, per_minute)

    given, made = in_community(state, community, do)
    if as_json:
        show_json({"id": made.key_id, "name": made.name, "api_key": given})
    else:
        out.print(given)
        out.print(words("密钥只显示这一次，请妥善保存。"))


@apikey.command("list")
def show(
    *, community: CommunityOption = None, state: StateOption = None, as_json: JsonOption = False
) -> None:
    """List the keys of a community."""

    async def do(at: Desk, community_id: str) -> list[ApiKey]:
        async with at.database.read() as session:
            return await keys(session, community_id)

    found = in_community(state, community, do)
    if as_json:
        show_json([{name: getattr(one, name) for name in one.__slots__} for one in found])
        return
    table = Table()
    for title in TITLES:
        table.add_column(words(title))
    for one in found:
        on = words("可用") if one.revoked_at is None else words("已停用")
        table.add_row(str(one.key_id), one.name, str(one.per_minute), on)
    out.print(table)


@apikey.command("revoke")
def revoke(
    key: Annotated[UUID, typer.Argument(help="Its id, as listed.")],
    *,
    community: CommunityOption = None,
    state: StateOption = None,
) -> None:
    """End a key; what it has reported stays."""

    async def do(at: Desk, community_id: str) -> None:
        async with at.work() as work:
            await end_key(work, None, community_id, key)

    in_community(state, community, do)
    out.print(words("密钥已停用。"))
