"""Filters of lists, from the text of a query to values: boxes, dates in the community's own time, choices."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from api.models import LIVE, CaseQuery, HeatQuery
from gis.cases.lights import Light
from gis.categories import CATEGORIES
from gis.errors import InvalidInputError
from gis.flows.hotspots.current import HotFilters
from gis.hotspots.moments import DAYS, SEASONS, Moments
from gis.views.cases import CaseFilters, LightFilter
from gis.views.reports import ReportFilters
from gis.words import Actor, Status

CATEGORY_CODES = frozenset(category.code for category in CATEGORIES)
STATUSES = frozenset(status.value for status in Status)
LIGHTS = frozenset(light.value for light in Light)
MONTHS = tuple(str(month) for month in range(1, 13))
LAST_HOUR = 23
Box = tuple[float, float, float, float]
_EARLIEST, _LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def parse_box(text: str | None) -> Box | None:
    """Return west, south, east, north in degrees."""
    if not text:
        return None
    refused = InvalidInputError("bbox is west,south,east,north in degrees", code="bbox_invalid", field="bbox")
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        raise refused from None
    if not all(map(math.isfinite, (west, south, east, north))):
        raise refused
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):  # noqa: PLR2004 - degrees
        raise refused
    return west, south, east, north


def parse_moment(text: str | None, field: str, timezone: ZoneInfo, *, end: bool = False) -> datetime | None:
    """Return a moment; a bare date begins (or, as an end, is over) at midnight in the community's own time."""
    if not text:
        return None
    refused = InvalidInputError("neither a date nor a moment", code="date_invalid", field=field)
    try:
        if len(text) == len("2025-01-31"):
            day = date.fromisoformat(text) + timedelta(days=1 if end else 0)
            moment = datetime(day.year, day.month, day.day, tzinfo=timezone)
        else:
            moment = datetime.fromisoformat(text.replace(" ", "+"))
    except (ValueError, OverflowError):
        raise refused from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone)
    if not _EARLIEST <= moment <= _LATEST:
        raise refused
    return moment.astimezone(UTC)


def parse_choices(text: str | None, field: str, known: Collection[str]) -> tuple[str, ...]:
    """Return the choices in a list separated by commas."""
    chosen = tuple(dict.fromkeys(part.strip() for part in (text or "").split(",") if part.strip()))
    for one in chosen:
        if one not in known:
            raise InvalidInputError(
                f"unknown {field}", code="field_not_one_of", field=field, expected=", ".join(sorted(known))
            )
    return chosen


def parse_statuses(text: str | None) -> tuple[str, ...]:
    """Return statuses, none for no filter; ``live`` stands for all that aren't final, ``all`` for every one."""
    chosen = parse_choices(text, "status", STATUSES | {"live", "all"})
    if "all" in chosen:
        return ()
    return tuple(dict.fromkeys(s for one in chosen for s in (LIVE if one == "live" else (one,))))


def light_filter(text: str | None, now: datetime) -> LightFilter | None:
    """Return the lights asked for, as they are now; None for no filter."""
    lights = parse_choices(text, "light", LIGHTS)
    return LightFilter(lights, now) if lights else None


def period(query: CaseQuery | HeatQuery, timezone: str) -> tuple[datetime | None, datetime | None]:
    """Return the period asked for."""
    zone = ZoneInfo(timezone)
    since = parse_moment(query.since, "from", zone)
    before = parse_moment(query.before, "to", zone, end=True)
    if since and before and since >= before:
        raise InvalidInputError("'from' is not before 'to'", code="period_backwards", field="from")
    return since, before


def case_filters(query: CaseQuery, timezone: str, actor: Actor, mine: str | None = None) -> CaseFilters:
    """Return the filters of a list of cases."""
    since, before = period(query, timezone)
    statuses = parse_statuses(query.status)
    if mine == "task":
        statuses = tuple(s for s in statuses if s in _TASK) or _TASK
    elif mine == "done":
        statuses = tuple(s for s in statuses if s in _FINISHED) or _FINISHED
    return CaseFilters(
        box=parse_box(query.bbox),
        grid=query.grid or None,
        micro_grid=query.micro_grid or None,
        statuses=statuses,
        categories=parse_choices(query.category, "category", CATEGORY_CODES),
        since=since,
        before=before,
        words=query.q or None,
        assignee_id=actor.person_id if mine in ("task", "done") else None,
        reporter_id=actor.person_id if mine == "reported" else None,
        offered_to=actor.person_id if mine == "offered" else None,
    )


def report_filters(query: CaseQuery, timezone: str, actor: Actor, *, mine: bool) -> ReportFilters:
    """Return the filters of a list of reports."""
    since, before = period(query, timezone)
    return ReportFilters(
        reporter_id=actor.person_id if mine else None,
        box=parse_box(query.bbox),
        grid=query.grid or None,
        statuses=parse_statuses(query.status),
        categories=parse_choices(query.category, "category", CATEGORY_CODES),
        since=since,
        before=before,
        words=query.q or None,
    )


def hot_filters(query: HeatQuery, timezone: str) -> HotFilters:
    """Return the filters of heat and of hotspot streets."""
    since, before = period(query, timezone)
    cases = CaseFilters(
        box=parse_box(query.bbox),
        grid=query.grid or None,
        categories=parse_choices(query.category, "category", CATEGORY_CODES),
        since=since,
        before=before,
    )
    months = parse_choices(query.month, "month", MONTHS)
    season = parse_choices(query.season, "season", SEASONS)
    day = parse_choices(query.day, "day", DAYS)
    return HotFilters(
        cases,
        Moments(
            tuple(int(one) for one in months) or tuple(month for one in season for month in SEASONS[one]),
            day[0] if len(day) == 1 else "",
            parse_hours(query.hours),
        ),
    )


def parse_hours(text: str | None) -> tuple[int, int] | None:
    """Return from which hour until before which other: 7-9, or 22-5 over midnight."""
    if not text:
        return None
    found = re.fullmatch(r"([0-9]{1,2})-([0-9]{1,2})", text.strip())
    if found is None or int(found[1]) > LAST_HOUR or int(found[2]) > LAST_HOUR + 1:
        raise InvalidInputError("hours are like 7-9", code="heat_hours_invalid", field="hours")
    first, end = int(found[1]), int(found[2])
    if first == end:
        raise InvalidInputError("hours are like 7-9", code="heat_hours_invalid", field="hours")
    return first, end


_TASK = (Status.ACCEPTED.value, Status.ON_SITE.value)
_FINISHED = (Status.DONE.value, Status.CLOSED.value)
