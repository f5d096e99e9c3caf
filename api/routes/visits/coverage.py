"""Where patrols have passed and visits were made, street by street and month by month; never who or when exactly."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Query
from pydantic import BaseModel, Field

from api.answers.base import Answer
from api.deps import PartsDep, ReadDep, ReaderDep
from api.rooms import interface
from api.spec import errors
from gis.errors import InvalidInputError
from gis.flows.today import today_in
from gis.people.permissions import require
from gis.store.patrols import covered
from gis.store.people import timezone_of
from gis.store.visits import visited_segments

router = interface("visits")
DECEMBER = 12
EARLIEST, LATEST = 2000, 2200


class CoverageQuery(BaseModel):
    """Which month."""

    month: str | None = Field(None, max_length=7, examples=["2026-06"], description="none: the current one")


class StreetOut(Answer):
    """How often one street was passed."""

    segment: UUID
    patrols: int
    visits: int


class CoverageOut(BaseModel):
    """Streets that were passed in a month; those that weren't are missing."""

    month: str
    items: list[StreetOut]


@router.get("/patrols/coverage", responses=errors(400, 401, 403))
async def get_coverage(
    reader: ReaderDep, session: ReadDep, parts: PartsDep, query: Annotated[CoverageQuery, Query()]
) -> CoverageOut:
    """Tell how often patrols passed each street, and how many visits there were along it, in a month."""
    require(reader.actor, "read_indicators")
    community_id = reader.actor.community_id
    first = month_of(query.month) or (await today_in(session, parts.clock, community_id)).replace(day=1)
    zone = ZoneInfo(await timezone_of(session, community_id))
    begins = datetime(first.year, first.month, 1, tzinfo=zone)
    later = divmod(first.month, DECEMBER)
    ends = datetime(first.year + later[0], later[1] + 1, 1, tzinfo=zone)
    passed = await covered(session, community_id, begins, ends)
    visited = await visited_segments(session, community_id, begins, ends)
    items = [
        StreetOut(segment=one, patrols=passed.get(one, 0), visits=visited.get(one, 0))
        for one in sorted(passed.keys() | visited.keys())
    ]
    return CoverageOut(month=f"{first:%Y-%m}", items=items)


def month_of(text: str | None) -> date | None:
    """Return the first day of a month that was asked for.

    Raises
    ------
    InvalidInputError
        ``month_invalid``.
    """
    if not text:
        return None
    try:
        found = date.fromisoformat(f"{text}-01")
    except ValueError:
        found = None
    if found is None or not EARLIEST <= found.year < LATEST:
        raise InvalidInputError("a month as 2026-06", code="month_invalid", field="month")
    return found
