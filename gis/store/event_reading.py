"""The live stream of events, in an order that no late commit can slip into.

Events are numbered when they are written, not when they are committed. A reader who took the highest number seen as
its bookmark would lose those of transactions still under way; so rows are ordered by their transaction, and only
those of transactions older than every one still running in this database are read. A snapshot alone would not do: it counts
the transactions of the whole server, so that somebody else's long one, in another database, would hold up every page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from gis.store.session import ReadSession

Bookmark = tuple[int, int]  # transaction, event

_SELECT = """
select e.transaction_id::text::bigint as transaction_id, e.event_id, e.community_id, e.case_id,
       to_char(timezone(m.timezone, c.opened_at), 'YYYYMMDD') || '-'
           || lpad(c.number::text, greatest(5, length(c.number::text)), '0') as number_text,
       e.verb, e.from_status, e.to_status, e.at, e.data, c.grid_code, c.micro_grid_code, st_x(c.geom) as lon,
       st_y(c.geom) as lat, c.category, c.status,
       array(select r.agency_code from referral r where r.community_id = e.community_id and r.case_id = e.case_id
             and (r.ended_at is null or r.ended_at >= e.at)
             union all select r.from_agency from referral r where r.community_id = e.community_id
             and r.case_id = e.case_id and r.from_agency is not null
             and (r.ended_at is null or r.ended_at >= e.at)) || c.agency_code as agencies,
       array(select r.reporter_id from report r
             where r.community_id = e.community_id and r.case_id = e.case_id) || c.reporter_id || c.assignee_id
       || array(select o.responder_id from offer o
                where o.community_id = e.community_id and o.case_id = e.case_id
                  and (o.status = 'live' or o.ended_at >= e.at))
       || array(select h.to_id from hand_over h
                where h.community_id = e.community_id and h.case_id = e.case_id
                  and (h.status = 'asked' or h.ended_at >= e.at)) as people
from event e
join "case" c on c.community_id = e.community_id and c.case_id = e.case_id
join community m on m.community_id = e.community_id
where e.transaction_id < cast(:settled as text)::xid8
"""
_AFTER = (
    _SELECT
    + """
  and (e.transaction_id, e.event_id) > (cast(:transaction as text)::xid8, cast(:event as bigint))
  and (cast(:community_id as text) is null or e.community_id = :community_id)
order by e.transaction_id, e.event_id
limit :limit
"""
)
# A backend tells its transaction in 32 bits; counted from the newest one that has ended it gets its 64 again.
_SETTLED = """
with newest as (select pg_snapshot_xmax(pg_current_snapshot())::text::bigint as xmax)
select least(xmax, (
    select min(xmax - (mod(xmax - backend_xid::text::bigint + 6442450944, 4294967296) - 2147483648))
    from pg_stat_activity where datname = current_database() and backend_xid is not null))
from newest
"""


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """One event with what is needed to tell who may hear of it."""

    transaction_id: int
    event_id: int
    community_id: str
    case_id: UUID
    number: str
    verb: str
    from_status: str | None
    to_status: str | None
    at: datetime
    data: Mapping[str, Any]
    grid_code: str | None
    micro_grid_code: str | None
    lon: float
    lat: float
    category: str
    status: str
    agencies: Sequence[str | None]
    people: Sequence[UUID | None]

    @property
    def bookmark(self) -> Bookmark:
        """Where a reader stands who has seen this event."""
        return (self.transaction_id, self.event_id)


async def settled_before(session: ReadSession) -> int:
    """Return the transaction before which all have ended.

    What is read by a *later* statement shows all of their rows; so this is asked for first, and by itself.
    """
    return int(await session.value(text(_SETTLED)))


async def events_after(
    session: ReadSession, bookmark: Bookmark, *, settled: int, limit: int, community_id: str | None = None
) -> list[StreamEvent]:
    """Return the events after a bookmark, in order.

    Parameters
    ----------
    session
        Any.
    bookmark
        The last one seen.
    settled
        As answered by ``settled_before``.
    limit
        How many at most.
    community_id
        Of one community only.
    """
    parameters = {
        "settled": str(settled),
        "transaction": str(bookmark[0]),
        "event": bookmark[1],
        "limit": limit,
        "community_id": community_id,
    }
    return [
        StreamEvent(
            transaction_id=row.transaction_id,
            event_id=row.event_id,
            community_id=row.community_id,
            case_id=row.case_id,
            number=row.number_text,
            verb=row.verb,
            from_status=row.from_status,
            to_status=row.to_status,
            at=row.at,
            data=row.data,
            grid_code=row.grid_code,
            micro_grid_code=row.micro_grid_code,
            lon=row.lon,
            lat=row.lat,
            category=row.category,
            status=row.status,
            agencies=row.agencies,
            people=row.people,
        )
        for row in await session.rows(text(_AFTER), parameters)
    ]


async def bookmark_now(session: ReadSession) -> Bookmark:
    """Return the bookmark behind every event settled so far."""
    return (await settled_before(session) - 1, 2**62)
