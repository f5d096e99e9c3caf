"""Recording households, and changing what is said of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gis.errors import ConflictError, InvalidInputError
from gis.flows.office.record import differences
from gis.flows.residents.access import present
from gis.flows.residents.keeping import sealed_of, the_household, write_down
from gis.flows.texts import plain, required
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.people.permissions import require
from gis.people.residents import require_sight, sight_of
from gis.residents.records import Grounds, checked_grounds
from gis.residents.words import TENURES
from gis.store import residents
from gis.store.community_facts import addresses
from gis.store.resident_reading import Household, households
from gis.store.residents import NewHousehold
from gis.words import Actor, Scope

LONGEST_FLAT = 20
LONGEST_NOTE = 500


@dataclass(frozen=True, slots=True)
class HouseholdDraft:
    """A household as it is stated."""

    household_id: UUID
    building_id: UUID
    unit: str
    flat: str
    tenure: str
    note: str
    grounds: Grounds


async def add_household(work: Work, actor: Actor, draft: HouseholdDraft) -> UUID:
    """Record a household; a repeat of the same id, or of a flat that is there, gives the one that is there.

    Parameters
    ----------
    work, actor, draft
        Who records what.

    Raises
    ------
    InvalidInputError
        ``building_unknown``, ``text_needed``, ``tenure_unknown``, and those of ``checked_grounds``.
    NotFoundError
        ``household_not_found``: it would lie outside one's own areas.
    """
    actor = await present(work.session, actor)
    require(actor, "keep_residents")
    community_id, now = actor.community_id, work.clock.now()
    grounds = checked_grounds(draft.grounds, await today_in(work.session, work.clock, community_id))
    if not await addresses(work.session, community_id, draft.building_id):
        raise InvalidInputError("no such building", code="building_unknown", field="building")
    if draft.tenure not in TENURES:
        raise InvalidInputError("no such tenure", code="tenure_unknown", field="tenure")
    note = plain(draft.note, "note", limit=LONGEST_NOTE)
    sealed = sealed_of(work, community_id)
    new = NewHousehold(
        draft.household_id,
        draft.building_id,
        plain(draft.unit, "unit", limit=LONGEST_FLAT),
        required(draft.flat, "flat", limit=LONGEST_FLAT),
        draft.tenure,
        sealed.seal("household.note", draft.household_id, note) if note else None,
        grounds.purpose,
        grounds.source,
        grounds.recorded_on,
        actor.person_id,
        now,
        now,
    )
    made = await residents.add_households(work.session, community_id, [new])
    if made:
        await residents.place_households(work.session, community_id, made)
        await write_down(work, actor, sealed, "added", draft.household_id, None, {})
    there = await households(work.session, Scope(community_id, everything=True), building_id=new.building_id)
    found = next(
        (one for one in there if (one.unit, one.flat) == (new.unit, new.flat)),
        next((one for one in there if one.household_id == draft.household_id), None),
    )
    if found is None:
        raise ConflictError("this id is another household's", code="id_used", field="id")
    in_scope(actor, found)
    return found.household_id


async def change_household(work: Work, actor: Actor, household_id: UUID, draft: HouseholdDraft) -> bool:
    """Change a household's tenure, note and grounds; False when nothing was to be changed.

    Parameters
    ----------
    work, actor, household_id, draft
        Who changes which household into what; its flat stays.

    Raises
    ------
    NotFoundError
        ``household_not_found``.
    InvalidInputError, ConflictError
        As for ``add_household``; ``changed_meanwhile``.
    """
    actor = await present(work.session, actor)
    require(actor, "keep_residents")
    found = await the_household(work, actor, household_id)
    today = await today_in(work.session, work.clock, actor.community_id)
    grounds = checked_grounds(draft.grounds, today)
    if draft.tenure not in TENURES:
        raise InvalidInputError("no such tenure", code="tenure_unknown", field="tenure")
    sealed = sealed_of(work, actor.community_id)
    note = plain(draft.note, "note", limit=LONGEST_NOTE)
    before = {
        "tenure": found.tenure,
        "note": sealed.open("household.note", household_id, found.note) if found.note else "",
        "purpose": found.purpose,
        "source": found.source,
        "recorded_on": found.recorded_on.isoformat(),
    }
    after = {
        "tenure": draft.tenure,
        "note": note,
        "purpose": grounds.purpose,
        "source": grounds.source,
        "recorded_on": grounds.recorded_on.isoformat(),
    }
    changed = differences(before, after)
    if not changed:
        return False
    columns: dict[str, Any] = after | {
        "note": sealed.seal("household.note", household_id, note) if note else None,
        "recorded_on": grounds.recorded_on,
    }
    now = work.clock.now()
    if not await residents.change_household(
        work.session, actor.community_id, household_id, found.revision, columns, now=now
    ):
        raise ConflictError("somebody else changed it first", code="changed_meanwhile")
    await write_down(work, actor, sealed, "changed", household_id, None, changed)
    return True


def in_scope(actor: Actor, household: Household) -> None:
    """Refuse a household outside one's areas.

    Raises
    ------
    NotFoundError
        ``resident_not_found``.
    """
    require_sight(sight_of(actor, household.grid_code, household.micro_grid_code))
