"""Adding and changing residents by one's own word; each change is written down with the old values, sealed."""

from __future__ import annotations

from uuid import UUID

from gis.errors import ConflictError
from gis.flows.residents.access import present
from gis.flows.residents.keeping import store_change, store_resident, the_household, the_record
from gis.flows.work import Work
from gis.people.permissions import require
from gis.residents.records import Grounds, Person
from gis.words import Actor


async def add_resident(  # noqa: PLR0917 - who records whom, where and why
    work: Work, actor: Actor, resident_id: UUID, household_id: UUID, person: Person, grounds: Grounds
) -> UUID:
    """Record somebody who lives in a household; a repeat of the same id changes nothing.

    Parameters
    ----------
    work, actor
        Who records.
    resident_id, household_id, person, grounds
        Whom, where, what is said of them, and why.

    Raises
    ------
    NotFoundError
        ``household_not_found``.
    InvalidInputError
        Those of ``checked_person`` and ``checked_grounds``.
    ConflictError
        ``id_number_recorded``: the number is another resident's.
    """
    actor = await present(work.session, actor)
    require(actor, "keep_residents")
    home = await the_household(work, actor, household_id)
    return await store_resident(work, actor, resident_id, home, person, grounds)


async def change_resident(
    work: Work,
    actor: Actor,
    resident_id: UUID,
    person: Person,
    *,
    grounds: Grounds | None = None,
    revision: int | None = None,
) -> bool:
    """Change a resident's record; False when nothing was to be changed.

    Parameters
    ----------
    work, actor, resident_id, person
        Who changes whose record into what.
    grounds
        Why it is recorded, where that is stated anew.
    revision
        The one that was looked at; None: whatever it is now.

    Raises
    ------
    NotFoundError, InvalidInputError, ConflictError
        As for ``add_resident``; ``changed_meanwhile``.
    """
    actor = await present(work.session, actor)
    require(actor, "keep_residents")
    found = await the_record(work, actor, resident_id)
    if revision is not None and revision != found.revision:
        raise ConflictError("somebody else changed it first", code="changed_meanwhile")
    return await store_change(work, actor, found, person, grounds=grounds)
