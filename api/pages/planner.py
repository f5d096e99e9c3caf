"""The planner's pages: where hazards gather, and which streets to repair."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import numpy as np
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.deps import PartsDep, ReaderDep, RecentDep
from api.filters import hot_filters
from api.forms import parse
from api.language import language_of
from api.models import HeatQuery
from api.pages.frame import Failure, check_page, show
from api.rooms import pages
from api.routes.figures import timezone_of
from api.routes.hotspots import HotspotsOut, HotStreetOut, ranking_out, seen_by
from gis.errors import WeiwangError
from gis.flows.hotspots.seen import Sight, sight
from gis.hotspots.foretelling import Coverage
from gis.store.session import ReadSession
from gis.words import Actor
from web.charts import coverage_chart
from web.planning_words import CLASSES, breaks, class_of

router = pages()
NAMES = ("category", "from", "to", "season", "day", "hours", "grid")
SHOWN = 500
STEPS = (5, 10, 20, 40)
"""For so many of the worst blocks it is said what they would have covered."""
HOURS = tuple(
    (code, "–".join(f"{int(hour)}:00" for hour in code.split("-")))
    for code in ("7-9", "9-12", "12-14", "14-17", "17-20", "20-23", "23-7")
)


@router.get("/planner")
async def get_planner(request: Request, parts: PartsDep, reader: ReaderDep, session: RecentDep) -> Response:
    """Show the streets worth repairing: map, ranked table, and how much of what came later they would have covered."""
    check_page(reader, "planner")
    actor, now = reader.actor, parts.clock.now()
    filters = {name: request.query_params.get(name, "") for name in NAMES}
    seen, failure = await seen_of(session, actor, filters)
    kept = {} if failure else {name: value for name, value in filters.items() if value}
    ranking = await parts.streets.ranking(session, seen.scope, seen.filters, now)
    soon = await parts.curves.soon(parts.recent, seen.scope, seen.filters, now)
    curve = soon.coverage
    found = ranking_out(ranking, seen, SHOWN, line=True)
    limits = breaks([one.rate for one in found.items])
    language = language_of(request, actor.language)
    return await show(
        request,
        session,
        reader,
        "planner.html",
        failure=failure,
        filters=filters,
        query=urlencode(kept),
        hotspots=found.model_dump(mode="json", exclude={"items": {"__all__": {"line"}}}),
        drawn=[drawn(one, limits) for one in found.items],
        legend=classes(limits),
        curve=curve,
        curve_failed=soon.failed,
        chart=curve
        and coverage_chart(
            language, curve.length.tolist(), curve.ours.tolist(), curve.raw.tolist(), curve.best.tolist()
        ),
        steps=_steps(found, curve) if curve else [],
        hours=HOURS,
    )


async def seen_of(
    session: ReadSession, actor: Actor, filters: dict[str, str]
) -> tuple[Sight, Failure | None]:
    """Return what is asked for; a filter that can't be read is told, and everything shown."""
    try:
        return await seen_by(session, actor, parse(HeatQuery, filters)), None
    except (WeiwangError, RequestValidationError) as error:
        zone = await timezone_of(session, actor.community_id)
        return sight(actor, hot_filters(HeatQuery(), zone)), error


def drawn(one: HotStreetOut, limits: list[float]) -> dict[str, Any]:
    """Return a block as the map draws it."""
    kept = one.model_dump(
        mode="json",
        include={"id", "rank", "name", "name_en", "courtyard", "courtyard_en", "rate", "length_m", "line"},
    )
    return kept | {"class": class_of(one.rate, limits), "enough": one.enough_data}


def classes(limits: list[float]) -> list[tuple[float | None, float | None, int]]:
    """Return the classes of a legend, the highest first: from, until before, and number."""
    bounds = [None, *limits, None]
    found = list(zip(bounds, bounds[1:], range(CLASSES - len(limits), CLASSES + 1), strict=False))
    return found[::-1]


def _steps(found: HotspotsOut, curve: Coverage) -> list[dict[str, float]]:
    steps = []
    for streets in (one for one in STEPS if one <= len(found.items)):
        length_m = sum(one.length_m for one in found.items[:streets])
        share = length_m / max(found.length_m, 1.0)
        covered = float(np.interp(share, curve.length, curve.ours))
        steps.append({"streets": streets, "length_m": length_m, "share": share, "ours": covered})
    return steps
