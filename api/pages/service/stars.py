"""Star volunteers of a year: those who agree to be named."""

from __future__ import annotations

import asyncio
import io
from dataclasses import asdict

from fastapi import Request
from starlette.responses import Response

from api.deps import ReaderDep, WorkDep
from api.forms import body_of
from api.language import language_of
from api.pages.frame import redirect
from api.pages.service.files import named_file
from api.pages.service.frame import open_page, show_page
from api.rooms import pages
from gis.errors import InvalidInputError
from gis.exports.sheets import write_xlsx
from gis.flows.service.stars import all_stars, my_star, named_stars, set_star_consent
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.people.permissions import may
from gis.store import point_rules
from gis.words import Actor
from web.service_sheets import stars_sheet

router = pages()
YEARS = 5


@router.get("/service/stars")
async def get_stars(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show a year's star volunteers, most stars first and by name among them; nobody's hours."""
    await open_page(work.session, reader, "stars")
    actor = reader.actor
    year, this_year = await _year(request, work, actor)
    named = await named_stars(work, actor, year)
    rules = await point_rules.point_rules(work.session, actor.community_id)
    return await show_page(
        request,
        work.session,
        reader,
        "stars",
        year=year,
        years=range(this_year, this_year - YEARS, -1),
        groups=[
            (count, rules.star_hours[count - 1], [one.name for one in named if one.stars == count])
            for count in range(len(rules.star_hours), 0, -1)
        ],
        star=asdict(await my_star(work, actor)),
        may_list=may(actor, "enter_hours"),
    )


@router.post("/service/stars")
async def post_consent(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Agree to be named, or no longer."""
    agrees = (await body_of(request)).get("public") == "yes"
    await set_star_consent(work, reader.actor, agrees=agrees)
    return redirect("/service/stars", "star_named" if agrees else "star_unnamed")


@router.get("/service/stars.xlsx")
async def get_sheet(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Give the office its list for certificates."""
    year, _ = await _year(request, work, reader.actor)
    found = await all_stars(work, reader.actor, year)
    sheet = stars_sheet(language_of(request, reader.actor.language), year, found)
    held = io.BytesIO()
    await asyncio.to_thread(write_xlsx, held, [sheet])
    return named_file(held.getvalue(), "xlsx", sheet.title)


async def _year(request: Request, work: Work, actor: Actor) -> tuple[int, int]:
    this_year = (await today_in(work.session, work.clock, actor.community_id)).year
    given = request.query_params.get("year", "")
    if not given:
        return this_year, this_year
    if not given.isascii() or not given.isdigit() or len(given) > 4:  # noqa: PLR2004 - a year
        raise InvalidInputError("no such year", code="field_invalid", field="year")
    return int(given), this_year
