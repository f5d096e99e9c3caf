"""``weiwang simulate``: a history lived through the same flows as live traffic."""

from __future__ import annotations

from typing import Annotated

import typer

from api.cli.community import reporter, shown_progress
from api.cli.frame import (
    CommunityOption,
    Desk,
    JsonOption,
    StateOption,
    desk,
    migrated_url,
    out,
    run,
    settings_for,
    show_json,
    the_community,
    words,
)
from gis.clock import SystemClock
from gis.flows.simulate import SimulationParts, SimulationSummary
from gis.flows.simulate import simulate as live
from gis.settings import Settings
from gis.store.jobs import ProcrastinateJobs
from gis.store.photo_bucket import photos_of


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("simulate")(simulate)


def simulate(
    *,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How many days, up to now.")] = 365,
    seed: Annotated[int, typer.Option(help="The same seed lives the same history.")] = 1,
    community: CommunityOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Live some days of a community: reports, offers, work, patrols, through the same flows as live traffic."""
    settings = settings_for(state)
    with migrated_url(settings) as url:
        summary = run(_live(settings, url, community, days=days, seed=seed))
    if as_json:
        show_json(
            {
                "first": summary.first,
                "until": summary.until,
                "counts": summary.counts,
                "seconds": summary.seconds,
            }
        )
        return
    out.print(words("模拟了 {n} 天，用时 {seconds} 秒。", n=days, seconds=round(summary.seconds)))
    for name, count in sorted(summary.counts.items()):
        out.print(f"  {name:20} {count}")


def simulation_parts(at: Desk) -> SimulationParts:
    """Return what a simulation stands on; it ends now."""
    photos = photos_of(at.settings)
    return SimulationParts(at.database, at.settings, photos, at.atlas, ProcrastinateJobs(), SystemClock())


async def _live(
    settings: Settings, url: str, wanted: str | None, *, days: int, seed: int
) -> SimulationSummary:
    async with desk(settings, url) as at:
        community_id = await the_community(at, wanted)
        with shown_progress() as progress:
            task = progress.add_task(words("模拟"), total=1.0)
            return await live(
                simulation_parts(at), community_id, days=days, seed=seed, report=reporter(progress, task)
            )
