"""Categories and their deadlines, as the community has them."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReaderDep
from api.forms import parse
from api.models.fields import Body, Line
from api.pages.admin.frame import open_section, show_section, typed
from api.pages.frame import Failure, redirect
from api.parts import Parts
from api.rooms import pages
from gis.categories import CATEGORIES, SKILLS
from gis.errors import NotFoundError, WeiwangError
from gis.flows.office.categories import CategoryDraft, set_category
from gis.views.office import agency_rows

router = pages()
MINUTE_S = 60


class CategoryBody(Body):
    """The fields of a category; times are minutes and hours as people think of them."""

    name: Line
    name_en: Line = ""
    active: Line = ""
    urgent: Line = ""
    answer_s: Annotated[int, Field(ge=1, le=50_000)]
    on_site_s: Annotated[int, Field(ge=1, le=50_000)]
    resolve_s: Annotated[int, Field(ge=1, le=600_000)]
    counting: Line
    agency: Line = ""
    skills: Annotated[list[Line], Field(max_length=20, default_factory=list)]
    skill_required: Line = ""

    def draft(self) -> CategoryDraft:
        """Return the category that is meant; minutes become seconds."""
        return CategoryDraft(
            self.name,
            self.name_en,
            active=self.active == "yes",
            urgent=self.urgent == "yes",
            answer_s=self.answer_s * MINUTE_S,
            on_site_s=self.on_site_s * MINUTE_S,
            resolve_s=self.resolve_s * MINUTE_S,
            counting=self.counting,
            agency_code=self.agency or None,
            skills=self.skills,
            skill_required=self.skill_required == "yes",
        )


@router.get("/admin/categories")
async def get_categories(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """List categories with their deadlines."""
    open_section(reader, "categories")
    return await _show(request, parts, reader)


@router.post("/admin/categories/{code}")
async def post_category(code: str, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Change a category."""
    open_section(reader, "categories")
    if code not in {one.code for one in CATEGORIES}:
        raise NotFoundError("no such category", code="route_unknown")
    fields = await typed(request, "skills")
    try:
        draft = parse(CategoryBody, fields).draft()
        async with parts.work() as work:
            changed = await set_category(work, reader.actor, code, draft)
        async with parts.work() as work:  # so that the next report goes by it
            await work.atlas.get(work.session, reader.actor.community_id)
    except (WeiwangError, RequestValidationError) as error:
        return await _show(request, parts, reader, fields | {"code": code}, error)
    return redirect("/admin/categories", "category_kept" if changed else "nothing_changed")


async def _show(
    request: Request,
    parts: Parts,
    reader: Reader,
    form: dict[str, Any] | None = None,
    failure: Failure | None = None,
) -> Response:
    async with parts.work() as work:
        atlas = await work.atlas.get(work.session, reader.actor.community_id)
        kinds = [
            {
                **asdict(atlas.kind(one.code)),
                "active": one.code not in atlas.unused,
                "own": one.code in atlas.kinds,
            }
            for one in CATEGORIES
        ]
        return await show_section(
            request,
            work.session,
            reader,
            "categories",
            failure=failure,
            kinds=kinds,
            skills=SKILLS,
            all_agencies=await agency_rows(work.session, reader.actor.community_id),
            form=form or {},
        )
