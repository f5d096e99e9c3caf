"""The page of indicators, and the report that is handed in each week, month and quarter: on paper, and as a workbook."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import HTMLResponse, Response

from api.auth import Reader
from api.deps import PartsDep, ReaderDep
from api.forms import parse
from api.language import language_of
from api.pages.frame import Failure, check_page, redirect, show
from api.pages.menu import PAGES, PATHS
from api.pages.service.frame import paths_of
from api.parts import Parts
from api.printing import pdf_of
from api.rooms import pages
from api.routes.indicators import IndicatorQuery, asked_by, counted_first
from api.routes.session import community_out
from gis.errors import WeiwangError
from gis.exports.sheets import write_xlsx
from gis.indicators.periods import PeriodKind
from gis.people.permissions import may
from gis.store.session import ReadSession
from gis.views.boards import community_facts
from gis.views.indicators import Asked, Board, CellFigures, board, cell_figures
from gis.words import Actor, Role
from web.assets import STATIC_FOLDER
from web.i18n import translate
from web.indicator_sheets import workbook
from web.indicator_tables import cell_table, counts, groups, summary
from web.indicator_words import BY_NAMES, PERIOD_NAMES, REPORT_TITLES, days_written, period_written

router = pages()
NAMES = ("period", "date", "from", "to", "grid", "micro_grid", "by")
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OFFICE_PAGES = {"/meals/statement": "run_kitchen"}
"""Pages behind one that more people have, and the act that opens them."""


@dataclass(frozen=True, slots=True)
class _Read:
    """All that a report shows."""

    board: Board
    tables: dict[str, tuple[CellFigures, ...]]
    community: dict[str, Any]
    language: str


@router.get("/indicators")
async def get_page(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Show the figures of a period and a cell, each with its definition, its trend and where it leads."""
    check_page(reader, "indicators")
    actor = reader.actor
    await counted_first(parts, actor)
    given = _given(request)
    failure: Failure | None = None
    async with parts.recent() as session:
        try:
            query = parse(IndicatorQuery, given)
            asked = await asked_by(session, parts, actor, query)
        except (WeiwangError, RequestValidationError) as error:
            failure, query = error, IndicatorQuery.model_validate({})
            asked = await asked_by(session, parts, actor, query)
        return await _show(request, session, reader, asked, query, failure)


async def _show(  # noqa: PLR0917 - whose page, of what, and what was wrong with the question
    request: Request,
    session: ReadSession,
    reader: Reader,
    asked: Asked,
    query: IndicatorQuery,
    failure: Failure | None,
) -> Response:
    actor, language = reader.actor, language_of(request, reader.actor.language)
    found = await board(session, asked)
    kinds = _kinds(asked, actor)
    by = query.by if query.by in kinds else kinds[0] if kinds else None
    cells = await cell_figures(session, asked, by, actor) if by else ()
    kept = _kept(asked)
    return await show(
        request,
        session,
        reader,
        "indicators.html",
        failure=failure,
        asked=asked,
        filters=_given(request) | ({} if failure else {"grid": asked.key if asked.kind == "grid" else ""}),
        groups=groups(language, found, partial(_opens, actor)),
        counted_at=found.counted_at,
        counts=counts(language, found),
        table=cell_table(language, by, cells) if by else None,
        kinds=[(kind, translate(language, BY_NAMES[kind])) for kind in kinds],
        kept=kept,
        kept_period={name: value for name, value in kept.items() if name != asked.kind},
        period_name=period_written(language, asked.period.kind, asked.period.first, asked.period.last),
        period_days=days_written(language, asked.period.first, asked.period.last),
        periods=[(kind.value, translate(language, PERIOD_NAMES[kind])) for kind in PeriodKind],
        earlier=_url("/indicators", _kept(asked, back=1)),
        later=_url("/indicators", _kept(asked, back=-1)) if asked.period.end <= asked.today else None,
        report_title=translate(language, REPORT_TITLES[asked.period.kind]),
        report_url=_url("/indicators/report", kept),
        by=by,
    )


