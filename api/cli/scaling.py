"""``weiwang db distribute`` and ``db partitions``: for databases with many communities and years."""

from __future__ import annotations

from dataclasses import asdict
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
from gis.store.months import Part, hang_in, hang_out, make_months, parts

MEGABYTE = 1_000_000


def add_to(_app: typer.Typer) -> None:
    """Add the commands to those of ``weiwang db``."""
    group.command("distribute")(distribute_tables)
    group.command("partitions")(partitions)


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


def _day(moment: Any) -> str:
    return f"{moment:%Y-%m-%d}" if moment else ""
