"""Plates to print: codes for entrances, buildings and micro-grids."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request
from pydantic import BaseModel, Field

from api.deps import ReaderDep, WorkDep
from api.language import language_of
from api.models import PlateQuery
from api.plates import public_base
from api.rooms import interface
from api.spec import errors
from gis.flows.plates import PlateFilter, PlateKind, PlateList, plates_for
from gis.flows.work import Work
from gis.people.permissions import require, scope_of
from gis.words import Actor
from web.plates import plate_label, plate_url

router = interface("places")


class PlateOut(BaseModel):
    """A plate: what its QR code says, and which place it names."""

    code: str
    url: str = Field(description="what the QR code leads to")
    kind: PlateKind
    label: str = Field(examples=["八经街46号 2单元 · 微网格 09-05"])
    address: str
    unit: str
    micro_grid: str | None
    grid: str | None
    courtyard: str
    watchers: list[str]
    grid_workers: list[str]
    lon: float
    lat: float


class PlatePage(BaseModel):
    """Part of a list of plates."""

    items: list[PlateOut]
    next: str | None
    total: int


@router.get("/plates", responses=errors(400, 401, 403))
async def get_plates(
    *,
    request: Request,
    reader: ReaderDep,
    work: WorkDep,
    query: Annotated[PlateQuery, Query()],
) -> PlatePage:
    """Plates of one's own areas, by grid, street, number and unit. Scanned, they open the report page with the place."""
    found = await signed_plates(work, reader.actor, query)
    language, base = language_of(request, reader.actor.language), public_base(request)
    items = [
        PlateOut(
            code=one.code,
            url=plate_url(base, one.code),
            kind=one.place.plate.kind,
            label=plate_label(language, one.place),
            address=one.place.address,
            unit=one.place.unit,
            micro_grid=one.place.micro_grid,
            grid=one.place.grid,
            courtyard=one.place.courtyard,
            watchers=list(one.place.watchers),
            grid_workers=list(one.place.grid_workers),
            lon=one.place.lon,
            lat=one.place.lat,
        )
        for one in found.items
    ]
    end = query.cursor + len(items)
    return PlatePage(items=items, next=str(end) if items and end < found.total else None, total=found.total)


async def signed_plates(work: Work, actor: Actor, query: PlateQuery) -> PlateList:
    """Return the plates that an actor may print and asked for."""
    require(actor, "print_plates")
    return await plates_for(
        work.session,
        scope_of(actor),
        query.kind,
        PlateFilter(query.grid, query.micro_grid, query.courtyard),
        now=work.clock.now(),
        limit=query.limit,
        offset=query.cursor,
    )
