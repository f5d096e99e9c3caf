"""The register of residents as a workbook, by the filters of its page."""

from __future__ import annotations

from fastapi import Request
from starlette.responses import Response

from api.deps import ReaderDep, WorkDep
from api.forms import parse
from api.language import language_of
from api.models.residents import ResidentQuery
from api.pages.residents.frame import KEY, flag_names, searched_words
from api.pages.service.frame import open_page
from api.rooms import pages
from api.sheet_answer import sheet_answer
from gis.flows.residents.reading import Query, people_taken_out
from web.resident_sheets import register_sheet

router = pages()
MOST_EXPORTED = 20_000
FILTERS = ("q", "flag", "gone")


@router.get("/residents.xlsx")
async def get_register_file(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Give the residents of the reader's areas who pass the page's filters; taking them out is recorded."""
    actor = reader.actor
    await open_page(work.session, reader, KEY)
    asked = parse(ResidentQuery, {name: request.query_params.get(name, "") for name in FILTERS})
    words = await searched_words(work, actor.community_id)
    wanted = Query(asked.q, asked.flag, asked.gone, 0, MOST_EXPORTED, words)
    found = await people_taken_out(work, actor, wanted)
    language = language_of(request, actor.language)
    named = await flag_names(work, language, actor.community_id)
    return await sheet_answer(register_sheet(language, found, named), "residents")
