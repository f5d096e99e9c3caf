"""Residents found, households recorded and opened, people added to them."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.answers.residents import CardOut, HouseholdOut
from api.auth import Reader
from api.deps import PartsDep, ReaderDep, WorkDep
from api.forms import body_of, parse
from api.models.residents import ResidentQuery
from api.pages.admin.frame import typed
from api.pages.frame import Failure, redirect
from api.pages.residents.frame import KEY, next_page, searched_words, show_part
from api.pages.residents.history import told_changes
from api.pages.service.frame import open_page
from api.residents import keep_household, new_person, suggested
from api.rooms import pages
from api.routes.places import dict_of
from gis.errors import NotFoundError, WeiwangError
from gis.flows.residents.access import present
from gis.flows.residents.keeping import sealed_of, the_household
from gis.flows.residents.reading import Query, find_people, people_of
from gis.flows.work import Work
from gis.people.permissions import may, require
from gis.store.resident_changes import changes_of
from gis.views.boards import addresses

router = pages()


@router.get("/residents")
async def get_residents(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Find residents; a filter that can't be read is told."""
    await open_page(work.session, reader, KEY)
    given = {name: request.query_params.get(name, "") for name in ("q", "flag", "gone", "offset")}
    failure: Failure | None = None
    try:
        query = parse(ResidentQuery, given)
    except RequestValidationError as error:
        failure, query = error, ResidentQuery()
    words = await searched_words(work, reader.actor.community_id)
    wanted = Query(query.q, query.flag, query.gone, query.offset, query.limit, words)
    found = await find_people(work, reader.actor, wanted)
    kept = {name: value for name, value in given.items() if name != "offset"}
    return await show_part(
        request,
        work,
        reader,
        "people",
        "residents.html",
        failure=failure,
        people=[CardOut.model_validate(one).shown() for one in found.items],
        total=found.total,
        filters=given,
        file_url=next_page("/residents.xlsx", kept),
        next_url=next_page("/residents", kept, offset=found.next) if found.next else None,
    )


@router.get("/residents/households/new")
async def get_new_household(request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show the form to record a household."""
    return await _household_form(request, work, reader, {"id": str(uuid4())})


@router.post("/residents/households")
async def post_household(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Record a household, and lead on to it."""
    fields = await body_of(request)
    try:
        async with parts.work() as work:
            made, _ = await keep_household(work, reader.actor, fields)
    except (WeiwangError, RequestValidationError) as error:
        async with parts.work() as work:
            form = {"id": str(uuid4()), **fields}
            return await _household_form(request, work, reader, form, error)
    return redirect(f"/residents/households/{made}", "household_kept")


@router.get("/residents/households/{household_id}")
async def get_household(household_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show a household with who lives there."""
    return await _household(request, work, reader, household_id)


@router.post("/residents/households/{household_id}")
async def post_change(household_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Change what is said of a household."""
    fields = await body_of(request)
    try:
        async with parts.work() as work:
            _, changed = await keep_household(work, reader.actor, fields, household_id)
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        async with parts.work() as work:
            return await _household(request, work, reader, household_id, fields, error)
    notice = "household_kept" if changed else "resident_same"
    return redirect(f"/residents/households/{household_id}", notice)


@router.get("/residents/households/{household_id}/new")
async def get_new_person(household_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show the form to record somebody, or for a watcher to propose it."""
    return await _person_form(request, work, reader, household_id, {"id": str(uuid4())})


@router.post("/residents/households/{household_id}/people")
async def post_person(household_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Record somebody who lives there; a watcher proposes it."""
    fields = await typed(request, "flags")
    watcher = may(reader.actor, "suggest_residents")
    try:
        async with parts.work() as work:
            if watcher:
                await suggested(work, reader.actor, {**fields, "household": str(household_id)})
            else:
                await new_person(work, reader.actor, household_id, fields)
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        async with parts.work() as work:
            form = {"id": str(uuid4()), **fields}
            return await _person_form(request, work, reader, household_id, form, error)
    notice = "suggestion_sent" if watcher else "resident_kept"
    return redirect(f"/residents/households/{household_id}", notice)


async def _household_form(
    request: Request, work: Work, reader: Reader, form: dict[str, Any], failure: Failure | None = None
) -> Response:
    await open_page(work.session, reader, KEY)
    require(reader.actor, "keep_residents")
    known = await addresses(work.session, reader.actor.community_id)
    return await show_part(
        request,
        work,
        reader,
        "people",
        "residents_new.html",
        failure=failure,
        form=form,
        addresses=[dict_of(one) for one in known],
    )


async def _household(  # noqa: PLR0917 - whose page, of what, with what was typed
    request: Request,
    work: Work,
    reader: Reader,
    household_id: UUID,
    form: dict[str, Any] | None = None,
    failure: Failure | None = None,
) -> Response:
    await open_page(work.session, reader, KEY)
    actor = await present(work.session, reader.actor)
    home = await the_household(work, actor, household_id)
    sealed = sealed_of(work, actor.community_id)
    keeps = may(actor, "keep_residents")
    rows = await changes_of(work.session, actor.community_id, household_id=household_id) if keeps else []
    here = await people_of(work, actor, household_id)
    gone = await people_of(work, actor, household_id, gone=True)
    return await show_part(
        request,
        work,
        reader,
        "people",
        "residents_household.html",
        failure=failure,
        home=HouseholdOut.model_validate(home).shown(),
        note=sealed.open("household.note", household_id, home.note) if home.note else "",
        people=[CardOut.model_validate(one).shown() for one in here],
        gone=[CardOut.model_validate(one).shown() for one in gone],
        changes=told_changes(sealed, rows),
        form=form or {},
    )


async def _person_form(  # noqa: PLR0917 - whose page, of what, with what was typed
    request: Request,
    work: Work,
    reader: Reader,
    household_id: UUID,
    form: dict[str, Any],
    failure: Failure | None = None,
) -> Response:
    await open_page(work.session, reader, KEY)
    actor = await present(work.session, reader.actor)
    home = await the_household(work, actor, household_id)
    watcher = may(actor, "suggest_residents")
    return await show_part(
        request,
        work,
        reader,
        "people",
        "residents_form.html",
        failure=failure,
        form=form,
        watcher=watcher,
        moving=False,
        home=HouseholdOut.model_validate(home).shown(),
        adding=True,
        action=f"/residents/households/{household_id}/people",
        back=f"/residents/households/{household_id}",
        keep=f"resident-new-{household_id}",
    )
