"""What reporters say of the work that was done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import Request

from api.answers import StateOut
from api.auth import Reader, ReaderDep
from api.deps import PartsDep
from api.forms import body_of, parse
from api.models import RatingBody
from api.parts import Parts
from api.rooms import interface
from api.spec import body, errors
from gis.cases.ratings import Rating
from gis.flows.rate import rate
from gis.words import CaseState

router = interface("reports")
JSON = "application/json"


@router.put(
    "/reports/{report_id}/rating",
    responses=errors(400, 401, 403, 404, 409, 413, 415),
    openapi_extra=body(RatingBody, JSON),
)
async def put_rating(report_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> StateOut:
    """Say how the work on one's own report was; `solved: false` opens its case again. The same again changes nothing."""
    state = await perform_rating(parts, reader, report_id, await body_of(request))
    return StateOut(id=state.case_id, status=state.status.value, revision=state.revision)


async def perform_rating(parts: Parts, reader: Reader, report_id: UUID, fields: dict[str, Any]) -> CaseState:
    """Rate in a transaction of its own."""
    given = parse(RatingBody, fields)
    async with parts.work() as work:
        return await rate(work, reader.actor, report_id, Rating(given.stars, given.solved, given.words))
