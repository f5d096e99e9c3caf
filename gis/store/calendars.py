"""Working calendars as stored: what an office has set besides the settings and the public holidays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from gis.store.session import ReadSession, WriteSession
from gis.store.tables import calendar_day, community, office_hours
from gis.store.telling import About, tell


@dataclass(frozen=True, slots=True)
class StoredDay:
    """A day that the office has set."""

    day: date
    kind: str
    name: str
    hours: str


async def load_days(session: ReadSession, community_id: str) -> list[StoredDay]:
    """Return the days that an office has set, in order."""
    c = calendar_day.c
    statement = select(c.day, c.kind, c.name, c.hours).where(c.community_id == community_id).order_by(c.day)
    return [StoredDay(*row) for row in await session.rows(statement)]


async def load_hours(session: ReadSession, community_id: str) -> dict[int, str]:
    """Return the hours of the weekdays that an office has set, Monday = 1."""
    c = office_hours.c
    statement = select(c.weekday, c.hours).where(c.community_id == community_id)
    return {row.weekday: row.hours for row in await session.rows(statement)}


async def change_calendar(
    session: WriteSession,
    community_id: str,
    *,
    days: Sequence[StoredDay],
    gone: Sequence[date],
    weekdays: Mapping[int, str] | None,
) -> int:
    """Set days and hours, and return the calendar's new version; who else changes it waits.

    Parameters
    ----------
    session, community_id
        Where.
    days
        Set, whether they were before or not.
    gone
        Days that are as everywhere again.
    weekdays
        All hours that differ from the settings; None: as they are.
    """
    statement = (
        update(community)
        .where(community.c.community_id == community_id)
        .values(calendar_version=community.c.calendar_version + 1)
        .returning(community.c.calendar_version)
    )
    version = int(await session.value(statement))
    await tell(session, About.COMMUNITY, community_id)
    if gone:
        c = calendar_day.c
        await session.run(delete(calendar_day).where(c.community_id == community_id, c.day.in_(gone)))
    if days:
        rows = [
            {
                "community_id": community_id,
                "day": one.day,
                "kind": one.kind,
                "name": one.name,
                "hours": one.hours,
            }
            for one in days
        ]
        added = insert(calendar_day).values(rows)
        new = {name: added.excluded[name] for name in ("kind", "name", "hours")}
        await session.run(added.on_conflict_do_update(index_elements=["community_id", "day"], set_=new))
    if weekdays is not None:
        await session.run(delete(office_hours).where(office_hours.c.community_id == community_id))
    if weekdays:
        values = [
            {"community_id": community_id, "weekday": number, "hours": hours}
            for number, hours in weekdays.items()
        ]
        await session.run(insert(office_hours).values(values))
    return version
