"""Reading residents: those of some areas, one with everything, households, and what others may ask of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

from gis.store.session import ReadSession
from gis.words import Scope


@dataclass(frozen=True, slots=True)
class Listed:
    """A resident in a list; the name is sealed."""

    resident_id: UUID
    household_id: UUID
    name: bytes
    birth_year: int | None
    relation: str
    flags: Sequence[str]
    moved_out_on: date | None
    building_id: UUID
    address: str
    unit: str
    flat: str
    grid_code: str | None
    micro_grid_code: str | None


@dataclass(frozen=True, slots=True)
class Recorded:
    """A resident with everything that is stored; what tells who they are is sealed."""

    resident_id: UUID
    household_id: UUID
    name: bytes
    identity: bytes
    contacts: bytes
    birth_year: int | None
    relation: str
    flags: Sequence[str]
    account_id: UUID | None
    purpose: str
    source: str
    recorded_on: date
    revision: int
    changed_at: datetime
    moved_out_on: date | None
    building_id: UUID
    address: str
    unit: str
    flat: str
    grid_code: str | None
    micro_grid_code: str | None


@dataclass(frozen=True, slots=True)
class Household:
    """A household, where it is, and how many live there."""

    household_id: UUID
    building_id: UUID
    address: str
    unit: str
    flat: str
    grid_code: str | None
    micro_grid_code: str | None
    tenure: str
    note: bytes | None
    purpose: str
    source: str
    recorded_on: date
    revision: int
    people: int


# What an address is called: the building's own street and number, else its name.
_ADDRESS: LiteralString = """
CASE WHEN b.street <> '' AND b.housenumber <> '' THEN b.street || b.housenumber
     || CASE WHEN b.housenumber ~ '[0-9]$' THEN '号' ELSE '' END ELSE b.name END
