"""A month's visits by place: behind how many doors somebody was met, and where nobody called."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from api.answers.base import Answer
from api.deps import PartsDep, ReaderDep, WorkDep
from api.periods import Period, month_asked
from api.rooms import interface
from api.spec import errors
from gis.clock import Clock
from gis.flows.today import today_in
from gis.store.session import ReadSession
from gis.store.visit_coverage import BuildingCoverage, DoorLeft
from gis.views.visit_coverage import coverage_of, doors_left_in
from gis.words import Actor

router = interface("visits")


class MonthQuery(BaseModel):
    """Which month, and the doors of which building."""

    month: str | None = Field(None, max_length=7, examples=["2026-06"], description="none: the current one")
    building: UUID | None = None


class BuildingOut(Answer):
    """A building's part of a micro-grid."""

    grid: str
    micro_grid: str
    building: UUID
    label: str
    doors: int
    met: int = Field(description="doors where somebody was met")
    not_home: int = Field(description="doors where only nobody opened")
    left: int = Field(description="doors where nobody called")


class DoorOut(Answer):
    """A door where nobody was met in the month."""

    household: UUID
    flat: str
    tried: bool
    last_met: datetime | None


class MonthOut(BaseModel):
    """A month of the places that the reader looks after; the doors of a building only where one was asked for."""

    month: str
    doors: int
    met: int
    not_home: int
    left: int
    items: list[BuildingOut]
    doors_left: list[DoorOut] | None = None


@router.get("/visits/coverage", responses=errors(400, 401, 403))
async def get_month(
    reader: ReaderDep, work: WorkDep, parts: PartsDep, query: Annotated[MonthQuery, Query()]
) -> MonthOut:
    """Tell by building behind how many doors somebody was met in a month; with `building`, which doors are left."""
    actor, session = reader.actor, work.session
    month = await this_month(session, parts.clock, actor, query.month)
    found = await coverage_of(session, actor, month.since, month.until)
    left = None
    if query.building is not None:
        rows = await doors_left_in(session, actor, query.building, month.since, month.until, work.clock.now())
        left = [door_out(one) for one in rows]
    return MonthOut(
        month=f"{month.first:%Y-%m}",
        doors=found.doors,
        met=found.met,
        not_home=found.not_home,
        left=found.left,
        items=[building_out(one) for one in found.buildings],
        doors_left=left,
    )


async def this_month(session: ReadSession, clock: Clock, actor: Actor, given: str | None) -> Period:
    """Return the month that is asked for, else the one that goes on.

    Raises
    ------
    InvalidInputError
        ``month_invalid``.
    """
    today = await today_in(session, clock, actor.community_id)
    return await month_asked(session, clock, actor, given or f"{today:%Y-%m}")


def building_out(row: BuildingCoverage) -> BuildingOut:
    """Return a building as it is shown."""
    return BuildingOut(
        grid=row.grid,
        micro_grid=row.micro_grid,
        building=row.building_id,
        label=row.label,
        doors=row.doors,
        met=row.met,
        not_home=row.not_home,
        left=row.left,
    )


def door_out(row: DoorLeft) -> DoorOut:
    """Return a door as it is shown."""
    return DoorOut(household=row.household_id, flat=row.flat, tried=row.tried, last_met=row.last_met)
