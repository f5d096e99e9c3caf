"""The days that a statement is of, and the month of books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gis.clock import Clock
from gis.errors import InvalidInputError
from gis.flows.today import today_in
from gis.service.expiry import month_of, months_later
from gis.store.people import timezone_of
from gis.store.session import ReadSession
from gis.words import Actor

MOST_DAYS = 1100


@dataclass(frozen=True, slots=True)
class Period:
    """Days, with the moments at which they begin and end."""

    first: date
    last: date
    since: datetime
    until: datetime
    today: date


async def period_of(session: ReadSession, clock: Clock, actor: Actor, given: dict[str, str]) -> Period:
    """Return the days that a statement is of: by default this month's.

    Raises
    ------
    InvalidInputError
        ``field_not_date``, ``days_order``.
    """
    today = await today_in(session, clock, actor.community_id)
    first = _day(given.get("from"), "from") or month_of(today)
    last = _day(given.get("to"), "to") or (max(today, first))
    if last < first or (last - first).days > MOST_DAYS:
        raise InvalidInputError("ends before it begins", code="days_order", field="to")
    return await _period(session, actor, first, last, today)


async def month_asked(session: ReadSession, clock: Clock, actor: Actor, given: str | None) -> Period:
    """Return the month that books are of, written ``2026-06``: by default the one before this.

    Raises
    ------
    InvalidInputError
        ``month_invalid``.
    """
    today = await today_in(session, clock, actor.community_id)
    first = months_later(month_of(today), -1)
    if given:
        try:
            first = date.fromisoformat(f"{given}-01")
        except ValueError:
            raise InvalidInputError("not a month", code="month_invalid", field="month") from None
    if not 2000 <= first.year <= 2100:  # noqa: PLR2004 - as far as anybody keeps books
        raise InvalidInputError("not a month", code="month_invalid", field="month")
    last = months_later(first, 1) - timedelta(days=1)
    return await _period(session, actor, first, last, today)


def _day(text: str | None, field: str) -> date | None:
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise InvalidInputError("not a date", code="field_not_date", field=field) from None
    if not 1970 <= found.year <= 9000:  # noqa: PLR2004 - moments of other years can't be told in every zone
        raise InvalidInputError("not a date", code="field_not_date", field=field)
    return found


async def _period(session: ReadSession, actor: Actor, first: date, last: date, today: date) -> Period:
    zone = ZoneInfo(await timezone_of(session, actor.community_id))
    return Period(
        first,
        last,
        datetime.combine(first, time(), zone),
        datetime.combine(last + timedelta(days=1), time(), zone),
        today,
    )
