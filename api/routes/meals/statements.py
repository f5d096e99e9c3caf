"""What a month came to."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query

from api.answers.meals import OwnDayOut, OwnMonthOut, StatementOut
from api.deps import ReaderDep, WorkDep
from api.rooms import interface
from api.spec import errors
from gis.flows.meals.statements import month_of, own_month, statement
from gis.flows.work import Work
from gis.words import Actor

router = interface("meals")
Month = Annotated[str, Query(max_length=10, examples=["2026-06"])]


async def own_month_out(work: Work, actor: Actor, month: str) -> OwnMonthOut:
    """Return somebody's own month."""
    days = [OwnDayOut.model_validate(one) for one in await own_month(work, actor, month_of(month))]
    eaten = [one for one in days if one.state != "cancelled"]
    return OwnMonthOut(
        items=days, servings=sum(one.servings for one in eaten), fen=sum(one.fen for one in eaten)
    )


@router.get("/meals/statement", responses=errors(400, 401, 403))
async def get_statement(reader: ReaderDep, work: WorkDep, month: Month) -> StatementOut:
    """Show servings and money of a month by rule, and what each came to; for the office, and recorded."""
    return StatementOut.model_validate(await statement(work, reader.actor, month_of(month)))


@router.get("/meals/mine", responses=errors(400, 401, 403))
async def get_own_month(reader: ReaderDep, work: WorkDep, month: Month) -> OwnMonthOut:
    """Show what one's own month came to, day by day."""
    return await own_month_out(work, reader.actor, month)