"""
_SCOPE: LiteralString = """
(%(everything)s OR h.grid_code = ANY(%(grids)s::text[]) OR h.micro_grid_code = ANY(%(cells)s::text[]))
"""
_LIVING: LiteralString = """
FROM resident r
JOIN household h ON h.community_id = r.community_id AND h.household_id = r.household_id
JOIN building b ON b.community_id = h.community_id AND b.building_id = h.building_id
"""


def _scoped(scope: Scope) -> dict[str, Any]:
    return {
        "community": scope.community_id,
        "everything": scope.everything,
        "grids": sorted(scope.grid_codes),
        "cells": sorted(scope.micro_grid_codes),
    }


@dataclass(frozen=True, slots=True)
class Marks:
    """Marks of a whole telephone or identity number, by every key."""

    phone: Sequence[bytes] = ()
    id_number: Sequence[bytes] = ()


async def people_in(
    session: ReadSession,
    scope: Scope,
    *,
    flags: Collection[str] = (),
    born_until: int | None = None,
    household_id: UUID | None = None,
    marks: Marks | None = None,
    gone: bool = False,
    part: tuple[int, int] | None = None,
) -> list[Listed]:
    """Return the residents of a scope by their address.

    Parameters
    ----------
    session, scope
        Whose areas.
    flags, born_until
        Only who has one of these flags; only who was born in this year or before.
    household_id, marks
        Only of this household; only who has this telephone or identity number.
    gone
        Those who have moved away, instead of those who live there.
    part
        From where, and how many; None: all.
    """
    rows = await session.direct(
        f"""
        SELECT r.resident_id, r.household_id, r.name, r.birth_year, r.relation, r.flags, r.moved_out_on, b.building_id,
               {_ADDRESS} AS address, h.unit, h.flat, h.grid_code, h.micro_grid_code
        {_LIVING}
        WHERE r.community_id = %(community)s AND r.erased_at IS NULL AND (r.moved_out_on IS NOT NULL) = %(gone)s
          AND {_SCOPE}
          AND (cardinality(%(flags)s::text[]) = 0 OR r.flags && %(flags)s::text[])
          AND (%(born)s::int IS NULL OR r.birth_year <= %(born)s)
          AND (%(household)s::uuid IS NULL OR r.household_id = %(household)s)
          AND (NOT %(marked)s OR r.phone_mark = ANY(%(phones)s::bytea[]) OR r.id_mark = ANY(%(ids)s::bytea[]))
        ORDER BY h.micro_grid_code NULLS LAST, b.street, length(b.housenumber), b.housenumber, b.building_id, h.unit,
                 length(h.flat), h.flat, r.relation <> 'head', r.birth_year, r.resident_id
        OFFSET %(offset)s LIMIT %(limit)s
        """,
        _scoped(scope)
        | {
            "offset": part[0] if part else 0,
            "limit": part[1] if part else None,
            "flags": list(flags),
            "born": born_until,
            "household": household_id,
            "gone": gone,
            "marked": marks is not None,
            "phones": list(marks.phone) if marks else [],
            "ids": list(marks.id_number) if marks else [],
        },
    )
    return [Listed(*row) for row in rows]


async def count_people(
    session: ReadSession,
    scope: Scope,
    *,
    flags: Collection[str] = (),
    born_until: int | None = None,
    marks: Marks | None = None,
    gone: bool = False,
) -> int:
    """Return how many residents ``people_in`` would return."""
    rows = await session.direct(
        f"""
        SELECT count(*) AS n {_LIVING}
        WHERE r.community_id = %(community)s AND r.erased_at IS NULL AND (r.moved_out_on IS NOT NULL) = %(gone)s
          AND {_SCOPE}
          AND (cardinality(%(flags)s::text[]) = 0 OR r.flags && %(flags)s::text[])
          AND (%(born)s::int IS NULL OR r.birth_year <= %(born)s)
          AND (NOT %(marked)s OR r.phone_mark = ANY(%(phones)s::bytea[]) OR r.id_mark = ANY(%(ids)s::bytea[]))
        """,
        _scoped(scope)
        | {
            "flags": list(flags),
            "born": born_until,
            "gone": gone,
            "marked": marks is not None,
            "phones": list(marks.phone) if marks else [],
            "ids": list(marks.id_number) if marks else [],
        },
    )
    return int(rows[0].n)


_RECORDED: LiteralString = f"""
SELECT r.resident_id, r.household_id, r.name, r.identity, r.contacts, r.birth_year, r.relation, r.flags, r.account_id,
       r.purpose, r.source, r.recorded_on, r.revision, r.changed_at, r.moved_out_on, b.building_id, {_ADDRESS} AS address,
       h.unit, h.flat, h.grid_code, h.micro_grid_code
{_LIVING}
"""


async def recorded(
    session: ReadSession,
    community_id: str,
    residents: Sequence[UUID] = (),
    *,
    account_id: UUID | None = None,
    lock: bool = False,
) -> list[Recorded]:
    """Return records of residents who aren't erased, whoever asks; the caller checks who may see them.

    Parameters
    ----------
    session, community_id, residents
        Which.
    account_id
        The record of who signs in with this account, besides.
    lock
        Whether others are kept from changing them until the transaction ends.
    """
    rows = await session.direct(
        _RECORDED + " WHERE r.community_id = %(community)s AND r.erased_at IS NULL"
        " AND (r.resident_id = ANY(%(residents)s::uuid[]) OR r.account_id = %(account)s::uuid)"
        " ORDER BY r.resident_id" + (" FOR NO KEY UPDATE OF r" if lock else ""),
        {"community": community_id, "residents": list(residents), "account": account_id},
    )
    return [Recorded(*row) for row in rows]


async def recorded_in(session: ReadSession, scope: Scope) -> list[Recorded]:
    """Return all records of a scope: for what is held against every one of them at once."""
    rows = await session.direct(
        _RECORDED + f" WHERE r.community_id = %(community)s AND r.erased_at IS NULL AND {_SCOPE}",
        _scoped(scope),
    )
    return [Recorded(*row) for row in rows]


async def households(
    session: ReadSession,
    scope: Scope,
    ids: Sequence[UUID] | None = None,
    *,
    building_id: UUID | None = None,
) -> list[Household]:
    """Return households of a scope by their address: those named, or all; only of one building where it is named."""
    rows = await session.direct(
        f"""
        SELECT h.household_id, h.building_id, {_ADDRESS} AS address, h.unit, h.flat, h.grid_code, h.micro_grid_code,
               h.tenure, h.note, h.purpose, h.source, h.recorded_on, h.revision,
               (SELECT count(*) FROM resident r WHERE r.community_id = h.community_id
                AND r.household_id = h.household_id AND r.erased_at IS NULL AND r.moved_out_on IS NULL) AS people
        FROM household h JOIN building b ON b.community_id = h.community_id AND b.building_id = h.building_id
        WHERE h.community_id = %(community)s AND {_SCOPE}
          AND (%(ids)s::uuid[] IS NULL OR h.household_id = ANY(%(ids)s::uuid[]))
          AND (%(building)s::uuid IS NULL OR h.building_id = %(building)s)
        ORDER BY b.street, length(b.housenumber), b.housenumber, h.unit, length(h.flat), h.flat, h.household_id
        """,  # noqa: S608 - only constants are joined
        _scoped(scope) | {"ids": None if ids is None else list(ids), "building": building_id},
    )
    return [Household(*row) for row in rows]
