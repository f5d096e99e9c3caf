"""The report of a campaign: as a page, on paper and as a workbook; it names no person and no flat."""

from __future__ import annotations

import asyncio
from io import BytesIO
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from api.answers.visits import campaign_out, finding_out
from api.auth import Reader
from api.deps import PartsDep, ReaderDep, WorkDep
from api.language import language_of
from api.pages.frame import redirect
from api.pages.service.campaigns import PATH
from api.pages.service.frame import open_page
from api.pages.service.visits import KEY, XLSX
from api.parts import Parts
from api.printing import pdf_of
from api.rooms import pages
from api.routes.places import dict_of
from api.routes.session import community_out
from gis.exports.sheets import write_xlsx
from gis.flows.work import Work
from gis.views.boards import categories, community_facts
from gis.views.visits import (
    FindingFilters,
    campaign_answers,
    campaign_of,
    campaign_progress,
    finding_list,
)
from web.assets import STATIC_FOLDER
from web.campaign_words import answers_shown, workbook

router = pages()
SHOWN = 200
MOST_LISTED = 20_000


@router.get(PATH + "/{campaign_id}/report")
async def get_report(
    campaign_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep, work: WorkDep
) -> Response:
    """Show the report as it will be on paper."""
    return HTMLResponse(await _document(request, parts, work, reader, campaign_id, paper=False))


@router.get(PATH + "/{campaign_id}/report.pdf")
async def get_pdf(
    campaign_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep, work: WorkDep
) -> Response:
    """Give the report as PDF; on a machine without Chromium the page is printed by the reader's browser."""
    found = await pdf_of(await _document(request, parts, work, reader, campaign_id, paper=True))
    if found is None:
        return redirect(f"{PATH}/{campaign_id}/report", "print_instead")
    return Response(found, media_type="application/pdf", headers=_named("campaign", "pdf"))


@router.get(PATH + "/{campaign_id}/report.xlsx")
async def get_workbook(campaign_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Give the report as a workbook, with every problem and its answer."""
    actor, session = reader.actor, work.session
    row = await campaign_of(session, actor, campaign_id)
    facts = await community_facts(session, actor.community_id)
    language = language_of(request, actor.language)
    page = await finding_list(
        session, actor, FindingFilters(campaign_id=campaign_id), now=work.clock.now(), limit=MOST_LISTED
    )
    called = {
        one.code: one.name_en if language == "en" else one.name
        for one in await categories(session, actor.community_id)
    }
    sheets = workbook(
        language,
        ZoneInfo(facts.timezone if facts else "UTC"),
        await campaign_progress(session, actor, row),
        page.items,
        await campaign_answers(session, actor, row),
        called,
    )
    file = BytesIO()
    await asyncio.to_thread(write_xlsx, file, sheets)
    return Response(file.getvalue(), media_type=XLSX, headers=_named(row.name, "xlsx"))


async def _document(
    request: Request, parts: Parts, work: Work, reader: Reader, campaign_id: UUID, *, paper: bool
) -> str:
    actor, session = reader.actor, work.session
    await open_page(session, reader, KEY)
    row = await campaign_of(session, actor, campaign_id)
    facts = community_out(await community_facts(session, actor.community_id))
    left = FindingFilters(campaign_id=campaign_id, unanswered=True)
    open_ones = await finding_list(session, actor, left, now=work.clock.now(), limit=SHOWN)
    called = await categories(session, actor.community_id)
    language = language_of(request, actor.language)
    return parts.renderer.page(
        "visits_report.html",
        language=language,
        nonce=request.scope["state"]["nonce"],
        actor=actor,
        csrf=reader.csrf,
        community=facts.model_dump() if facts else None,
        categories=[dict_of(one) for one in called],
        style=(STATIC_FOLDER / "css" / "paper.css").read_text(encoding="utf-8"),
        campaign=campaign_out(row).model_dump(),
        progress=[dict_of(one) for one in await campaign_progress(session, actor, row)],
        answers=answers_shown(language, await campaign_answers(session, actor, row)),
        unanswered=[finding_out(one).model_dump() for one in open_ones.items],
        made_at=parts.clock.now(),
        paper=paper,
        notice=request.query_params.get("notice"),
        base=f"{PATH}/{campaign_id}",
    )


def _named(name: str, ending: str) -> dict[str, str]:
    return {
        "content-disposition": f"attachment; filename=\"campaign.{ending}\"; filename*=UTF-8''{quote(name)}.{ending}"
    }
