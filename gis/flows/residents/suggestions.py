"""What watchers propose to change, and grid workers decide: one by one, or many at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from gis.errors import ConflictError, InvalidInputError, NotFoundError, WeiwangError
from gis.flows.notify import notify
from gis.flows.office.record import differences
from gis.flows.residents.access import LISTED, looked, present
from gis.flows.residents.flags import flags_for_watchers, flags_in_use
from gis.flows.residents.keeping import (
    sealed_of,
    store_change,
    store_resident,
    the_household,
    the_record,
)
from gis.flows.residents.sealed import Sealed
from gis.flows.texts import required
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.people.permissions import require
from gis.people.residents import Sight, resident_scope, sight_of
from gis.residents.records import FOR_WATCHERS, Grounds, Person, checked_person, person_of, told
from gis.store import resident_suggestions
from gis.store.resident_reading import households, recorded
from gis.store.resident_suggestions import Suggestion
from gis.words import Actor, Notice, Role

MOST_AT_ONCE = 200
PLACE = "resident_suggestion.data"
SOURCE = "守望员"
"""What a record states as its source where it came by a watcher's suggestion; their name stands in its history."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A suggestion as it is read: field -> as it was then, as it would be; ``changed_since``: it no longer is so."""

    row: Suggestion
    name: str
    address: str
    changes: Mapping[str, Sequence[Any]]
    changed_since: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of deciding: how many were decided, and which couldn't be, with why."""

    decided: int
    failed: Mapping[UUID, WeiwangError]


async def suggest_change(
    work: Work, actor: Actor, suggestion_id: UUID, resident_id: UUID, person: Person
) -> bool:
    """Propose a change of a record of one's micro-grid; a repeat of the same id changes nothing.

    Parameters
    ----------
    work, actor, suggestion_id
        Who proposes.
    resident_id, person
        Whose record, and as it would be; what watchers don't see stays as it is.

    Returns
    -------
    bool
        False when nothing would change.

    Raises
    ------
    NotFoundError, InvalidInputError, NotAllowedError
        ``resident_not_found``, those of ``checked_person``, ``not_allowed``.
    """
    actor = await present(work.session, actor)
    require(actor, "suggest_residents")
    row = await the_record(work, actor, resident_id, full=False)
    if sight_of(actor, row.grid_code, row.micro_grid_code) is not Sight.NEEDED:
        raise NotFoundError("no such record, or not one of yours", code="resident_not_found")
    sealed = sealed_of(work, actor.community_id)
    seen = await flags_for_watchers(work.session, actor.community_id)
    before = told(sealed.person(row))
    after = told(person)
    hidden = [flag for flag in before["flags"] if flag not in seen]
    wanted = {name: after[name] for name in FOR_WATCHERS if name != "birth_year" or after[name]}
    wanted["flags"] = sorted({*hidden, *wanted["flags"]})
    today = await today_in(work.session, work.clock, actor.community_id)
    usable = {*await flags_in_use(work.session, actor.community_id), *row.flags}
    changed = differences(before, told(checked_person(person_of({**before, **wanted}), today, usable)))
    if not changed:
        return False
    await _store(work, actor, sealed, suggestion_id, row.household_id, resident_id, changed)
    return True


async def suggest_resident(
    work: Work, actor: Actor, suggestion_id: UUID, household_id: UUID, person: Person
) -> None:
    """Propose to record somebody who lives in a household of one's micro-grid. See ``suggest_change``."""
    actor = await present(work.session, actor)
    require(actor, "suggest_residents")
    home = await the_household(work, actor, household_id)
    today = await today_in(work.session, work.clock, actor.community_id)
    checked = checked_person(person, today, await flags_in_use(work.session, actor.community_id))
    changed = {name: [None, value] for name, value in told(checked).items() if value}
    sealed = sealed_of(work, actor.community_id)
    await _store(work, actor, sealed, suggestion_id, home.household_id, None, changed)


async def _store(  # noqa: PLR0917 - who proposes what of whom
    work: Work,
    actor: Actor,
    sealed: Sealed,
    suggestion_id: UUID,
    household_id: UUID,
    resident_id: UUID | None,
    changed: Mapping[str, Any],
) -> None:
    await resident_suggestions.add(
        work.session,
        actor.community_id,
        suggestion_id,
        household_id=household_id,
        resident_id=resident_id,
        made_by=actor.person_id,
        at=work.clock.now(),
        fields=sorted(changed),
        data=sealed.seal_json(PLACE, suggestion_id, dict(changed)),
    )


