"""The checklists of visits: what is looked at, and which case a wrong item becomes."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep
from api.forms import parse
from api.models.fields import Body, Sentence, Word
from api.pages.admin.frame import open_section, show_section, typed
from api.pages.frame import Failure, redirect
from api.rooms import pages
from gis.errors import InvalidInputError, NotFoundError, WeiwangError
from gis.flows.visits.checklists import ItemDraft, ListDraft, set_checklist
from gis.flows.work import Work
from gis.store.session import ReadSession
from gis.views.boards import CategoryFacts, categories
from gis.views.visits import checklists_of
from gis.visits.checklists import Checklist

router = pages()
SECTION = "checklists"


class ChecklistBody(Body):
    """The fields of a list; items one on each line: words|English|category."""

    code: Word = ""
    name: Word = ""
    name_en: Word = ""
    active: Word = ""
    items: Sentence = ""


@router.get("/admin/checklists")
async def get_checklists(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show the lists, each with its items as text."""
    open_section(reader, SECTION)
    return await _show(request, session, reader)


@router.post("/admin/checklists")
async def post_new(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Make a list."""
    open_section(reader, SECTION)
    fields = await typed(request)
    try:
        given = parse(ChecklistBody, fields)
        async with parts.work() as work:
            draft = await _draft(work, reader, given.code, given, active=True)
            await set_checklist(work, reader.actor, given.code, draft, new=True)
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            return await _show(request, session, reader, fields | {"shown": "new"}, error)
    return redirect("/admin/checklists", "checklist_kept")


@router.post("/admin/checklists/{code}")
async def post_checklist(code: str, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Change a list; what was answered on visits stays."""
    open_section(reader, SECTION)
    fields = await typed(request)
    try:
        given = parse(ChecklistBody, fields)
        async with parts.work() as work:
            draft = await _draft(work, reader, code, given, active=given.active == "yes")
            await set_checklist(work, reader.actor, code, draft)
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            return await _show(request, session, reader, fields | {"shown": code}, error)
    return redirect("/admin/checklists", "checklist_kept")


async def _draft(work: Work, reader: Reader, code: str, given: ChecklistBody, *, active: bool) -> ListDraft:
    """Return a list as it was typed; an item whose words are as before is the same item."""
    community_id = reader.actor.community_id
    called = _called(await categories(work.session, community_id))
    before = {
        item.words: item.item_id
        for one in await checklists_of(work.session, community_id)
        if one.code == code
        for item in one.items
    }
    items = []
    for line in filter(None, map(str.strip, given.items.splitlines())):
        words, english, name = ([part.strip() for part in line.replace("｜", "|").split("|")] + ["", ""])[:3]
        if name.lower() not in called:
            raise InvalidInputError(
                "no such category", code="checklist_category", field="items", name=name[:20]
            )
        items.append(ItemDraft(before.get(words), words, english, called[name.lower()]))
    return ListDraft(given.name, given.name_en, active, tuple(items))


def _called(found: list[CategoryFacts]) -> dict[str, str]:
    """Return what categories are called, in small letters -> code; nothing is `other`."""
    names = {name.lower(): one.code for one in found for name in (one.code, one.name, one.name_en)}
    return names | {"": "other"}


def _text(one: Checklist, names: dict[str, str]) -> str:
    return "\n".join(
        "|".join((item.words, item.words_en, names.get(item.category, item.category)))
        for item in one.items
        if item.active
    )


async def _show(
    request: Request,
    session: ReadSession,
    reader: Reader,
    form: dict[str, Any] | None = None,
    failure: Failure | None = None,
) -> Response:
    community_id = reader.actor.community_id
    names = {one.code: one.name for one in await categories(session, community_id)}
    rows = [
        {
            "code": one.code,
            "name": one.name,
            "name_en": one.name_en,
            "active": one.active,
            "text": _text(one, names),
        }
        for one in await checklists_of(session, community_id)
    ]
    return await show_section(request, session, reader, SECTION, failure=failure, form=form or {}, rows=rows)
