"""``weiwang retention``: what is kept how long, what is past its period, and a run by hand."""

from __future__ import annotations

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
from gis.flows.retention.rules import days_in
from gis.flows.retention.running import Run, dry_run, run
from gis.views.boards import communities
from web.i18n import N_
from web.retention_words import PURPOSE_NAMES

TITLES = (N_("保存什么"), N_("天数"))
COUNTED = (N_("保存什么"), N_("条数"))
DryOption = Annotated[bool, typer.Option("--dry-run", help="Only count; nothing is changed.")]

retention = typer.Typer(
    help="What is kept how long: rules shows it; run takes away what is past its period, as the service does each day.",
    no_args_is_help=True,
)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(retention, name="retention")


@retention.command("rules")
def show_rules(
    *, community: CommunityOption = None, state: StateOption = None, as_json: JsonOption = False
) -> None:
    """Show how long everything is kept."""
    settings = settings_for(state)

    async def do(at: Desk) -> dict[str, float]:
        community_id = await the_community(at, community)
        async with at.database.read() as session:
            return await days_in(session, settings, community_id)

    found = at_desk(settings, do)
    if as_json:
        show_json(found)
    else:
        _table(TITLES, {code: f"{days:g}" for code, days in found.items()})


@retention.command("run")
def run_now(
    *,
    dry: DryOption = False,
    community: CommunityOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take away what is past its period, in small steps; the counts go into the audit log. Again: nothing is left to do."""

    async def do(at: Desk) -> list[Run]:
        async with at.database.read() as session:
            known = [one.id for one in await communities(session)]
        wanted = known if community is None else [await the_community(at, community)]
        return [one for community_id in wanted if (one := await _one(at, community_id, dry=dry))]

    found = at_desk(settings_for(state), do)
    if as_json:
        show_json([{"community": one.community_id, "dry": one.dry, "counts": one.counts} for one in found])
        return
    for one in found:
        out.print(one.community_id)
        _table(COUNTED, {code: str(count) for code, count in one.counts.items()})


async def _one(at: Desk, community_id: str, *, dry: bool) -> Run | None:
    if not dry:
        return await run(at.work, community_id)
    async with at.work() as work:
        return await dry_run(work, community_id)


def _table(titles: tuple[str, str], rows: dict[str, str]) -> None:
    table = Table()
    for title in titles:
        table.add_column(words(title))
    for code, text in rows.items():
        table.add_row(words(PURPOSE_NAMES[code]), text)
    out.print(table)
