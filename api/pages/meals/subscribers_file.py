"""Who has subscribed as a workbook, by the search of its page."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from api.deps import ReaderDep, WorkDep
from api.language import language_of
from api.pages.meals.frame import KEY
from api.pages.meals.subscriptions import listed
from api.pages.service.frame import open_page
from api.rooms import pages
from api.sheet_answer import sheet_answer
from gis.flows.meals.reading import subscriptions_taken_out
from gis.people.permissions import require
from web.meal_sheets import subscriber_sheet

router = pages()


@router.get("/meals/subscriptions.xlsx")
async def get_subscribers_file(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Give who eats when, without what they may not eat; taking it out is recorded."""
    await open_page(work.session, reader, KEY)
    require(reader.actor, "run_kitchen")
    _, found = await listed(request, work, reader)
    await subscriptions_taken_out(work, reader.actor, len(found))
    rows = [one.model_dump() for one in found]
    return await sheet_answer(
        subscriber_sheet(language_of(request, reader.actor.language), rows), "subscriptions"
    )
