"""What a month came to: on the page, and as a sheet."""

from __future__ import annotations

import io
from datetime import date
from urllib.parse import quote

from fastapi import Request
from starlette.responses import Response

from api.answers.meals import StatementOut
from api.auth import Reader
from api.deps import ReaderDep, WorkDep
from api.language import language_of
from api.pages.meals.frame import show_meals
from api.rooms import pages
from gis.errors import InvalidInputError
from gis.exports.sheets import write_xlsx
from gis.flows.meals.statements import month_of, statement
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.people.permissions import require
from gis.recurrence import DAY
from web.meal_sheets import statement_sheets

router = pages()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def _month(request: Request, work: Work, reader: Reader) -> date:
    today = await today_in(work.session, work.clock, reader.actor.community_id)
    asked = request.query_params.get("month") or request.query_params.get(
        "from", ""
    )  # a figure leads here by its days
    try:
        return month_of(asked[:10])
    except InvalidInputError:
        return today.replace(day=1)


@router.get("/meals/statement")
async def get_statement(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show a month: servings and money by rule, and what each came to; the look is recorded."""
    require(reader.actor, "run_kitchen")
    month = await _month(request, work, reader)
    return await show_meals(
        request,
        work,
        reader,
        "statement",
        "meals_statement.html",
        found=StatementOut.model_validate(await statement(work, reader.actor, month)).model_dump(),
        month=month,
        before=(month - DAY).replace(day=1),
        after=(month + 32 * DAY).replace(day=1),
    )


@router.get("/meals/statement/sheet")
async def get_sheet(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Answer a month as a workbook."""
    require(reader.actor, "run_kitchen")
    month = await _month(request, work, reader)
    found = await statement(work, reader.actor, month)
    held = io.BytesIO()
    write_xlsx(held, statement_sheets(language_of(request, reader.actor.language), found))
    name = quote(f"meals-{month:%Y-%m}.xlsx", safe="")
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(held.getvalue(), media_type=XLSX, headers=headers)