@router.get("/indicators/report")
async def get_report(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Show the report as it will be on paper."""
    read = await _read(request, parts, reader)
    return HTMLResponse(_document(request, parts, reader, read, paper=False))


@router.get("/indicators/report.pdf")
async def get_pdf(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Give the report as PDF; on a machine without Chromium the page is printed by the reader's browser."""
    read = await _read(request, parts, reader)
    found = await pdf_of(_document(request, parts, reader, read, paper=True))
    if found is None:
        return redirect(_url("/indicators/report", _kept(read.board.asked)), "print_instead")
    return Response(found, media_type="application/pdf", headers=_named(read, "pdf"))


@router.get("/indicators/report.xlsx")
async def get_workbook(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Give the report as a workbook."""
    read = await _read(request, parts, reader)
    file = BytesIO()
    sheets = workbook(read.language, read.board, read.tables)
    await asyncio.to_thread(write_xlsx, file, sheets)
    return Response(file.getvalue(), media_type=XLSX, headers=_named(read, "xlsx"))


async def _read(request: Request, parts: Parts, reader: Reader) -> _Read:
    check_page(reader, "indicators")
    actor = reader.actor
    await counted_first(parts, actor)
    query = parse(IndicatorQuery, _given(request))
    async with parts.recent() as session:
        asked = await asked_by(session, parts, actor, query)
        tables = {
            kind: await cell_figures(session, asked, kind, actor)
            for kind in _kinds(asked, actor)
            if kind != "person"  # a report is handed on: it names nobody
        }
        facts = community_out(await community_facts(session, actor.community_id))
        found = await board(session, asked)
    return _Read(found, tables, facts.model_dump() if facts else {}, language_of(request, actor.language))


def _document(request: Request, parts: Parts, reader: Reader, read: _Read, *, paper: bool) -> str:
    language, asked = read.language, read.board.asked
    before = asked.period.before()
    return parts.renderer.page(
        "indicators_report.html",
        language=language,
        nonce=request.scope["state"]["nonce"],
        actor=reader.actor,
        csrf=reader.csrf,
        community=read.community,
        style=(STATIC_FOLDER / "css" / "paper.css").read_text(encoding="utf-8"),
        title=translate(language, REPORT_TITLES[asked.period.kind]),
        asked=asked,
        grid=next((one for one in asked.grids if asked.kind == "grid" and one.key == asked.key), None),
        period_name=period_written(language, asked.period.kind, asked.period.first, asked.period.last),
        period_days=days_written(language, asked.period.first, asked.period.last),
        before_name=period_written(language, before.kind, before.first, before.last),
        said=summary(language, read.board),
        groups=groups(language, read.board),
        counts=counts(language, read.board),
        tables=[
            cell_table(language, kind, cells)
            for kind, cells in read.tables.items()
            if cells and not _too_long(kind, asked)
        ],
        by_names={kind: translate(language, name) for kind, name in BY_NAMES.items()},
        counted_at=read.board.counted_at,
        made_at=parts.clock.now(),
        paper=paper,
        notice=request.query_params.get("notice"),
        pdf_url=_url("/indicators/report.pdf", _kept(asked)),
        xlsx_url=_url("/indicators/report.xlsx", _kept(asked)),
        back_url=_url("/indicators", _kept(asked)),
    )


def _opens(actor: Actor, path: str) -> bool:
    """Tell whether a page is one that somebody has, or lies behind one."""
    if path in OFFICE_PAGES and not may(actor, OFFICE_PAGES[path]):
        return False
    return any(path == one or path.startswith(f"{one}/") for one in _paths(actor.role))


def _paths(role: Role) -> list[str]:
    return [*(PATHS[key] for key in PAGES[role] if PATHS[key] != "/"), *paths_of(role)]


def _too_long(kind: str, asked: Asked) -> bool:
    """Tell whether a table would fill pages that nobody reads: all micro-grids each week and month."""
    return (kind, asked.kind) == ("micro_grid", "all") and asked.period.kind is not PeriodKind.QUARTER


def _given(request: Request) -> dict[str, str]:
    return {name: request.query_params.get(name, "") for name in NAMES}


def _kinds(asked: Asked, actor: Actor) -> list[str]:
    """Return by what tables of cells go inside what was asked for."""
    if asked.kind == "all":
        return ["grid", "micro_grid", "category"]
    if asked.kind == "grid":
        return ["micro_grid", "person"] if may(actor, "read_team") else ["micro_grid"]
    return []


def _kept(asked: Asked, *, back: int = 0) -> dict[str, str]:
    """Return the query of what was asked for, or of the period before or after it."""
    period = asked.period.before() if back > 0 else asked.period.after() if back < 0 else asked.period
    found = {"period": period.kind.value}
    if period.kind is PeriodKind.OWN:
        found |= {"from": period.first.isoformat(), "to": period.last.isoformat()}
    else:
        found["date"] = period.first.isoformat()
    return found if asked.kind == "all" else found | {asked.kind: asked.key}


def _url(path: str, query: dict[str, str]) -> str:
    return f"{path}?{urlencode(query)}"


def _named(read: _Read, ending: str) -> dict[str, str]:
    """Return the header that names a file, in Chinese too."""
    period = read.board.asked.period
    title = translate(read.language, REPORT_TITLES[period.kind])
    name = f"{title}-{period.first.isoformat()}-{period.last.isoformat()}.{ending}"
    plain = f"{period.kind.value}-{period.first.isoformat()}.{ending}"
    return {"content-disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name)}"}
