"""Campaigns of visits: how far each has come, what was found and answered, sheets of problems."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.answers.visits import campaign_out
from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep
from api.forms import body_of, form_of, is_form, parse
from api.language import language_of
from api.models.visits import CampaignBody
from api.pages.frame import Failure, redirect
from api.pages.service.frame import open_page, show_page
from api.pages.service.visits import KEY, grids_of
from api.pages.table_upload import keep_table, kept_table, sent_table
from api.parts import Parts
from api.rooms import pages
from api.routes.places import dict_of
from api.routes.visits.campaigns import campaign_draft
from gis.errors import NotFoundError, WeiwangError
from gis.flows.office.tables import read_rows
from gis.flows.visits.campaign_file import Line, check_findings, import_findings
from gis.flows.visits.campaigns import end_campaign, put_campaign
from gis.flows.work import Work
from gis.people.permissions import may, require
from gis.views.boards import categories
from gis.views.visits import (
    campaign_answers,
    campaign_list,
    campaign_of,
    campaign_progress,
)
from gis.visits.questions import Question, written
from web.campaign_words import EXAMPLE, answers_shown, headings, meanings

router = pages()
PATH = "/visits/campaigns"
SHOWN = 200
NOTHING: dict[str, Any] = {"rows": [], "totals": {}, "digest": "", "hidden": 0, "example": EXAMPLE}


@router.get(PATH)
async def get_campaigns(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show all campaigns, and to the office the form for a new one."""
    return await _show_list(request, session, reader, {"id": str(uuid4())})


async def _show_list(
    request: Request, session: Any, reader: Reader, form: dict[str, Any], failure: Failure | None = None
) -> Response:
    await open_page(session, reader, KEY)
    return await show_page(
        request,
        session,
        reader,
        KEY,
        template="visits_campaigns.html",
        failure=failure,
        form=form,
        campaigns=[campaign_out(one).model_dump() for one in await campaign_list(session, reader.actor)],
        may_run=may(reader.actor, "run_campaigns"),
        grids=await grids_of(session, reader.actor),
    )


@router.post(PATH)
async def post_campaign(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Make a campaign by form, or change one."""
    fields = await body_of(request)
    if is_form(request):
        fields["grids"] = [str(one) for one in (await form_of(request)).getlist("grids")]
    try:
        given = parse(CampaignBody, fields)
        async with parts.work() as work:
            campaign_id = await put_campaign(work, reader.actor, campaign_draft(given))
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            return await _show_list(request, session, reader, {"id": str(uuid4()), **fields}, error)
    return redirect(f"{PATH}/{campaign_id}", "campaign_saved")


@router.get(PATH + "/example.csv")
async def get_example(reader: ReaderDep) -> Response:
    """Give a sheet to fill in."""
    require(reader.actor, "run_campaigns")
    lines = [",".join(row) for row in EXAMPLE]
    return Response(
        ("\ufeff" + "\r\n".join(lines) + "\r\n").encode(),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="problems.csv"'},
    )


@router.get(PATH + "/{campaign_id}")
async def get_campaign(campaign_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Show how far a campaign has come, grid by grid, and the answers to its questions."""
    return await _show(request, parts, reader, campaign_id)


async def _show(  # noqa: PLR0917 - which campaign, for whom, and what was wrong with the sheet
    request: Request,
    parts: Parts,
    reader: Reader,
    campaign_id: UUID,
    failure: Failure | None = None,
    checked: dict[str, Any] | None = None,
) -> Response:
    actor = reader.actor
    async with parts.database.read() as session:
        await open_page(session, reader, KEY)
        row = await campaign_of(session, actor, campaign_id)
        answers = await campaign_answers(session, actor, row)
        return await show_page(
            request,
            session,
            reader,
            KEY,
            template="visits_campaign.html",
            failure=failure,
            campaign=campaign_out(row).model_dump(),
            progress=[dict_of(one) for one in await campaign_progress(session, actor, row)],
            answers=answers_shown(language_of(request, actor.language), answers),
            may_run=may(actor, "run_campaigns"),
            grids=await grids_of(session, actor),
            form={
                **campaign_out(row).model_dump(mode="json"),
                "questions": written([Question.from_json(one) for one in row.questions]),
            },
            **(checked or NOTHING),
        )


@router.post(PATH + "/{campaign_id}/end")
async def post_end(campaign_id: UUID, parts: PartsDep, reader: ReaderDep) -> Response:
    """End a campaign."""
    async with parts.work() as work:
        await end_campaign(work, reader.actor, campaign_id)
    return redirect(f"{PATH}/{campaign_id}", "campaign_ended")


@router.post(PATH + "/{campaign_id}/import")
async def post_import(campaign_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Check a sheet of problems; nothing is written."""
    require(reader.actor, "run_campaigns")
    try:
        data = await sent_table(request)
        table = await asyncio.to_thread(read_rows, data)
        async with parts.work() as work:
            lines = await _checked(work, reader, campaign_id, table)
        digest = await asyncio.to_thread(keep_table, _folder(parts, reader), data)
    except NotFoundError:
        raise
    except WeiwangError as error:
        return await _show(request, parts, reader, campaign_id, error)
    return await _show(request, parts, reader, campaign_id, checked=_told(lines, digest))


@router.post(PATH + "/{campaign_id}/import/confirm")
async def post_confirm(campaign_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Write a sheet that was checked: as it is now, all of it or nothing."""
    require(reader.actor, "run_campaigns")
    lines: list[Line] = []
    try:
        file = kept_table(_folder(parts, reader), str((await body_of(request)).get("digest", "")))
        table = await asyncio.to_thread(lambda: read_rows(file.read_bytes()))
        async with parts.work() as work:
            lines = await _checked(work, reader, campaign_id, table)
            await import_findings(work, reader.actor, lines)
    except NotFoundError:
        raise
    except WeiwangError as error:
        return await _show(request, parts, reader, campaign_id, error, _told(lines, "") if lines else None)
    file.unlink(missing_ok=True)
    return redirect(f"{PATH}/{campaign_id}", "problems_imported")


async def _checked(work: Work, reader: Reader, campaign_id: UUID, table: list[list[str]]) -> list[Line]:
    called = [dict_of(one) for one in await categories(work.session, reader.actor.community_id)]
    return await check_findings(work, reader.actor, campaign_id, table, headings(), meanings(called))


def _folder(parts: Parts, reader: Reader) -> Path:
    actor = reader.actor
    return parts.settings.state / "campaign-imports" / actor.community_id / str(actor.person_id)


def _told(lines: list[Line], digest: str) -> dict[str, Any]:
    """Return what is shown of a sheet: totals, and first what is wrong."""
    totals = {what: sum(one.what == what for one in lines) for what in ("new", "same", "wrong")}
    totals |= {state: sum(one.state == state for one in lines) for state in ("on_spot", "transferred")}
    totals["unanswered"] = sum(one.unanswered for one in lines if one.what != "wrong")
    shown = sorted(
        (one for one in lines if one.what != "same"), key=lambda one: (one.what != "wrong", one.line)
    )
    return NOTHING | {
        "rows": shown[:SHOWN],
        "hidden": max(0, len(shown) - SHOWN),
        "totals": totals,
        "digest": "" if totals["wrong"] else digest,
    }
