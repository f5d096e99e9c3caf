"""Reports as their authors and the desk read them."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from gis.errors import NotFoundError
from gis.people.permissions import scope_of
from gis.store.report_reading import ReportFilters, ReportRow, report_count, report_rows
from gis.store.session import ReadSession
from gis.views.paging import Page, decode_cursor, encode_cursor
from gis.words import Actor

__all__ = ["ReportFilters", "ReportItem", "find_report", "report_list"]


@dataclass(frozen=True, slots=True)
class ReportItem:
    """A report, the photos that were promised but haven't come, and whether it is the reader's own."""

    row: ReportRow
    missing: tuple[str, ...]
    mine: bool


async def report_list(
    session: ReadSession, actor: Actor, filters: ReportFilters, *, limit: int = 50, cursor: str | None = None
) -> Page[ReportItem]:
    """Return the reader's own reports and those of cases inside their areas, the newest first."""
    scope = scope_of(actor)
    after = decode_cursor(cursor)
    rows = await report_rows(session, scope, filters, limit=limit + 1, after=after)
    total = await report_count(session, scope, filters) if after or len(rows) > limit else len(rows)
    shown = rows[:limit]
    more = encode_cursor(shown[-1].received_at, shown[-1].report_id) if len(rows) > limit else None
    return Page([report_item(actor, row) for row in shown], more, total)


async def find_report(session: ReadSession, actor: Actor, report_id: UUID) -> ReportItem:
    """Return one report, or refuse as for one that doesn't exist."""
    rows = await report_rows(session, scope_of(actor), ReportFilters(report_id=report_id), limit=1)
    if not rows:
        raise NotFoundError("no such report, or not one of yours", code="report_not_found")
    return report_item(actor, rows[0])


def report_item(actor: Actor, row: ReportRow) -> ReportItem:
    """Return a report for a reader."""
    there = {photo["sha256"] for photo in row.photos}
    missing = tuple(sha256 for sha256 in row.manifest if sha256 not in there)
    return ReportItem(row, missing, row.reporter_id == actor.person_id)
