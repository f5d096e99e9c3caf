"""Residents from a table: checked row by row first, written only as a whole; sent again, it changes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from gis.errors import ConflictError, InvalidInputError, NotFoundError, WeiwangError
from gis.flows.household_table import plain_address
from gis.flows.office.record import differences, record
from gis.flows.residents.access import present
from gis.flows.residents.flags import flags_in_use
from gis.flows.residents.keeping import sealed_of
from gis.flows.residents.sealed import Sealed
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.people.permissions import require
from gis.people.residents import resident_scope
from gis.residents.columns import NEEDED, Names, Stated, merged, stated
from gis.residents.records import Person, checked_grounds, checked_person, told
from gis.store import resident_changes, residents
from gis.store.community_facts import addresses
from gis.store.resident_changes import NewChange
from gis.store.resident_reading import Household, Recorded, households, recorded_in
from gis.store.residents import NewHousehold, NewResident
from gis.words import Actor, Scope

Flat = tuple[UUID, str, str]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, and what it would do: new, changed, same, wrong."""

    line: int
    name: str
    place: str
    what: str
    changes: Mapping[str, Any]
    flat: Flat | None = None
    person: Person | None = None
    stated: Stated | None = None
    resident: Recorded | None = None
    error: WeiwangError | None = None


@dataclass(slots=True)
class _Known:
    """What the rows are held against."""

    today: date
    flags: frozenset[str]
    buildings: Mapping[str, UUID]
    homes: Mapping[Flat, Household]
    outside: frozenset[Flat]
    people: Mapping[tuple[UUID, str], Recorded]
    by_id: Mapping[str, Recorded]
    opened: Mapping[UUID, Person]
    seen: set[tuple[Flat, str]] = field(default_factory=set)


async def check_residents(
    work: Work, actor: Actor, rows: Sequence[Sequence[str]], headings: Mapping[str, str], names: Names
) -> list[Row]:
    """Return what each row of a table would do; nothing is written.

    Parameters
    ----------
    work, actor
        Who asks.
    rows
        From ``gis.flows.office.tables.read_rows``.
    headings, names
        What people write above a column, and in a cell.

    Raises
    ------
    InvalidInputError
        ``column_missing`` with the column.
    """
    actor = await present(work.session, actor)
    require(actor, "import_residents")
    columns = [headings.get(cell.strip().lower()) for cell in rows[0]]
    for needed in NEEDED:
        if needed not in columns:
            raise InvalidInputError(f"no column {needed}", code="column_missing", field="file", column=needed)
    known = await _known(work, actor)
    found = []
    for line, row in enumerate(rows[1:], start=2):
        cells = {name: cell for name, cell in zip(columns, row, strict=False) if name}
        found.append(_checked(line, cells, known, names))
    return found


async def _known(work: Work, actor: Actor) -> _Known:
    community_id = actor.community_id
    sealed = sealed_of(work, community_id)
    everywhere = Scope(community_id, everything=True)
    homes = {(one.building_id, one.unit, one.flat): one for one in await households(work.session, everywhere)}
    mine = {one.household_id for one in await households(work.session, resident_scope(actor))}
    people = await recorded_in(work.session, resident_scope(actor))
    opened = {one.resident_id: sealed.person(one) for one in people}
    return _Known(
        await today_in(work.session, work.clock, community_id),
        frozenset(await flags_in_use(work.session, community_id)),
        {plain_address(one.label): one.id for one in await addresses(work.session, community_id)},
        homes,
        frozenset(flat for flat, home in homes.items() if home.household_id not in mine),
        {(one.household_id, opened[one.resident_id].name): one for one in people},
        {opened[one.resident_id].id_number: one for one in people if opened[one.resident_id].id_number},
        opened,
    )


def _checked(line: int, cells: Mapping[str, str], known: _Known, names: Names) -> Row:
    name = cells.get("name", "").strip()[:60]
    place = " ".join(cells.get(one, "").strip() for one in ("address", "unit", "flat"))[:60]
    try:
        row = stated(cells, names, known.today)
        building = known.buildings.get(plain_address(row.address))
        if building is None:
            raise InvalidInputError("no such address", code="address_unknown", field="address")
        flat = (building, row.unit, row.flat)
        if flat in known.outside:
            raise NotFoundError("not in one's areas", code="household_not_found")
        before = _before(row, flat, known)
        usable = known.flags | (set(before.flags) if before else set())
        wanted = merged(known.opened[before.resident_id], row) if before else row.person
        person = checked_person(wanted, known.today, usable)
        checked_grounds(row.grounds, known.today)
        if (flat, person.name) in known.seen:
            raise InvalidInputError("twice", code="resident_twice", field="name")
        known.seen.add((flat, person.name))
    except WeiwangError as error:
        return Row(line, name, place, "wrong", {}, error=error)
    if before is None:
        return Row(line, name, place, "new", {}, flat, person, row)
    changes = differences(told(known.opened[before.resident_id]), told(person))
    return Row(line, name, place, "changed" if changes else "same", changes, flat, person, row, before)


