"""The inbox of referrals: of an agency, or, for the office, of all agencies that its cases are with."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.deps import PartsDep, ReadDep, ReaderDep
from api.forms import parse
from api.models import ReferralQuery
from api.pages.frame import check_page, show
from api.rooms import pages
from api.routes.referrals import listed_referral
from gis.errors import WeiwangError
from gis.views.referrals import inbox

router = pages()
NAMES = ("status", "agency", "cursor")
BOXES = ("open", "new", "accepted", "due_soon", "overdue", "done", "returned", "ended")
LIMIT = 30


@router.get("/agency")
async def get_agency(request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> Response:
    """Show referrals by how they stand; a filter that can't be read is told."""
    check_page(reader, "agency")
    given = {name: request.query_params.get(name, "") for name in NAMES}
    failure: WeiwangError | RequestValidationError | None = None
    now = parts.clock.now()
    try:
        query = parse(ReferralQuery, given)
        found = await inbox(
            session, reader.actor, now, query.status, query.agency, limit=LIMIT, cursor=query.cursor
        )
    except (WeiwangError, RequestValidationError) as error:
        failure, query = error, ReferralQuery()
        found = await inbox(session, reader.actor, now, limit=LIMIT)
    kept = {"status": query.status} | ({"agency": query.agency} if query.agency else {})
    more = f"/agency?{urlencode({**kept, 'cursor': found.page.next})}" if found.page.next else None
    return await show(
        request,
        session,
        reader,
        "agency.html",
        failure=failure,
        referrals=[listed_referral(one).shown() for one in found.page.items],
        counts=found.counts,
        total=found.page.total,
        boxes=BOXES,
        box=query.status,
        chosen=query.agency or "",
        here=f"/agency?{urlencode(kept)}",
        next_url=more,
    )
