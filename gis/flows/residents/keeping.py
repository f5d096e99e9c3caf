"""Records held, checked and stored: what every way of changing them goes through. Who may is checked by the callers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from gis.errors import ConflictError, NotFoundError
from gis.flows.office.record import differences
from gis.flows.residents.flags import flags_in_use
from gis.flows.residents.sealed import Sealed
from gis.flows.sealing import vault_of
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.people.residents import require_sight, resident_scope, sight_of
from gis.residents.records import Grounds, Person, checked_grounds, checked_person, told
from gis.store import resident_changes, residents
from gis.store.resident_changes import NewChange
from gis.store.resident_reading import Household, Recorded, households, recorded
from gis.store.residents import NewResident
from gis.words import Actor


def sealed_of(work: Work, community_id: str) -> Sealed:
    """Return what seals and opens the records of a community.

    Parameters
    ----------
    work, community_id
        With the keys of which installation, whose.
    """
    return Sealed(vault_of(work.settings), community_id)


async def the_household(work: Work, actor: Actor, household_id: UUID) -> Household:
    """Return a household inside one's areas.

    Raises
    ------
    NotFoundError
        ``household_not_found``.
    """
    found = await households(work.session, resident_scope(actor), [household_id])
    if not found:
        raise NotFoundError("no such household, or not one of yours", code="household_not_found")
    return found[0]


async def the_record(work: Work, actor: Actor, resident_id: UUID, *, full: bool = True) -> Recorded:
    """Return a record that the actor may see, held until the transaction ends.

    Parameters
    ----------
    work, actor, resident_id
        Who, whose.
    full
        Whether they have to see all of it.

    Raises
    ------
    NotFoundError
        ``resident_not_found``.
    NotAllowedError
        ``not_allowed``.
    """
    found = await recorded(work.session, actor.community_id, [resident_id], lock=True)
    sight = (
        sight_of(actor, found[0].grid_code, found[0].micro_grid_code, found[0].account_id)
        if found
        else sight_of(actor, None, None)
    )
    if not found:
        raise NotFoundError("no such record, or not one of yours", code="resident_not_found")
    require_sight(sight, full=full)
    return found[0]


async def store_resident(  # noqa: PLR0917 - whom, where, why, and by whose word
    work: Work,
    actor: Actor,
    resident_id: UUID,
    home: Household,
    person: Person,
    grounds: Grounds,
    *,
    suggestion_id: UUID | None = None,
) -> UUID:
    """Record somebody, by one's own word or a watcher's; who may was checked. See ``add_resident``."""
    community_id, now = actor.community_id, work.clock.now()
    today = await today_in(work.session, work.clock, community_id)
    checked = checked_person(person, today, await flags_in_use(work.session, community_id))
    reasons = checked_grounds(grounds, today)
    sealed = sealed_of(work, community_id)
    await refuse_twice(work, sealed, checked, resident_id)
    new = NewResident(
        resident_id=resident_id,
        household_id=home.household_id,
        **sealed.columns(resident_id, checked),
        account_id=None,
        purpose=reasons.purpose,
        source=reasons.source,
        recorded_on=reasons.recorded_on,
        created_by=actor.person_id,
        created_at=now,
        changed_at=now,
    )
    if await residents.add_residents(work.session, community_id, [new]):
        after = told(checked)
        changes = {name: [None, value] for name, value in after.items() if value}
        await write_down(work, actor, sealed, "added", home.household_id, resident_id, changes, suggestion_id)
    return resident_id


async def store_change(
    work: Work,
    actor: Actor,
    found: Recorded,
    person: Person,
    *,
    grounds: Grounds | None = None,
    suggestion_id: UUID | None = None,
) -> bool:
    """Change a record that is held, by one's own word or a watcher's. See ``change_resident``."""
    community_id, now = actor.community_id, work.clock.now()
    today = await today_in(work.session, work.clock, community_id)
    usable = {*await flags_in_use(work.session, community_id), *found.flags}
    checked = checked_person(person, today, usable)
    sealed = sealed_of(work, community_id)
    await refuse_twice(work, sealed, checked, found.resident_id)
    changed = differences(told(sealed.person(found)), told(checked))
    columns = sealed.columns(found.resident_id, checked) if changed else {}
    if grounds is not None:
        reasons = checked_grounds(grounds, today)
        stated = {"purpose": reasons.purpose, "source": reasons.source, "recorded_on": reasons.recorded_on}
        changed |= {
            name: [str(getattr(found, name)), str(value)]
            for name, value in stated.items()
            if getattr(found, name) != value
        }
        columns |= stated
    if not changed:
        return False
    if not await residents.change_resident(
        work.session, community_id, found.resident_id, found.revision, columns, now=now
    ):
        raise ConflictError("somebody else changed it first", code="changed_meanwhile")
    verb = _verb(changed)
    await write_down(work, actor, sealed, verb, found.household_id, found.resident_id, changed, suggestion_id)
    return True


async def refuse_twice(work: Work, sealed: Sealed, person: Person, resident_id: UUID) -> None:
    """Refuse an identity number that another resident has: they are recorded already, perhaps elsewhere.

    Raises
    ------
    ConflictError
        ``id_number_recorded``; whose it is isn't said.
    """
    if not person.id_number:
        return
    marks = sealed.marks({"id_number": person.id_number}).id_number
    others = await residents.with_id_mark(work.session, sealed.community_id, marks)
    if set(others) - {resident_id}:
        raise ConflictError("recorded already", code="id_number_recorded", field="id_number")


async def write_down(  # noqa: PLR0917 - who changed what of whom
    work: Work,
    actor: Actor,
    sealed: Sealed,
    verb: str,
    household_id: UUID,
    resident_id: UUID | None,
    changed: Mapping[str, Any],
    suggestion_id: UUID | None = None,
) -> None:
    """Write a change down with the old values, sealed, in the transaction that makes it."""
    change_id = uuid4()
    data = sealed.seal_json("resident_change.data", change_id, dict(changed)) if changed else None
    new = NewChange(
        change_id,
        household_id,
        resident_id,
        suggestion_id,
        work.clock.now(),
        actor.person_id,
        verb,
        sorted(changed),
        data,
    )
    await resident_changes.append(work.session, sealed.community_id, [new])


def _verb(changed: Mapping[str, Any]) -> str:
    if "moved_out_on" not in changed:
        return "changed"
    return "moved_out" if changed["moved_out_on"][1] else "moved_in"
