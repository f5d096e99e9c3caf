"""The page to print plates from."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.deps import ReaderDep, WorkDep
from api.forms import parse
from api.language import language_of
from api.models import PlateQuery
from api.pages.frame import Failure, check_page, show
from api.plates import is_loopback, public_base
from api.rooms import pages
from api.routes.plates import signed_plates
from gis.flows.plates import AreaChoice, PlateList, area_choices
from gis.people.permissions import scope_of
from gis.views.boards import community_facts
from web.i18n import translate
from web.plates import PLATE_KIND_NAMES, cards, sheets

router = pages()
NAMES = ("kind", "grid", "micro_grid", "courtyard")
LIMIT = 200
"""Cards on one page: 50 sheets."""


@router.get("/plates")
async def get_plates_page(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show sheets of cards to print; at first those of the first grid."""
    check_page(reader, "plates")
    actor, session = reader.actor, work.session
    choices = await area_choices(session, scope_of(actor))
    filters = _filters(request, choices)
    failure: Failure | None = None
    try:
        query = parse(
            PlateQuery, {**filters, "cursor": request.query_params.get("cursor", ""), "limit": LIMIT}
        )
        found = await signed_plates(work, actor, query)
    except RequestValidationError as error:
        failure, query, found = error, PlateQuery(), PlateList((), 0)
    facts = await community_facts(session, actor.community_id)
    language, base = language_of(request, actor.language), public_base(request)
    drawn = await asyncio.to_thread(
        cards,
        found.items,
        base,
        community=facts.name if facts else "",
        community_en=facts.name_en if facts else "",
    )
    cells = [one for one in choices if not filters["grid"] or one.parent_code == filters["grid"]]
    return await show(
        request,
        session,
        reader,
        "plates.html",
        failure=failure,
        filters=filters,
        kinds=[(kind.value, translate(language, text)) for kind, text in PLATE_KIND_NAMES.items()],
        grid_choices=_options(language, choices, "grid"),
        micro_grid_choices=_options(language, cells, "micro_grid"),
        courtyard_choices=_options(language, choices, "courtyard"),
        sheets=list(sheets(drawn)),
        total=found.total,
        parts=_parts(filters, found.total, query.cursor),
        base=base,
        loopback=is_loopback(base),
    )


def _filters(request: Request, choices: list[AreaChoice]) -> dict[str, str]:
    given = {name: request.query_params.get(name, "") for name in NAMES}
    if not any(name in request.query_params for name in NAMES):
        given["grid"] = next((one.code for one in choices if one.level == "grid"), "")
    return given


def _options(language: str, choices: list[AreaChoice], level: str) -> list[tuple[str, str]]:
    mine = [one for one in choices if one.level == level]
    names = [(one.code, (one.name_en if language == "en" else "") or one.name) for one in mine]
    return [(code, name if code in name else f"{code} {name}") for code, name in names]


def _parts(filters: dict[str, str], total: int, cursor: int) -> list[dict[str, Any]]:
    """Return links to the parts of a list that is too long for one page."""
    return [
        {
            "url": f"/plates?{urlencode({**filters, 'cursor': first})}",
            "first": first + 1,
            "last": min(first + LIMIT, total),
            "current": first <= cursor < first + LIMIT,
        }
        for first in range(0, total, LIMIT)
    ]
