"""The heatmap as a document: the same for the planner's page and for ``weiwang heatmap``."""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Any

import orjson

from gis.flows.hotspots.heat import Heat
from gis.flows.hotspots.seen import Sight
from gis.store.session import ReadSession
from gis.views.boards import community_facts
from gis.views.layers import areas_geojson, layer_geojson
from gis.words import Level
from web.maps import heatmap_html


async def heatmap_document(
    session: ReadSession,
    heat: Heat,
    seen: Sight,
    now: datetime,
    *,
    language: str,
    nonce: str,
    title: str = "",
    theme: str = "auto",
) -> str:
    """Return a whole HTML document with the heatmap of what a reader may see.

    Parameters
    ----------
    session, heat, seen, now
        Whose cases, which, and how closely.
    language, nonce, title, theme
        Of the document.
    """
    community_id = seen.scope.community_id
    facts = await community_facts(session, community_id)
    found = await heat.map(session, seen, now)
    layers: dict[str, Any] = {
        "areas": orjson.loads(await areas_geojson(session, seen.scope, Level.GRID)),
        "buildings": orjson.loads(await layer_geojson(session, community_id, "buildings")),
        "streets": orjson.loads(await layer_geojson(session, community_id, "streets")),
    }
    bounds = (facts.west, facts.south, facts.east, facts.north) if facts else (0.0, 0.0, 0.0, 0.0)
    points = list(zip(found.lat.tolist(), found.lon.tolist(), found.cases.tolist(), strict=True))
    return await asyncio.to_thread(
        heatmap_html,
        points,
        language=language,
        nonce=nonce,
        bounds=bounds,
        layers=layers,
        title=title,
        theme=theme,
    )
