"""Search: places by what people call them, and cases by their numbers."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field

from api.answers import Answer
from api.deps import PartsDep, ReadDep, ReaderDep
from api.filters import parse_choices
from api.models import SHORT, Sentence
from api.rooms import interface
from api.spec import errors
from gis.addresses import Kind, Reason
from gis.views.cases import CaseItem
from gis.views.search import CASE, KINDS, PlaceFound, find_cases, find_places

router = interface("places")
MOST = 50


class FoundOut(Answer):
    """Something found: a place with a point in it (EPSG:4326), or a case.

    ``code`` of a case is its number and ``label`` its category's code; the category is named by the reader's own words.
    """

    kind: Kind | Literal["case"]
    id: UUID
    code: str
    label: str
    label_en: str
    lon: float
    lat: float
    score: float = Field(description="1: written exactly so; above 0.9 nothing was guessed")
    reason: Reason
    micro_grid: str | None = Field(description="code of the micro-grid that holds the point")


class FoundPage(BaseModel):
    """What was found, the likeliest first."""

    items: list[FoundOut]
    next: None = None
    total: int


@router.get("/search", responses=errors(400, 401))
async def get_search(
    *,
    parts: PartsDep,
    reader: ReaderDep,
    session: ReadDep,
    q: Annotated[
        Sentence, Query(examples=["八经街46号"], description="an address, name, code or case number")
    ],
    kinds: Annotated[
        str | None,
        Query(max_length=SHORT * 2, description=f"several separated by commas: {', '.join(KINDS)}"),
    ] = None,
    limit: Annotated[int, Query(ge=1, le=MOST)] = 10,
) -> FoundPage:
    """Find places by address, name or code, as written, in pinyin, by first letters, or nearly so; cases by number."""
    wanted = parse_choices(kinds, "kinds", KINDS)
    community_id = reader.actor.community_id
    by_number = CASE in (wanted or KINDS)
    now = parts.clock.now()
    cases = await find_cases(session, reader.actor, q, limit, now=now) if by_number else []
    book = await parts.addresses.get(session, community_id)
    atlas = await parts.atlas.get(session, community_id)
    places = find_places(book, atlas.places, q, limit, wanted)
    items = [*map(_case_out, cases), *map(_place_out, places)][:limit]
    return FoundPage(items=items, total=len(items))


def _place_out(found: PlaceFound) -> FoundOut:
    one = found.match
    return FoundOut(
        kind=one.kind,
        id=one.id,
        code=one.code,
        label=one.label,
        label_en=one.label_en,
        lon=one.lon,
        lat=one.lat,
        score=one.score,
        reason=one.reason,
        micro_grid=found.micro_grid,
    )


def _case_out(found: CaseItem) -> FoundOut:
    row = found.row
    return FoundOut(
        kind="case",
        id=row.case_id,
        code=row.number,
        label=row.category,
        label_en=row.category,
        lon=row.lon,
        lat=row.lat,
        score=1.0,
        reason=Reason.EXACT,
        micro_grid=row.micro_grid_code,
    )