def _before(row: Stated, flat: Flat, known: _Known) -> Recorded | None:
    """Return whose record a row is about: who has its identity number, else who has its name in the flat."""
    home = known.homes.get(flat)
    by_id = known.by_id.get(row.person.id_number.replace(" ", "").upper())
    if by_id is not None:
        if home is None or by_id.household_id != home.household_id:
            raise ConflictError("recorded elsewhere", code="resident_elsewhere", field="id_number")
        return by_id
    return known.people.get((home.household_id, row.person.name)) if home else None


async def import_residents(work: Work, actor: Actor, rows: Sequence[Row]) -> int:
    """Write the rows that were checked, all or none; return how many people are new or changed.

    Parameters
    ----------
    work, actor
        Who.
    rows
        From ``check_residents``, of this very transaction.

    Raises
    ------
    ConflictError
        ``rows_wrong`` where one can't be written; ``changed_meanwhile``.
    NotFoundError
        ``household_not_found``: a new flat lies outside one's areas.
    """
    actor = await present(work.session, actor)
    require(actor, "import_residents")
    wrong = [row for row in rows if row.what == "wrong"]
    if wrong:
        raise ConflictError(
            "not every row can be written", code="rows_wrong", n=len(wrong), line=wrong[0].line
        )
    sealed = sealed_of(work, actor.community_id)
    writing = [row for row in rows if row.what in {"new", "changed"}]
    homes = await _homes(work, actor, writing)
    new = [_new(actor, sealed, row, homes, work) for row in writing if row.what == "new"]
    await residents.add_residents(work.session, actor.community_id, new)
    for row in writing:
        if row.resident is not None and row.person is not None:
            await _change(work, actor, sealed, row.resident, row.person)
    await resident_changes.append(work.session, actor.community_id, _told(work, actor, sealed, writing, new))
    if writing:
        counts = {"added": [0, len(new)], "changed": [0, len(writing) - len(new)]}
        await record(work, actor, "residents", "", "imported", data=counts)
    return len(writing)


async def _homes(work: Work, actor: Actor, rows: Sequence[Row]) -> dict[Flat, UUID]:
    """Return the households of the rows' flats, recording those that aren't there."""
    now, community_id = work.clock.now(), actor.community_id
    wanted = {row.flat: row for row in rows if row.flat is not None and row.stated is not None}
    there = await _there(work, community_id)
    new = [
        NewHousehold(
            uuid4(), *flat, "unknown", None, row.stated.grounds.purpose, row.stated.grounds.source,
            row.stated.grounds.recorded_on, actor.person_id, now, now,
        )
        for flat, row in wanted.items()
        if flat not in there and row.stated is not None
    ]  # fmt: skip
    made = await residents.add_households(work.session, community_id, new)
    if made:
        await residents.place_households(work.session, community_id, made)
    mine = await households(work.session, resident_scope(actor), made)
    if len(mine) != len(made):
        raise NotFoundError("a flat lies outside one's areas", code="household_not_found")
    return await _there(work, community_id)


async def _there(work: Work, community_id: str) -> dict[Flat, UUID]:
    found = await households(work.session, Scope(community_id, everything=True))
    return {(one.building_id, one.unit, one.flat): one.household_id for one in found}


def _new(actor: Actor, sealed: Sealed, row: Row, homes: Mapping[Flat, UUID], work: Work) -> NewResident:
    if row.flat is None or row.person is None or row.stated is None:
        raise AssertionError  # a row that is new has all of them
    resident_id, now, grounds = uuid4(), work.clock.now(), row.stated.grounds
    return NewResident(
        resident_id=resident_id,
        household_id=homes[row.flat],
        **sealed.columns(resident_id, row.person),
        account_id=None,
        purpose=grounds.purpose,
        source=grounds.source,
        recorded_on=grounds.recorded_on,
        created_by=actor.person_id,
        created_at=now,
        changed_at=now,
    )


async def _change(work: Work, actor: Actor, sealed: Sealed, before: Recorded, person: Person) -> None:
    columns = sealed.columns(before.resident_id, person)
    if not await residents.change_resident(
        work.session,
        actor.community_id,
        before.resident_id,
        before.revision,
        columns,
        now=work.clock.now(),
    ):
        raise ConflictError("somebody else changed it first", code="changed_meanwhile")


def _told(
    work: Work, actor: Actor, sealed: Sealed, rows: Sequence[Row], new: Sequence[NewResident]
) -> list[NewChange]:
    """Return what is written down of each; new records say only that they came by a table."""
    now = work.clock.now()

    def change(household_id: UUID, resident_id: UUID, changes: Mapping[str, Any]) -> NewChange:
        change_id = uuid4()
        data = sealed.seal_json("resident_change.data", change_id, dict(changes)) if changes else None
        fields = sorted(changes)
        return NewChange(
            change_id, household_id, resident_id, None, now, actor.person_id, "imported", fields, data
        )

    changed = [
        change(row.resident.household_id, row.resident.resident_id, row.changes)
        for row in rows
        if row.resident
    ]
    return changed + [change(one.household_id, one.resident_id, {}) for one in new]
