"""``weiwang person``: all that is kept of somebody as a file, and erasing it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

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
from api.cli.people import UserArgument
from gis.errors import NotFoundError
from gis.flows.personal.erasing import erase_person
from gis.flows.personal.exporting import collect, write_file
from gis.store.photo_bucket import photos_of
from gis.store.session import ReadSession
from gis.store.sessions import accounts

person = typer.Typer(
    help="The data of one person: export writes all of it into a file, erase removes it with a proof.",
    no_args_is_help=True,
)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(person, name="person")


@person.command("export")
def export(
    username: UserArgument,
    target: Annotated[Path, typer.Argument(help="The zip file to be written.")],
    *,
    community: CommunityOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write all that is kept of somebody into a file: JSON, tables and photos. It is an entry of the audit log."""
    settings = settings_for(state)

    async def do(at: Desk) -> dict[str, int]:
        community_id = await the_community(at, community)
        async with at.work() as work:
            found = await collect(
                work, None, community_id, await _named(work.session, community_id, username)
            )
        await write_file(target, community_id, found, photos_of(settings))
        return {name: len(rows) for name, rows in found.tables.items() if rows}

    counts = at_desk(settings, do)
    if as_json:
        show_json(counts)
    else:
        out.print(words("已写入 {path}：{n} 条。", path=str(target), n=sum(counts.values())))


@person.command("erase")
def erase(
    username: UserArgument,
    *,
    reason: Annotated[str, typer.Option(help="Who asked for it, and why; without a name.")],
    community: CommunityOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Erase an account that was deactivated (`weiwang user deactivate`); what must stay stays without a name."""

    async def do(at: Desk) -> UUID:
        community_id = await the_community(at, community)
        async with at.work() as work:
            person_id = await _named(work.session, community_id, username)
            return await erase_person(work, None, community_id, person_id, reason)

    proof = at_desk(settings_for(state), do)
    if as_json:
        show_json({"proof": str(proof)})
    else:
        out.print(words("已删除，证明编号 {proof}。", proof=str(proof)))


async def _named(session: ReadSession, community_id: str, username: str) -> UUID:
    found = await accounts(session, username.strip(), community_id)
    if not found:
        raise NotFoundError("no such person", code="person_unknown")
    return found[0].person_id
