"""The heatmap as a document: the same for the planner's page, for everybody where that is allowed, and for ``weiwang heatmap``."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from gis.flows.hotspots.current import HotStreets
from gis.flows.hotspots.heat import Heat, HeatMap, Weigh
from gis.flows.hotspots.seen import COARSE_M, Sight
from gis.flows.kept import Kept
from gis.store.hotspot_reading import last_event
from gis.store.patrols import covered
from gis.store.session import ReadSession
from gis.store.visits import visited_segments
from gis.views.boards import CommunityFacts, community_facts
from gis.views.layers import areas_geojson, layer_geojson
from gis.words import Level
from web.heat_layers import HeatLayers
from web.i18n import N_, translate
from web.maps import HeatLook, HeatPoints, heatmap_html

MOST_POINTS = 4000
"""A document with more would be slow on a phone: places are coarsened instead."""
PATROL_DAYS = 90
NONCE = "\x00nonce\x00"
"""Stands in documents that are kept, for each answer's own."""
UNITS = {
    Weigh.CASES: N_("同一处的案件数（件）"),
    Weigh.SEVERITY: N_("同一处案件的严重程度之和"),
    Weigh.RECENT: N_("同一处案件的严重程度之和，三个月减半"),
}


@dataclass(frozen=True, slots=True)
class Look:
    """How a document is to look: its language and theme, and whether it is a file with everything inside."""

    language: str
    theme: str = "auto"
    entire: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A heatmap as it is kept, and how many cases it was made from."""

    html: str
    cases: int


@dataclass(frozen=True, slots=True)
class Heating:
    """What documents are made from."""

    streets: HotStreets
    heat: Heat
    documents: Kept[Document]


async def heatmap_document(
    session: ReadSession,
    made: Heating,
    seen: Sight,
    now: datetime,
    look: Look,
    *,
    weigh: Weigh,
    nonce: str,
) -> str:
    """Return a whole HTML document with the heatmap of what a reader may see.

    Parameters
    ----------
    session, made
        Where from.
    seen, now, weigh
        Whose cases, which, how closely, and what makes a place hot.
    look, nonce
        Of the document.
    """
    community_id = seen.scope.community_id
    facts = await community_facts(session, community_id)

    async def make() -> Document:
        # first what needs all that is known of the cases: the heat itself is then made from the same
        more = await _more(session, made, seen, now, facts) if seen.cell_m < COARSE_M else HeatLayers()
        found = await made.heat.map(session, seen, now, weigh, MOST_POINTS)
        base = await _base(session, seen)
        return Document(await asyncio.to_thread(_drawn, found, more, base, facts, look, weigh), found.total)

    versions = (facts.area_version, facts.network_version) if facts else ()
    key = (seen, weigh, look, versions, int(now.timestamp() // 86_400))
    stamp = await last_event(session, community_id)
    kept = await made.documents.get(key, stamp, make, lambda one: one.cases)
    return kept.html.replace(NONCE, nonce)


async def _base(session: ReadSession, seen: Sight) -> dict[str, Any]:
    community_id = seen.scope.community_id
    return {
        "areas": orjson.loads(await areas_geojson(session, seen.scope, Level.GRID)),
        "buildings": orjson.loads(await layer_geojson(session, community_id, "buildings")),
        "streets": orjson.loads(await layer_geojson(session, community_id, "streets")),
    }


async def _more(
    session: ReadSession, made: Heating, seen: Sight, now: datetime, facts: CommunityFacts | None
) -> HeatLayers:
    if facts is None:
        return HeatLayers()
    community_id = seen.scope.community_id
    ranking = await made.streets.ranking(session, seen.scope, seen.filters, now)
    blocks = ranking.ground.blocks
    cells = await made.heat.cells(session, seen, now)
    since = now - timedelta(days=PATROL_DAYS)
    passed = _by_block(ranking.ground.row_of, await covered(session, community_id, since))
    visited = _by_block(ranking.ground.row_of, await visited_segments(session, community_id, since))
    areas = orjson.loads(await areas_geojson(session, seen.scope, Level.MICRO_GRID))["features"]
    stations = orjson.loads(await layer_geojson(session, community_id, "stations"))["features"]
    return HeatLayers(
        clusters=[blocks[row].line for row in range(len(blocks)) if ranking.scored.clusters.hot[row]],
        cells=areas,
        rates=dict(zip(cells.codes, cells.rate.tolist(), strict=True)),
        stations=stations,
        patrols=[(blocks[row].line, count) for row, count in passed.items()],
        visits=[(blocks[row].line, count) for row, count in visited.items()],
    )


def _by_block(row_of: Mapping[UUID, int], counts: Mapping[UUID, int]) -> dict[int, int]:
    """Return counts of segments as those of the blocks that they belong to: the most of any of its segments."""
    found: dict[int, int] = {}
    for segment_id, count in counts.items():
        if (row := row_of.get(segment_id)) is not None:
            found[row] = max(found.get(row, 0), count)
    return found


def _drawn(  # noqa: PLR0917 - what the document is made of
    found: HeatMap,
    more: HeatLayers,
    base: dict[str, Any],
    facts: CommunityFacts | None,
    look: Look,
    weigh: Weigh,
) -> str:
    weighted = list(zip(found.lat.tolist(), found.lon.tolist(), found.weight.tolist(), strict=True))
    unit = translate(look.language, UNITS[weigh])
    return heatmap_html(
        HeatPoints(weighted, found.cases.tolist(), unit, found.cell_m),
        HeatLook(look.language, NONCE, theme=look.theme, entire=look.entire),
        bounds=(facts.west, facts.south, facts.east, facts.north) if facts else (0.0, 0.0, 0.0, 0.0),
        layers=base,
        more=more,
    )
