"""Writing households and residents: made once, changed under their revision, laid into the areas in force.

Everything that tells who somebody is comes here sealed, and leaves sealed (``gis.flows.residents.sealed``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, LiteralString
from uuid import UUID

from psycopg import sql
from sqlalchemy import Table, and_, update
from sqlalchemy.dialects.postgresql import insert

from gis.store.session import ReadSession, WriteSession
from gis.store.tables import household, resident


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """A household to be stored."""

    household_id: UUID
    building_id: UUID
    unit: str
    flat: str
    tenure: str
    note: bytes | None
    purpose: str
    source: str
    recorded_on: date
    created_by: UUID | None
    created_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class NewResident:
    """A resident to be stored."""

    resident_id: UUID
    household_id: UUID
    name: bytes
    identity: bytes
    contacts: bytes
    phone_mark: bytes | None
    id_mark: bytes | None
    birth_year: int | None
    relation: str
    flags: Sequence[str]
    account_id: UUID | None
    purpose: str
    source: str
    recorded_on: date
    created_by: UUID | None
    created_at: datetime
    changed_at: datetime
    moved_out_on: date | None = None


async def add_households(session: WriteSession, community_id: str, new: Sequence[NewHousehold]) -> list[UUID]:
    """Store households; those whose id or flat is there already are left out. Return which were stored."""
    return await _add(session, household, community_id, [asdict(one) for one in new], "household_id")


async def add_residents(session: WriteSession, community_id: str, new: Sequence[NewResident]) -> list[UUID]:
    """Store residents; those whose id is there already are left out. Return which were stored."""
    rows = [asdict(one) | {"flags": list(one.flags)} for one in new]
    return await _add(session, resident, community_id, rows, "resident_id")


async def copy_in(
    session: WriteSession,
    community_id: str,
    households: Sequence[NewHousehold],
    people: Sequence[NewResident],
) -> None:
    """Store many households and residents where none are yet, by COPY."""
    cursor = (await session.driver()).cursor()
    for table, kind, rows in ((household, NewHousehold, households), (resident, NewResident, people)):
        names = list(kind.__slots__)
        into = sql.SQL("COPY {} (community_id, {}) FROM STDIN").format(
            sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names))
        )
        async with cursor.copy(into) as copy:
            for one in rows:
                await copy.write_row((community_id, *(_plain(getattr(one, name)) for name in names)))


def _plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


async def _add(
    session: WriteSession, table: Table, community_id: str, rows: list[dict[str, Any]], key: str
) -> list[UUID]:
    found: list[UUID] = []
    for begin in range(0, len(rows), AT_ONCE):
        values = [{"community_id": community_id, **row} for row in rows[begin : begin + AT_ONCE]]
        statement = insert(table).values(values).on_conflict_do_nothing().returning(table.c[key])
        found += [row[0] for row in await session.rows(statement)]
    return found


AT_ONCE = 1000


async def any_household(session: ReadSession, community_id: str) -> bool:
    """Tell whether a community has recorded any household."""
    rows = await session.direct(
        "SELECT 1 FROM household WHERE community_id = %(community)s LIMIT 1", {"community": community_id}
    )
    return bool(rows)


async def with_id_mark(session: ReadSession, community_id: str, marks: Sequence[bytes]) -> list[UUID]:
    """Return the residents of a community whose identity number has one of these marks."""
    rows = await session.direct(
        "SELECT resident_id FROM resident WHERE community_id = %(community)s AND id_mark = ANY(%(marks)s::bytea[])",
        {"community": community_id, "marks": list(marks)},
    )
    return [row.resident_id for row in rows]


async def change_resident(
    session: WriteSession,
    community_id: str,
    resident_id: UUID,
    revision: int,
    columns: Mapping[str, Any],
    *,
    now: datetime,
) -> bool:
    """Change a resident as they were read; False when somebody else changed or erased them first."""
    c = resident.c
    rows = await session.run(
        update(resident)
        .where(
            and_(
                c.community_id == community_id,
                c.resident_id == resident_id,
                c.revision == revision,
                c.erased_at.is_(None),
            )
        )
        .values(**columns, revision=revision + 1, changed_at=now)
    )
    return bool(rows)


async def change_household(
    session: WriteSession,
    community_id: str,
    household_id: UUID,
    revision: int,
    columns: Mapping[str, Any],
    *,
    now: datetime,
) -> bool:
    """Change a household as it was read; False when somebody else changed it first."""
    c = household.c
    rows = await session.run(
        update(household)
        .where(c.community_id == community_id, c.household_id == household_id, c.revision == revision)
        .values(**columns, revision=revision + 1, changed_at=now)
    )
    return bool(rows)


# A household lies in the micro-grid of its stairwell's door, or of its building's middle where the stairwell isn't
# known; on a border in the one with the smaller code.
_PLACE: LiteralString = """
UPDATE household h SET micro_grid_code = f.code, grid_code = f.parent_code
FROM (
    SELECT DISTINCT ON (x.household_id) x.household_id, a.code, a.parent_code
    FROM (
        SELECT h.community_id, h.household_id, coalesce(s.geom, st_pointonsurface(b.geom)) AS door
        FROM household h
        JOIN building b ON b.community_id = h.community_id AND b.building_id = h.building_id
        LEFT JOIN LATERAL (
            SELECT s.geom FROM stairwell s WHERE s.community_id = h.community_id AND s.building_id = h.building_id
            AND s.unit = h.unit AND h.unit <> '' ORDER BY s.stairwell_id LIMIT 1) s ON true
        WHERE h.community_id = %(community)s
          AND (%(households)s::uuid[] IS NULL OR h.household_id = ANY(%(households)s::uuid[]))
    ) x
    JOIN community m ON m.community_id = x.community_id
    LEFT JOIN area a ON a.community_id = m.community_id AND a.version = m.area_version AND a.level = 'micro_grid'
        AND st_intersects(a.geom, x.door)
    ORDER BY x.household_id, a.code COLLATE "C" NULLS LAST
) f
WHERE h.community_id = %(community)s AND h.household_id = f.household_id
  AND (h.micro_grid_code, h.grid_code) IS DISTINCT FROM (f.code, f.parent_code)
RETURNING h.household_id
"""


async def place_households(
    session: WriteSession, community_id: str, households: Sequence[UUID] | None = None
) -> int:
    """Lay households into the areas in force, all of a community where none are named; return how many moved."""
    rows = await session.direct(
        _PLACE,
        {"community": community_id, "households": None if households is None else list(households)},
    )
    return len(rows)
