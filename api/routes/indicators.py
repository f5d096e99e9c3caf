"""Indicators: what the office publishes, of a period and a cell."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from fastapi import Query, Request
from pydantic import BaseModel, ConfigDict, Field

from api.answers.indicators import IndicatorsOut, board_out
from api.deps import PartsDep, ReaderDep
from api.language import language_of
from api.models import Word
from api.parts import Parts
from api.rooms import interface
from api.routes.figures import timezone_of
from api.spec import errors
from gis.errors import InvalidInputError
from gis.flows.count_indicators import BEFORE_A_LOOK, count_indicators
from gis.indicators.periods import PeriodKind
from gis.people.permissions import require
from gis.store.session import ReadSession
from gis.views.indicators import Asked, Question, asked_of, board, cell_figures
from gis.words import Actor

router = interface("figures")


class IndicatorQuery(BaseModel):
    """Of which period, and of which cell."""

    model_config = ConfigDict(extra="ignore")

    period: PeriodKind = Field(PeriodKind.WEEK, description="week, month, quarter or own")
    date: Word | None = Field(
        None, description="any day of the week, month or quarter; by default the last whole one"
    )
    since: Word | None = Field(None, alias="from", description="first day of one's own period")
    until: Word | None = Field(None, alias="to", description="its last day, counted too")
    grid: Word | None = None
    micro_grid: Word | None = None
    by: Literal["grid", "micro_grid", "category", "person"] | None = Field(
        None, description="a table of cells inside it; people only of one grid, for who is responsible for it"
    )


@router.get("/indicators", responses=errors(400, 401, 403, 404))
async def get_indicators(
    request: Request, parts: PartsDep, reader: ReaderDep, query: Annotated[IndicatorQuery, Query()]
) -> IndicatorsOut:
    """Return the figures that the office publishes, each with its definition, the period before and its trend."""
    actor = reader.actor
    await counted_first(parts, actor)
    async with parts.recent() as session:
        asked = await asked_by(session, parts, actor, query)
        cells = await cell_figures(session, asked, query.by, actor) if query.by else ()
        return board_out(language_of(request, actor.language), await board(session, asked), cells)


async def counted_first(parts: Parts, actor: Actor) -> None:
    """Count what has happened just now, so that who looks sees it; where much is to be counted, a task does."""
    require(actor, "read_indicators")
    async with parts.work() as work:
        await count_indicators(work, actor.community_id, most=BEFORE_A_LOOK)


async def asked_by(session: ReadSession, parts: Parts, actor: Actor, query: IndicatorQuery) -> Asked:
    """Return what a query asks for, checked."""
    question = Question(
        query.period,
        _day(query.date, "date"),
        _day(query.since, "from"),
        _day(query.until, "to"),
        query.grid or "",
        query.micro_grid or "",
    )
    timezone = await timezone_of(session, actor.community_id)
    return await asked_of(session, actor, question, timezone=timezone, now=parts.clock.now())


def _day(text: str | None, field: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInputError("no date", code="date_invalid", field=field) from None
