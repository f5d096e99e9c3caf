"""What the figure of updated records is made of: how many, on which day, in which grid, by whom and how; nobody's record is shown."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import Request
from starlette.responses import Response

from api.deps import PartsDep, ReaderDep, WorkDep
from api.pages.residents.frame import KEY, show_part
from api.pages.service.frame import open_page
from api.periods import period_of
from api.rooms import pages
from gis.errors import InvalidInputError
from gis.flows.residents.access import present
from gis.people.residents import resident_scope
from gis.store.people import timezone_of
from gis.store.record_updates import record_updates

router = pages()
MOST = 1000


@router.get("/residents/updates")
async def get_updates(request: Request, parts: PartsDep, reader: ReaderDep, work: WorkDep) -> Response:
    """Show how many records were updated in a period; of one's own areas, or of one of their grids."""
    await open_page(work.session, reader, KEY)
    given = {name: request.query_params.get(name, "") for name in ("from", "to", "grid")}
    failure: InvalidInputError | None = None
    try:
        period = await period_of(work.session, parts.clock, reader.actor, given)
    except InvalidInputError as error:
        failure, period = error, await period_of(work.session, parts.clock, reader.actor, {})
    actor = await present(work.session, reader.actor)
    zone = await timezone_of(work.session, actor.community_id)
    rows = await record_updates(
        work.session, resident_scope(actor), period.since, period.until, zone, limit=MOST
    )
    shown = [asdict(one) for one in rows if given["grid"] in {"", one.grid_code}]
    days = {"from": period.first.isoformat(), "to": period.last.isoformat(), "grid": given["grid"]}
    return await show_part(
        request,
        work,
        reader,
        "updates",
        "residents_updates.html",
        failure=failure,
        updates=shown,
        total=sum(one["records"] for one in shown),
        cut=len(rows) == MOST,
        form=given if failure else days,
        period=period,
    )
