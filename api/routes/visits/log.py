"""The watch log: writing an entry with its photos, reading it, and the checklists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from fastapi import Query, Request

from api.answers.visits import ChecklistsOut, VisitOut, VisitPage, checklist_out, visit_out
from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.filters import parse_moment
from api.forms import body_of, form_of, is_form, parse, photos_of
from api.models.visits import FindingQuery, VisitBody, VisitQuery
from api.parts import Parts
from api.rooms import interface
from api.spec import body, errors
from gis.crs import parse_position
from gis.flows.visits.draft import FindingDraft, VisitDraft
from gis.flows.visits.record import VisitRecorded, record_visit
from gis.intake import CleanPhoto, prepare_photo
from gis.people.permissions import require
from gis.store.people import timezone_of
from gis.store.session import ReadSession
from gis.views.visits import VisitFilters, checklists_of, visit_detail, visit_list
from gis.visits.checklists import used
from gis.words import Actor, Position, PositionSource

router = interface("visits")


@router.get("/visits", responses=errors(400, 401, 403))
async def get_visits(reader: ReaderDep, work: WorkDep, query: Annotated[VisitQuery, Query()]) -> VisitPage:
    """List entries of the watch log, the newest first: of the places that the reader looks after."""
    filters = await visit_filters(work.session, reader.actor, query)
    page = await visit_list(
        work.session, reader.actor, filters, now=work.clock.now(), limit=query.limit, cursor=query.cursor
    )
    return VisitPage(items=[visit_out(one) for one in page.items], next=page.next, total=page.total)


@router.get("/visits/{visit_id}", responses=errors(401, 403, 404))
async def get_visit(visit_id: UUID, reader: ReaderDep, work: WorkDep) -> VisitOut:
    """One entry with its photos and problems; the look is recorded."""
    return visit_out(await visit_detail(work.session, reader.actor, visit_id, work.clock.now()))


@router.post(
    "/visits",
    status_code=201,
    responses=errors(400, 401, 403, 404, 409, 413, 415),
    openapi_extra=body(VisitBody, "application/json", "multipart/form-data"),
)
async def post_visit(request: Request, parts: PartsDep, reader: ReaderDep) -> VisitOut:
    """Write an entry; as a form it may come with photos, and `lists` and `wrong` instead of `checks`."""
    recorded = await visit_from(request, parts, reader.actor)
    async with parts.work() as work:
        item = await visit_detail(work.session, reader.actor, recorded.visit_id, work.clock.now())
    return visit_out(item)


@router.get("/checklists", responses=errors(401, 403))
async def get_checklists(reader: ReaderDep, session: ReadDep) -> ChecklistsOut:
    """List the community's checklists that are in use."""
    require(reader.actor, "visit")
    lists = await checklists_of(session, reader.actor.community_id)
    return ChecklistsOut(items=[checklist_out(one) for one in used(lists)])


async def visit_filters(session: ReadSession, actor: Actor, query: VisitQuery) -> VisitFilters:
    """Return the filters of a question, its days in the community's own time."""
    since, before = await moments_of(session, actor, query)
    return VisitFilters(
        person_id=actor.person_id if query.mine else None,
        building_id=query.building,
        grid=query.grid or None,
        campaign_id=query.campaign,
        kind=query.kind or None,
        outcome=query.outcome,
        since=since,
        before=before,
    )


async def moments_of(session: ReadSession, actor: Actor, query: VisitQuery | FindingQuery) -> Any:
    """Return from when until when."""
    zone = ZoneInfo(await timezone_of(session, actor.community_id))
    return parse_moment(query.since, "from", zone), parse_moment(query.before, "to", zone, end=True)


async def visit_from(request: Request, parts: Parts, actor: Actor) -> VisitRecorded:
    """Write down what a body or a form says, with its photos; they are looked at before the transaction begins."""
    require(actor, "visit")
    given = parse(VisitBody, await _fields(request, parts, actor))
    photos = [await prepare_photo(one, parts.settings.photo) for one in await photos_of(request)]
    async with parts.work() as work:
        return await record_visit(work, actor, draft_of(given, photos))


def draft_of(given: VisitBody, photos: list[CleanPhoto]) -> VisitDraft:
    """Return what a body says."""
    return VisitDraft(
        visit_id=given.id or uuid4(),
        kind=given.kind,
        outcome=given.outcome,
        visited_at=given.visited_at,
        building_id=given.building,
        position=_position(given),
        household_id=given.household,
        flat=given.flat,
        words=given.words,
        checks=given.checks,
        then=given.then,
        findings=[FindingDraft(one.words, one.category, one.then, one.answer) for one in given.findings],
        campaign_id=given.campaign,
        answers=given.answers,
        photos=photos,
    )


def _position(given: VisitBody) -> Position | None:
    if given.building is not None or (given.lon is None and given.lat is None):
        return None
    return parse_position(given.lon, given.lat, given.datum, source=PositionSource.PIN)


async def _fields(request: Request, parts: Parts, actor: Actor) -> dict[str, Any]:
    """Return the fields as JSON would say them: a form ticks lists that were gone through and what is wrong."""
    fields = await body_of(request)
    if not is_form(request):
        return fields
    form = await form_of(request)
    wrong = {str(one) for one in form.getlist("wrong")}
    gone_through = {str(one) for one in form.getlist("lists")}
    names = ("lists", "wrong", "problem", "problem_category", "answer")
    given = {name: value for name, value in fields.items() if name not in names}
    given["answers"] = {
        name.removeprefix("answer_"): given.pop(name) for name in list(given) if name.startswith("answer_")
    }
    if wrong or gone_through:
        async with parts.database.read() as session:
            lists = used(await checklists_of(session, actor.community_id))
        given["checks"] = _checks(lists, gone_through, wrong)
    return given | _problem(fields)


def _checks(lists: Any, gone_through: set[str], wrong: set[str]) -> dict[str, str]:
    seen = [
        item
        for one in lists
        if one.code in gone_through or any(str(item.item_id) in wrong for item in one.items)
        for item in one.items
    ]
    found = {str(item.item_id): "wrong" if str(item.item_id) in wrong else "ok" for item in seen}
    return found | {one: "wrong" for one in wrong if one not in found}


def _problem(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the one problem that a form has room for."""
    words = str(fields.get("problem", "")).strip()
    if not words:
        return {}
    one = {"words": words, "category": fields.get("problem_category") or "other"}
    one |= {name: fields[name] for name in ("then", "answer") if fields.get(name)}
    return {"findings": [one]}
