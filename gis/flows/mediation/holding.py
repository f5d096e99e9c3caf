"""Who may look into a mediation, as they are at this moment; and sealing what is written in it."""

from __future__ import annotations

from uuid import UUID

from gis.errors import NotFoundError
from gis.flows.residents.access import present
from gis.flows.sealing import vault_of
from gis.flows.work import Work
from gis.mediation.rules import require_open
from gis.people.permissions import sees_mediation
from gis.store import mediation
from gis.store.mediation import Mediation
from gis.words import Actor


def sees(actor: Actor, one: Mediation) -> bool:
    """Tell whether somebody may look into a mediation.

    Parameters
    ----------
    actor, one
        Who, with the role and areas of now; and which.
    """
    mediator = one.mediator_id if one.mediator_able else None
    return sees_mediation(actor, one.keeper_id, mediator, one.grid_code)


async def held(work: Work, actor: Actor, case_id: UUID) -> Mediation:
    """Return a mediation, held until the transaction ends, to its mediator and its social worker.

    Parameters
    ----------
    work, actor, case_id
        Who writes in which; their role and areas are read anew.

    Raises
    ------
    NotFoundError
        ``mediation_not_found``: none, or not one of theirs.
    """
    now = await present(work.session, actor)
    found = await mediation.lock(work.session, actor.community_id, case_id, work.clock.now())
    if found is None or not sees(now, found):
        raise NotFoundError("no such mediation, or not one of yours", code="mediation_not_found")
    return found


async def held_open(work: Work, actor: Actor, case_id: UUID) -> Mediation:
    """Return a mediation that has no outcome yet, held.

    Raises
    ------
    NotFoundError, ConflictError
        As ``held``; ``mediation_over``.
    """
    found = await held(work, actor, case_id)
    require_open(found.outcome)
    return found


def sealed(work: Work, actor: Actor, place: str, row: UUID, text: str) -> bytes | None:
    """Return a text sealed for a column of a row; None for no text.

    Parameters
    ----------
    work, actor
        Whose keys, and whose community.
    place, row, text
        Table and column, the row's id, and what is written there.
    """
    if not text:
        return None
    return vault_of(work.settings).seal(actor.community_id, f"{place}:{row}", text)


def unsealed(work: Work, actor: Actor, place: str, row: UUID, stored: bytes | None) -> str:
    """Return what was sealed for a column of a row.

    Parameters
    ----------
    work, actor, place, row
        As for ``sealed``.
    stored
        As it is in the database.
    """
    if stored is None:
        return ""
    return vault_of(work.settings).open(actor.community_id, f"{place}:{row}", bytes(stored))
