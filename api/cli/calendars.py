"""``weiwang calendar``: a community's working calendar, shown and imported."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from api.cli.frame import (
    CommunityOption,
    JsonOption,
    StateOption,
    desk,
    migrated_url,
    out,
    settings_for,
    show_json,
    the_community,
    words,
)
from api.routes.calendars import calendar_out
from gis.cases.office import OfficeCalendar
from gis.errors import NotFoundError
from gis.flows.calendar import CalendarDraft, read_table, store_calendar
from gis.settings import Settings

YearOption = Annotated[
    int | None, typer.Option(help="Which year; this one unless stated.", min=2000, max=2199)
]
FileOption = Annotated[
    Path | None,
    typer.Option("--import", help="CSV with the columns day, kind (holiday, workday or empty), name, hours."),
]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("calendar")(calendar)


async def _carry_out(
    settings: Settings, url: str, wanted: str | None, draft: CalendarDraft | None
) -> OfficeCalendar:
    async with desk(settings, url) as at:
        community_id = await the_community(at, wanted)
        async with at.work() as work:
            if draft is not None:
                return await store_calendar(work, community_id, draft)
            return (await work.atlas.get(work.session, community_id)).calendar


def calendar(
    *,
    community: CommunityOption = None,
    year: YearOption = None,
    table: FileOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show the working calendar: office hours, public holidays, make-up days, own days; or import own days first."""
    settings = settings_for(state)
    draft = None
    if table is not None:
        try:
            draft = read_table(table.read_text("utf-8-sig"))
        except OSError as error:
            raise NotFoundError(f"{table}: {error.strerror}") from None
        except UnicodeDecodeError:
            draft = read_table(table.read_text("gb18030", errors="replace"))
    with migrated_url(settings) as url:
        found = asyncio.run(_carry_out(settings, url, community, draft))
    shown = calendar_out(found, year or datetime.now(UTC).astimezone(found.work.zone).year)
    if as_json:
        show_json(shown.model_dump(mode="json"))
        return
    out.print(" · ".join(f"{number} {hours or '—'}" for number, hours in shown.office_hours.items()))
    for one in shown.days:
        out.print(f"{one.day} {one.kind.value:<8} {one.name} {one.hours}{' *' if one.own else ''}".rstrip())
    if not shown.announced:
        out.print(words("{year} 年的放假安排还没有公布，只按周末计算", year=shown.year))
