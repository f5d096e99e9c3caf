"""People: found, added, changed, ended, and given a code for a new password."""

from __future__ import annotations

import re
from typing import Annotated, Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, StringConstraints
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep
from api.forms import parse
from api.models.fields import Body, Line
from api.pages.admin.frame import open_section, show_section, typed
from api.pages.frame import Failure, redirect
from api.parts import Parts
from api.rooms import pages
from gis.categories import SKILLS
from gis.errors import NotFoundError, WeiwangError
from gis.flows.office.codes import Code, give_code
from gis.flows.office.people import PostDraft, add_post, change_post, set_active
from gis.store.session import ReadSession
from gis.views.office import Post, PostFilters, agency_rows, people, person
from gis.words import Mode, Role

router = pages()
LISTED = 50
BETWEEN = re.compile(r"[,，、;；\s]+")
DEFAULTS = {"role": "watcher", "language": "zh", "mode": "walk", "capacity": "2"}


class PostBody(Body):
    """The fields of a person."""

    username: Line = ""
    name: Line
    role: Role
    language: Line = "zh"
    agency: Line = ""
    grid: Annotated[str, StringConstraints(max_length=4000)] = ""
    micro_grid: Annotated[str, StringConstraints(max_length=4000)] = ""
    mode: Mode = Mode.WALK
    capacity: Annotated[int, Field(ge=1, le=20)] = 2
    skills: Annotated[list[Line], Field(max_length=20, default_factory=list)]
    languages: Annotated[list[Line], Field(max_length=5, default_factory=list)]

    def draft(self) -> PostDraft:
        """Return the person that is meant."""
        return PostDraft(
            self.username.lower(),
            self.name,
            self.role,
            self.language,
            self.agency or None,
            _codes(self.grid),
            _codes(self.micro_grid),
            self.mode,
            self.capacity,
            self.skills,
            self.languages,
        )


class ListQuery(BaseModel):
    """What a list of people is narrowed down to."""

    q: Line = ""
    role: Role | None = None
    active: Annotated[str, StringConstraints(pattern="^(yes|no|all)$")] = "yes"
    after: Line = ""


def _codes(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in BETWEEN.split(text) if one))


@router.get("/admin/people")
async def get_people(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """List people; a filter that can't be read is told."""
    open_section(reader, "people")
    given = {name: request.query_params.get(name, "") for name in ListQuery.model_fields}
    failure: Failure | None = None
    try:
        query = parse(ListQuery, given)
    except RequestValidationError as error:
        failure, query = error, ListQuery()
    wanted = PostFilters(query.q, query.role, {"yes": True, "no": False}.get(query.active))
    page = await people(session, reader.actor, wanted, limit=LISTED, after=query.after or None)
    kept = {name: value for name, value in given.items() if value and name != "after"}
    return await show_section(
        request,
        session,
        reader,
        "people",
        failure=failure,
        people=page.items,
        total=page.total,
        filters=given,
        roles=list(Role),
        next_url=f"/admin/people?{urlencode({**kept, 'after': page.next})}" if page.next else None,
    )


@router.get("/admin/people/new")
async def get_new(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show an empty form."""
    open_section(reader, "people")
    return await person_form(request, session, reader, form=dict(DEFAULTS))


@router.post("/admin/people")
async def post_new(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Add a person, and show the code with which they choose their password."""
    open_section(reader, "people")
    fields = await typed(request, "skills", "languages")
    try:
        draft = parse(PostBody, fields).draft()
        async with parts.work() as work:
            code = await add_post(work, reader.actor, draft)
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            return await person_form(request, session, reader, form=DEFAULTS | fields, failure=error)
    return await _with_code(request, parts, reader, code)


@router.get("/admin/people/{person_id}")
async def get_person(person_id: UUID, request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show a person with what was changed of them."""
    open_section(reader, "people")
    return await person_form(request, session, reader, person_id)


@router.post("/admin/people/{person_id}")
async def post_person(person_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Change a person."""
    open_section(reader, "people")
    fields = await typed(request, "skills", "languages")
    try:
        draft = parse(PostBody, fields).draft()
        async with parts.work() as work:
            changed = await change_post(work, reader.actor, person_id, draft)
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            return await person_form(request, session, reader, person_id, form=fields, failure=error)
    parts.sessions.forget_person(person_id)
    return redirect(f"/admin/people/{person_id}", "person_kept" if changed else "nothing_changed")


@router.post("/admin/people/{person_id}/{act}")
async def post_act(
    person_id: UUID, act: str, request: Request, parts: PartsDep, reader: ReaderDep
) -> Response:
    """End somebody's access, give it back, or give them a code."""
    open_section(reader, "people")
    if act not in {"deactivate", "activate", "code"}:
        raise NotFoundError("no such act", code="route_unknown")
    try:
        async with parts.work() as work:
            if act == "code":
                code = await give_code(work, reader.actor, person_id)
            else:
                await set_active(work, reader.actor, person_id, active=act == "activate")
    except NotFoundError:
        raise
    except WeiwangError as error:
        async with parts.database.read() as session:
            return await person_form(request, session, reader, person_id, failure=error)
    parts.sessions.forget_person(person_id)
    if act == "code":
        return await _with_code(request, parts, reader, code)
    return redirect(f"/admin/people/{person_id}", f"person_{act}d")


async def _with_code(request: Request, parts: Parts, reader: Reader, code: Code) -> Response:
    async with parts.database.read() as session:
        return await person_form(request, session, reader, code.person_id, code=code)


async def person_form(  # noqa: PLR0917 - whose page, of whom, with what was typed
    request: Request,
    session: ReadSession,
    reader: Reader,
    person_id: UUID | None = None,
    form: dict[str, Any] | None = None,
    failure: Failure | None = None,
    code: Code | None = None,
) -> Response:
    """Answer with the page of a person, or of one who is to be added, with what was typed."""
    found = await person(session, reader.actor, person_id) if person_id else None
    stored = _stored(found.post) if found else {}
    return await show_section(
        request,
        session,
        reader,
        "people",
        template="admin_person.html",
        failure=failure,
        post=found.post if found else None,
        changes=found.changes if found else [],
        form=stored | (form or {}),
        code=code,
        roles=list(Role),
        skills=SKILLS,
        all_agencies=await agency_rows(session, reader.actor.community_id),
    )


def _stored(post: Post) -> dict[str, Any]:
    return {
        "username": post.username,
        "name": post.name,
        "role": post.role,
        "language": post.language,
        "agency": post.agency_code or "",
        "grid": " ".join(post.grids),
        "micro_grid": " ".join(post.micro_grids),
        "mode": post.mode or "walk",
        "capacity": str(post.capacity or 2),
        "skills": list(post.skills),
        "languages": list(post.languages),
    }
