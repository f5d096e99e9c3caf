"""Counts of cases."""

from __future__ import annotations

from pydantic import BaseModel

from api.deps import PartsDep, ReadDep, ReaderDep
from api.rooms import interface
from api.spec import errors
from gis.people.permissions import scope_of
from gis.store.session import ReadSession
from gis.views.boards import community_facts, late_count, status_counts

router = interface("figures")


class CountsOut(BaseModel):
    """How many cases stand in each status, and how many are late; of what has ended ten thousand of each at most are counted."""

    counts: dict[str, int]
    late: int


async def timezone_of(session: ReadSession, community_id: str) -> str:
    """Return a community's time zone."""
    facts = await community_facts(session, community_id)
    return facts.timezone if facts else "Asia/Shanghai"


@router.get("/counts", responses=errors(401))
async def get_counts(parts: PartsDep, reader: ReaderDep, session: ReadDep) -> CountsOut:
    """Return counts of the reader's cases by status."""
    scope = scope_of(reader.actor)
    counts = await status_counts(session, scope, ended=True)
    return CountsOut(counts=counts, late=await late_count(session, scope, parts.clock.now()))
