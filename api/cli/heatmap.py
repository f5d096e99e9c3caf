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
from api.heat import heatmap_document
from api.models import HeatQuery
from gis.clock import SystemClock
from gis.errors import InvalidInputError
from gis.flows.hotspots.current import HotStreets
from gis.flows.hotspots.heat import Heat
from gis.flows.hotspots.seen import sight
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
    community: CommunityOption = None,
    state: StateOption = None,
) -> None:
    """Write the heatmap of cases. The page needs the service's /static files next to it to be shown in full."""
    if not file.parent.is_dir():
        raise InvalidInputError(f"no folder {file.parent}", code="file_missing", path=str(file.parent))
    settings = settings_for(state)
    query = HeatQuery.model_validate({"category": category, "from": since, "to": before})
    with migrated_url(settings) as url:
        html = asyncio.run(_document(settings, url, query, community))
    file.write_text(html, encoding="utf-8")
    out.print(words("已写入 {path}。", path=file))


async def _document(settings: Settings, url: str, query: HeatQuery, wanted: str | None) -> str:
    async with desk(settings, url) as at:
        community_id = await the_community(at, wanted)
        async with at.database.read() as session:
            facts = await community_facts(session, community_id)
            filters = hot_filters(query, facts.timezone if facts else "UTC")
            return await heatmap_document(
                session,
                Heat(HotStreets()),
                sight(operator(community_id), filters),
                SystemClock().now(),
                language=language(),
                nonce=secrets.token_urlsafe(16),
            )
