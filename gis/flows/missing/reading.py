"""Reading a search: only those who were called see who is missing, and only while it lasts; the office as long as it is kept.

Who was called and is no longer needed still sees that there was a search and how it ended, but nothing of the person.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from gis.errors import NotAllowedError, NotFoundError
from gis.flows.residents.access import present
from gis.flows.residents.keeping import sealed_of
from gis.flows.residents.sealed import Sealed
from gis.flows.work import Work
from gis.store import missing
from gis.store.access_log import log_access
from gis.store.missing import Search, Street
from gis.store.session import ReadSession
from gis.words import Actor, Role

CONTENT = "missing_person.told"
LOOK, CALL = "missing", "missing_call"
NEEDED = frozenset({"called", "no_answer", "on_the_way", "arrived"})
"""How a call stands of who searches, or may yet."""
_OFFICE = frozenset({Role.ADMIN, Role.DESK})


@dataclass(frozen=True, slots=True)
class SearchShown:
    """A search as its reader sees it; what is erased is empty."""

    row: Search
    name: str
    description: str
    phone: str
    outcome: str
    leading: bool
    """Whether the reader may end it, and see who was called."""


async def visible(
    session: ReadSession, actor: Actor, ids: Sequence[UUID] | None = None, limit: int = 30
) -> list[Search]:
    """Return the searches that somebody may see, as they are called and charged now.

    Parameters
    ----------
    session, actor
        Who; their role and areas were read anew.
    ids, limit
        Only these, and how many at most.
    """
    grids = sorted(actor.grid_codes) if actor.role is Role.GRID_WORKER else []
    return await missing.searches(
        session,
        actor.community_id,
        person=actor.person_id,
        ids=ids,
        grids=None if actor.role in _OFFICE else grids,
        limit=limit,
    )


def leads(actor: Actor, row: Search) -> bool:
    """Tell whether somebody leads a search: the office, the grid's workers, and who began it.

    Parameters
    ----------
    actor, row
        Who, and which.
    """
    worker = actor.role is Role.GRID_WORKER and row.grid_code in actor.grid_codes
    return actor.role in _OFFICE or worker or row.created_by == actor.person_id


def knows(actor: Actor, row: Search) -> bool:
    """Tell whether somebody may know who is missing: who leads the search, and whose call stands while it lasts.

    Parameters
    ----------
    actor, row
        Who, and which, as it was asked for them.
    """
    return leads(actor, row) or (row.status == "searching" and row.called_as in NEEDED)


async def the_search(work: Work, actor: Actor, missing_id: UUID, *, leading: bool = False) -> Search:
    """Return a search that the actor may see.

    Raises
    ------
    NotFoundError
        ``missing_not_found``.
    NotAllowedError
        ``not_allowed``: they don't lead it.
    """
    found = await visible(work.session, actor, [missing_id])
    if not found:
        raise NotFoundError("no such search, or not one of yours", code="missing_not_found")
    if leading and not leads(actor, found[0]):
        raise NotAllowedError("who leads the search", verb="seek_missing")
    return found[0]


async def list_searches(work: Work, actor: Actor) -> list[SearchShown]:
    """Return the searches that somebody may see, those under way first; names are for the page of one."""
    actor = await present(work.session, actor)
    rows = await visible(work.session, actor)
    return [SearchShown(row, "", "", "", "", leads(actor, row)) for row in rows]


async def open_search(work: Work, actor: Actor, missing_id: UUID) -> SearchShown:
    """Return who is missing, to those who may know; the look is written down.

    Raises
    ------
    NotFoundError
        ``missing_not_found``.
    """
    actor = await present(work.session, actor)
    row = await the_search(work, actor, missing_id)
    if not knows(actor, row):
        return SearchShown(row, "", "", "", "", leading=False)
    await _looked(work, actor, LOOK, missing_id)
    return _shown(sealed_of(work, actor.community_id), row, leading=leads(actor, row))


def _shown(sealed: Sealed, row: Search, *, leading: bool) -> SearchShown:
    key = row.missing_id
    told = sealed.open_json(CONTENT, key, row.told) if row.told else {}
    return SearchShown(
        row,
        sealed.open("missing_person.name", key, row.name) if row.name else "",
        told.get("description", ""),
        told.get("phone", ""),
        sealed.open("missing_person.outcome", key, row.outcome) if row.outcome else "",
        leading,
    )


async def streets_of(work: Work, actor: Actor, missing_id: UUID) -> list[Street]:
    """Return the streets that the search has reached, those not searched yet first."""
    actor = await present(work.session, actor)
    await the_search(work, actor, missing_id)
    return await missing.streets(work.session, actor.community_id, missing_id)


async def number_to_call(work: Work, actor: Actor, missing_id: UUID) -> str:
    """Return the family's number; the call is written down.

    Raises
    ------
    NotFoundError
        ``missing_not_found``; ``no_number`` where none was told.
    """
    actor = await present(work.session, actor)
    row = await the_search(work, actor, missing_id)
    if not knows(actor, row):
        raise NotFoundError("no longer needed", code="missing_not_found")
    found = _shown(sealed_of(work, actor.community_id), row, leading=False)
    if not found.phone:
        raise NotFoundError("no number was told", code="no_number")
    await _looked(work, actor, CALL, missing_id)
    return found.phone


async def _looked(work: Work, actor: Actor, kind: str, missing_id: UUID) -> None:
    await log_access(
        work.session,
        actor.community_id,
        at=work.clock.now(),
        person_id=actor.person_id,
        kind=kind,
        subject_id=str(missing_id),
    )
