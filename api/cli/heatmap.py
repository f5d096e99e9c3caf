"""``weiwang heatmap``: the heatmap as one HTML file."""

from __future__ import annotations

import asyncio
import secrets
from pathlib import Path
from typing import Annotated

import typer

from api.cli.frame import (
    CommunityOption,
    StateOption,
    desk,
    language,
    migrated_url,
    out,
    settings_for,
    the_community,
    words,
)
from api.filters import hot_filters
from api.heat import Heating, Look, heatmap_document
from api.models import HeatQuery
from gis.clock import SystemClock
from gis.errors import InvalidInputError
from gis.flows.hotspots.current import HotStreets
from gis.flows.hotspots.heat import Heat, Weigh
from gis.flows.hotspots.seen import sight
from gis.flows.kept import Kept
from gis.settings import Settings
from gis.store.accounts import operator
from gis.views.boards import community_facts


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("heatmap")(heatmap)


def heatmap(
    file: Annotated[Path, typer.Argument(help="HTML file to write.")],
    *,
    category: Annotated[
        str | None, typer.Option(help="Codes separated by commas; by default all hazards.")
    ] = None,
    since: Annotated[str | None, typer.Option("--from", help="First day, YYYY-MM-DD.")] = None,
    before: Annotated[str | None, typer.Option("--to", help="Last day, YYYY-MM-DD.")] = None,
    season: Annotated[str | None, typer.Option(help="spring, summer, autumn or winter.")] = None,
    month: Annotated[str | None, typer.Option(help="1 to 12, several with commas.")] = None,
    day: Annotated[str | None, typer.Option(help="weekday or weekend.")] = None,
    hours: Annotated[str | None, typer.Option(help="By the wall clock, until before: 7-9.")] = None,
    weigh: Annotated[Weigh, typer.Option(help="What makes a place hot.")] = Weigh.SEVERITY,
    community: CommunityOption = None,
    state: StateOption = None,
) -> None:
    """Write the heatmap of cases as one file with everything inside: it asks nobody for anything."""
    if not file.parent.is_dir():
        raise InvalidInputError(f"no folder {file.parent}", code="file_missing", path=str(file.parent))
    settings = settings_for(state)
    query = HeatQuery.model_validate(
        {
            "category": category,
            "from": since,
            "to": before,
            "season": season,
            "month": month,
            "day": day,
            "hours": hours,
        }
    )
    with migrated_url(settings) as url:
        html = asyncio.run(_document(settings, url, query, community, weigh))
    file.write_text(html, encoding="utf-8")
    out.print(words("已写入 {path}。", path=file))


async def _document(settings: Settings, url: str, query: HeatQuery, wanted: str | None, weigh: Weigh) -> str:
    async with desk(settings, url) as at:
        community_id = await the_community(at, wanted)
        async with at.database.read() as session:
            facts = await community_facts(session, community_id)
            filters = hot_filters(query, facts.timezone if facts else "UTC")
            streets = HotStreets()
            return await heatmap_document(
                session,
                Heating(streets, Heat(streets), Kept()),
                sight(operator(community_id), filters),
                SystemClock().now(),
                Look(language(), entire=True),
                weigh=weigh,
                nonce=secrets.token_urlsafe(16),
            )