async def decide(
    work: Work, actor: Actor, ids: Sequence[UUID], *, approve: bool, reason: str = ""
) -> Outcome:
    """Approve or decline suggestions; one that can't be carried out any more stays open, the others are decided.

    Parameters
    ----------
    work, actor, ids, approve
        Who decides what.
    reason
        Needed to decline; told to who proposed it.

    Raises
    ------
    InvalidInputError
        ``suggestions_none``, ``suggestions_too_many``, ``reason_needed``.
    NotFoundError
        ``suggestion_not_found``: one isn't there, or outside one's areas.
    NotAllowedError
        ``not_allowed``.
    """
    actor = await present(work.session, actor)
    require(actor, "keep_residents")
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        raise InvalidInputError("which?", code="suggestions_none", field="ids")
    if len(wanted) > MOST_AT_ONCE:
        raise InvalidInputError(
            "too many at once", code="suggestions_too_many", field="ids", limit=MOST_AT_ONCE
        )
    said = reason.strip() if approve else required(reason, "reason", limit=200)
    rows = await resident_suggestions.held(work.session, actor.community_id, wanted)
    reachable = [row for row in rows if sight_of(actor, row.grid_code, row.micro_grid_code) is Sight.FULL]
    if len(reachable) != len(wanted):
        raise NotFoundError("no such suggestion, or not one of yours", code="suggestion_not_found")
    failed: dict[UUID, WeiwangError] = {}
    done = []
    for row in reachable:
        if row.status != "open":
            continue  # somebody was quicker, or this is a repeat
        try:
            if approve:
                await _carry_out(work, actor, row)
            done.append(row)
        except WeiwangError as error:
            failed[row.suggestion_id] = error
    status = "approved" if approve else "declined"
    await resident_suggestions.decide(
        work.session,
        actor.community_id,
        [row.suggestion_id for row in done],
        status,
        by=actor.person_id,
        at=work.clock.now(),
        reason=said,
    )
    if not approve:
        await _tell(work, actor, done, said)
    return Outcome(len(done), failed)


async def _carry_out(work: Work, actor: Actor, row: Suggestion) -> None:
    sealed = sealed_of(work, actor.community_id)
    if row.data is None:
        raise ConflictError("the person was erased", code="changed_meanwhile")
    changes: dict[str, list[Any]] = sealed.open_json(PLACE, row.suggestion_id, row.data)
    if row.resident_id is None:
        home = await the_household(work, actor, row.household_id)
        day = await today_in(work.session, work.clock, actor.community_id)
        person = person_of({name: pair[1] for name, pair in changes.items()})
        grounds = Grounds("care", SOURCE, day)
        await store_resident(
            work, actor, row.suggestion_id, home, person, grounds, suggestion_id=row.suggestion_id
        )
        return
    found = await the_record(work, actor, row.resident_id)
    now = told(sealed.person(found))
    if any(now.get(name) not in pair for name, pair in changes.items()):
        raise ConflictError("the record was changed since", code="changed_meanwhile")
    wanted = person_of({**now, **{name: pair[1] for name, pair in changes.items()}})
    await store_change(work, actor, found, wanted, suggestion_id=row.suggestion_id)


async def _tell(work: Work, actor: Actor, rows: Sequence[Suggestion], reason: str) -> None:
    for row in rows:
        notice = Notice(
            "suggestion_declined",
            [row.made_by],
            data={"reason": reason, "name": actor.name},
            key=str(row.suggestion_id),
        )
        await notify(work, actor.community_id, notice)


async def open_suggestions(work: Work, actor: Actor, *, resident_id: UUID | None = None) -> list[Proposal]:
    """Return what waits to be decided in one's areas, the oldest first; or, to a watcher, what became of their own.

    Parameters
    ----------
    work, actor, resident_id
        Who reads; only about this resident.
    """
    actor = await present(work.session, actor)
    scope = resident_scope(actor)
    sealed = sealed_of(work, actor.community_id)
    own = actor.role is Role.WATCHER
    rows = await resident_suggestions.suggestions(
        work.session,
        scope,
        status="" if own else "open",
        resident_id=resident_id,
        made_by=actor.person_id if own else None,
    )
    return await _proposals(work, actor, sealed, rows)


async def _proposals(work: Work, actor: Actor, sealed: Sealed, rows: Sequence[Suggestion]) -> list[Proposal]:
    people = {
        one.resident_id: one
        for one in await recorded(
            work.session, actor.community_id, [row.resident_id for row in rows if row.resident_id]
        )
    }
    homes = {
        one.household_id: one
        for one in await households(work.session, resident_scope(actor), [row.household_id for row in rows])
    }
    await looked(work, actor, LISTED, list(people))
    found = []
    for row in rows:
        person = people.get(row.resident_id) if row.resident_id else None
        home = homes.get(row.household_id)
        if row.data is None or home is None:  # erased since; or no longer in one's areas
            continue
        changes = sealed.open_json(PLACE, row.suggestion_id, row.data)
        now = told(sealed.person(person)) if person else {}
        stale = bool(person) and any(now.get(name) not in pair for name, pair in changes.items())
        name = sealed.name(person) if person else str(changes.get("name", ["", ""])[1])
        place = f"{home.address} {home.unit}-{home.flat}" if home.unit else f"{home.address} {home.flat}"
        found.append(Proposal(row, name, place, changes, stale))
    return found
