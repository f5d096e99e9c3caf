"""Who looked at records: to a resident of their own, to the administrator of all."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from gis.flows.residents.access import LOOKS, present
from gis.flows.residents.keeping import the_record
from gis.flows.work import Work
from gis.people.permissions import require
from gis.people.residents import Sight, sight_of
from gis.store.access_log import Look, looks
from gis.words import Actor

SHOWN = 50


async def looks_at(
    work: Work, actor: Actor, resident_id: UUID, *, before: int | None = None
) -> tuple[Sequence[Look], int | None]:
    """Return who looked at a record, the latest first, and where the next part begins.

    Parameters
    ----------
    work, actor, resident_id
        The resident, or the administrator; at whose record.
    before
        Only earlier ones than this.

    Raises
    ------
    NotFoundError, NotAllowedError
        ``resident_not_found``; ``not_allowed``.
    """
    actor = await present(work.session, actor)
    row = await the_record(work, actor, resident_id, full=False)
    if sight_of(actor, row.grid_code, row.micro_grid_code, row.account_id) is not Sight.OWN:
        require(actor, "mind_residents")
    return await _part(work, actor, [str(resident_id)], before)


async def all_looks(
    work: Work, actor: Actor, *, before: int | None = None
) -> tuple[Sequence[Look], int | None]:
    """Return who looked at any record of the community. See ``looks_at``.

    Parameters
    ----------
    work, actor, before
        The administrator; only earlier ones than this.
    """
    actor = await present(work.session, actor)
    require(actor, "mind_residents")
    return await _part(work, actor, None, before)


async def _part(
    work: Work, actor: Actor, subjects: list[str] | None, before: int | None
) -> tuple[Sequence[Look], int | None]:
    found = await looks(
        work.session, actor.community_id, LOOKS, subject_ids=subjects, before=before, limit=SHOWN + 1
    )
    shown = found[:SHOWN]
    return shown, shown[-1].access_id if len(found) > SHOWN else None
