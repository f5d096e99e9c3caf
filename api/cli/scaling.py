"""``weiwang db distribute`` and ``db partitions``, and ``weiwang boards``: for databases with many communities and years."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from datetime import timedelta
from typing import Annotated, Any

import typer
from rich.table import Table

from api.cli.db import group
from api.cli.frame import (
    Desk,
    JsonOption,
    StateOption,
    at_desk,
    migrated_url,
    out,
    settings_for,
    show_json,
    words,
)
from gis.clock import SystemClock
from gis.store.distribution import LOCAL, Step, distribute
from gis.store.district import CommunityRow, communities_side_by_side
from gis.store.months import Part, hang_in, hang_out, make_months, parts
from gis.store.replica import replica_of
from gis.store.session import Database
from web.i18n import N_

MEGABYTE = 1_000_000
HEADS = (
    N_("社区"),
    N_("户数"),
    N_("未办结"),
    N_("已超时"),
    N_("新发生"),
    N_("已办结"),
    N_("办结率"),
    N_("按时率"),
    N_("在岗"),
)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("boards")(boards)


@group.command("distribute")
def distribute_tables(
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only print the plan; Citus need not be there.")
    ] = False,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> int:
    """Spread all tables over machines by community, with the extension Citus; nobody may use the database meanwhile.

    What is done already is left as it is: an interrupted run is simply begun again. Categories are copied to every machine.
    """

    def say(step: Step) -> None:
        if not as_json:
            out.print(f"{step.kind:10} {step.table:24} [dim]{step.statement}[/dim]")

    with migrated_url(settings_for(state)) as url:
        steps = distribute(url, dry_run=dry_run, say=say)
    if dry_run:
        for step in steps:
            say(step)
    if as_json:
        show_json({"steps": [asdict(step) for step in steps], "local": LOCAL, "done": not dry_run})
    else:
        out.print(words("{n} 步；留在本机的表：{local}", n=len(steps), local=", ".join(LOCAL)))
    return 0


@group.command("partitions")
def partitions(
    *,
    out_month: Annotated[
        str | None,
        typer.Option(
            "--hang-out", help="Take an old month (2024-03, or 'past') out into the schema archive."
        ),
    ] = None,
    in_month: Annotated[
        str | None, typer.Option("--hang-in", help="Put a month from the archive back.")
    ] = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> int:
    """List the months that events are kept in, making those ahead; old ones can be hung out and in again."""

    async def run(at: Desk) -> list[Part]:
        now = SystemClock().now()
        async with at.database.write() as session:
            if out_month:
                await hang_out(session, out_month, now)
            if in_month:
                await hang_in(session, in_month)
            await make_months(session, now)
            return await parts(session)

    found = at_desk(settings_for(state), run)
    if as_json:
        show_json([asdict(part) for part in found])
        return 0
    table = Table("", words("自"), words("至"), words("约行数"), "MB", "")
    for part in found:
        mark = words("已移出") if part.archived else ""
        table.add_row(
            part.name,
            _day(part.begins),
            _day(part.ends),
            f"{part.rows:,}",
            f"{part.bytes / MEGABYTE:,.1f}",
            mark,
        )
    out.print(table)
    return 0


def boards(
    only: Annotated[list[str] | None, typer.Argument(help="Only these communities, by their ids.")] = None,
    *,
    days: Annotated[int, typer.Option(min=1, max=3660, help="The period, up to now.")] = 30,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show communities side by side: what is open, late, opened and closed. In the order of their names, never as a ranking.

    For whoever runs the service of several communities: there is no role of a district within it.
    """
    settings = settings_for(state)

    async def run(url: str) -> list[CommunityRow]:
        now = SystemClock().now()
        database = Database(url, pool_size=2)
        replica = replica_of(settings, database)
        try:
            async with replica.read() if replica else database.read() as session:
                return await communities_side_by_side(
                    session, since=now - timedelta(days=days), now=now, only=only or ()
                )
        finally:
            if replica:
                await replica.close()
            await database.close()

    with migrated_url(settings) as url:
        found = asyncio.run(run(url))
    if as_json:
        show_json([_told(row) for row in found])
        return 0
    table = Table(
        *map(words, HEADS),
    )
    for row in found:
        figures = (row.households, row.open, row.late, row.opened, row.closed)
        rates = (_percent(row.closing_rate), _percent(row.in_time_rate))
        table.add_row(row.name, *map(str, figures), *rates, str(row.responders))
    out.print(table)
    return 0


def _told(row: CommunityRow) -> dict[str, Any]:
    return asdict(row) | {"closing_rate": row.closing_rate, "in_time_rate": row.in_time_rate}


def _percent(rate: float | None) -> str:
    return "–" if rate is None else f"{rate:.0%}"


def _day(moment: Any) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""
