"""Opening a resident's record: as much of it as its reader may see, each look written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from gis.errors import InvalidInputError, NotFoundError
from gis.flows.residents.access import CALLED, OPENED, REVEALED, looked, present
from gis.flows.residents.flags import flags_for_watchers
from gis.flows.residents.keeping import sealed_of, the_record
from gis.flows.residents.reading import Card, card_of
from gis.flows.texts import required
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.people.residents import Sight, require_sight, sight_of
from gis.residents.numbers import masked
from gis.residents.records import Person
from gis.store.resident_reading import Recorded, recorded
from gis.words import Actor

LONGEST_WHY = 200


@dataclass(frozen=True, slots=True)
class Record:
    """A record as its reader may see it; an identity number is never whole."""

    card: Card
    person: Person
    sight: Sight
    building_id: UUID
    purpose: str
    source: str
    recorded_on: date
    revision: int
    changed_at: datetime
    has_account: bool


async def open_record(work: Work, actor: Actor, resident_id: UUID) -> Record:
    """Return a record as far as the reader may see it; the look is written down.

    Raises
    ------
    NotFoundError
        ``resident_not_found``.
    """
    actor = await present(work.session, actor)
    rows = await recorded(work.session, actor.community_id, [resident_id])
    return await _opened(work, actor, rows)


async def own_record(work: Work, actor: Actor) -> Record | None:
    """Return the record of who asks, None where none is joined to their account."""
    actor = await present(work.session, actor)
    rows = await recorded(work.session, actor.community_id, account_id=actor.person_id)
    return await _opened(work, actor, rows) if rows else None


async def _opened(work: Work, actor: Actor, rows: Sequence[Recorded]) -> Record:
    if not rows:
        raise NotFoundError("no such record, or not one of yours", code="resident_not_found")
    row = rows[0]
    sight = sight_of(actor, row.grid_code, row.micro_grid_code, row.account_id)
    require_sight(sight)
    if sight is not Sight.OWN:
        await looked(work, actor, OPENED, [row.resident_id])
    sealed = sealed_of(work, actor.community_id)
    year = (await today_in(work.session, work.clock, actor.community_id)).year
    allowed = await flags_for_watchers(work.session, actor.community_id) if sight is Sight.NEEDED else None
    person = sealed.person(row)
    return Record(
        card_of(row, person.name, year, allowed),
        _shown(person, sight, allowed),
        sight,
        row.building_id,
        row.purpose,
        row.source,
        row.recorded_on,
        row.revision,
        row.changed_at,
        row.account_id is not None,
    )


async def whole_number(work: Work, actor: Actor, resident_id: UUID, why: str) -> str:
    """Return somebody's whole identity number, empty where none is recorded; the look and its reason are written down.

    Parameters
    ----------
    work, actor, resident_id, why
        Who looks at whose, and what for.

    Raises
    ------
    InvalidInputError
        ``text_needed`` without a reason.
    NotFoundError, NotAllowedError
        ``resident_not_found``; ``not_allowed``.
    """
    actor = await present(work.session, actor)
    said = required(why, "why", limit=LONGEST_WHY)
    row = await the_record(work, actor, resident_id)
    await looked(work, actor, REVEALED, [resident_id], why=said)
    return sealed_of(work, actor.community_id).person(row).id_number


async def call_from(work: Work, actor: Actor, resident_id: UUID, whom: int) -> str:
    """Return the number to call from a record: the resident's own (0), or a contact's (1, 2, ...); written down.

    Raises
    ------
    NotFoundError
        ``resident_not_found``.
    InvalidInputError
        ``no_number``.
    """
    actor = await present(work.session, actor)
    row = await the_record(work, actor, resident_id, full=False)
    person = sealed_of(work, actor.community_id).person(row)
    numbers = [person.phone, *(one.phone for one in person.contacts)]
    if not 0 <= whom < len(numbers) or not numbers[whom]:
        raise InvalidInputError("no such number", code="no_number", field="whom")
    await looked(work, actor, CALLED, [resident_id])
    return numbers[whom]


def _shown(person: Person, sight: Sight, allowed: frozenset[str] | None) -> Person:
    """Return as much of a person as somebody may see."""
    if sight is not Sight.NEEDED:
        return replace(person, id_number=masked(person.id_number))
    flags = tuple(flag for flag in person.flags if allowed is None or flag in allowed)
    return replace(person, id_number="", birth_year=None, birth_day="", flags=flags)
