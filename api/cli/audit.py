"""``weiwang audit``: whether the audit log is whole, and where its chains end."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import orjson
import typer

from api.cli.frame import (
    FAILED,
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
from gis.audit import Anchor
from gis.flows.audit.chaining import anchor_line, chain_waiting
from gis.flows.audit.verifying import Verdict, read_anchors, verify
from gis.store.audit import Head, heads, steady
from gis.views.boards import communities
from web.audit_words import WRONG_NAMES

audit = typer.Typer(
    help="The audit log: verify whether anything in it was changed; head prints where its chains end.",
    no_args_is_help=True,
)
AnchorOption = Annotated[
    Path | None,
    typer.Option(
        "--anchor",
        help="A file of earlier ends, as `head` prints them: shows whether the end of a chain was cut off.",
        exists=True,
        dir_okay=False,
        readable=True,
    ),
]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(audit, name="audit")


@audit.command("verify")
def verify_log(
    *,
    community: CommunityOption = None,
    anchor: AnchorOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Look the whole log over. Ends with 0: whole; 1: something was edited, the first such entry is named; 2: bad input."""
    anchors = read_anchors(anchor) if anchor is not None else []

    async def do(at: Desk) -> list[Verdict]:
        async with at.database.read() as session:
            known = [one.id for one in await communities(session)]
        wanted = known if community is None else [await the_community(at, community)]
        return [await _verdict(at, one, anchors) for one in wanted]

    found = at_desk(settings_for(state), do)
    if as_json:
        show_json([_json(one) for one in found])
    else:
        for one in found:
            _tell(one)
    if any(one.finding for one in found):
        raise typer.Exit(FAILED)


@audit.command("head")
def show_heads(*, state: StateOption = None) -> None:
    """Chain what waits and print where each chain ends, a line of JSON each. Keep it where nobody can change it."""

    async def do(at: Desk) -> list[Head]:
        await chain_waiting(at.work)
        async with at.database.read() as session:
            return await heads(session)

    for one in at_desk(settings_for(state), do):
        typer.echo(orjson.dumps(anchor_line(one)).decode())


async def _verdict(at: Desk, community_id: str, anchors: list[Anchor]) -> Verdict:
    async with at.database.read() as session:
        await steady(session)
        return await verify(
            session, community_id, [one for one in anchors if one.community_id == community_id]
        )


def _json(one: Verdict) -> dict[str, object]:
    first = one.finding and {
        "wrong": one.finding.wrong.value,
        "seq": one.finding.seq or None,
        "source": one.finding.source or None,
        "key": one.finding.key or None,
    }
    return {
        "community": one.community_id,
        "whole": one.finding is None,
        "seq": one.seq,
        "hash": one.hash.hex(),
        "waiting": one.waiting,
        "first": first,
    }


def _tell(one: Verdict) -> None:
    if one.finding is None:
        out.print(
            words(
                "{community}：完整，{n} 条，另有 {waiting} 条待入链。末尾 {hash}",
                community=one.community_id,
                n=one.seq,
                waiting=one.waiting,
                hash=one.hash.hex()[:16],
            )
        )
        return
    where = f"{one.finding.source} {one.finding.key}".strip()
    what = words(WRONG_NAMES[one.finding.wrong])
    out.print(
        words(
            "{community}：第 {seq} 条不对：{what} {where}",
            community=one.community_id,
            seq=one.finding.seq or "–",
            what=what,
            where=where,
        ).rstrip()
    )
