"""The heatmap as a document: the same for the planner's page and for ``weiwang heatmap``."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson

from gis.people.permissions import scope_of
from gis.store.session import ReadSession
from gis.views.boards import community_facts
from gis.views.cases import CaseFilters
from gis.views.heat import heat_points
from gis.views.layers import areas_geojson, layer_geojson
from gis.words import Actor, Level
from web.maps import heatmap_html


async def heatmap_document(
    session: ReadSession,
    actor: Actor,
    filters: CaseFilters,
    *,
    language: str,
    nonce: str,
    title: str = "",
    theme: str = "auto",
) -> str:
    """Return a whole HTML document with the heatmap of what a reader may see.

    Parameters
    ----------
    session, actor, filters
        Whose cases, and which.
    language, nonce, title, theme
        Of the document.
    """
    facts = await community_facts(session, actor.community_id)
    scope = scope_of(actor)
    heat = await heat_points(session, scope, actor.role, filters)
    layers: dict[str, Any] = {
        "areas": orjson.loads(await areas_geojson(session, scope, Level.GRID)),
        "buildings": orjson.loads(await layer_geojson(session, actor.community_id, "buildings")),
        "streets": orjson.loads(await layer_geojson(session, actor.community_id, "streets")),
    }
    bounds = (facts.west, facts.south, facts.east, facts.north) if facts else (0.0, 0.0, 0.0, 0.0)
    points = [(point.lat, point.lon, float(point.cases)) for point in heat.points]
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
