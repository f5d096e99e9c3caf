"""What one was told: a list, and marking it as read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request
from pydantic import BaseModel, Field

from api.deps import ReadDep, ReaderDep, WorkDep
from api.forms import body_of, parse
from api.language import language_of
from api.models import MOST_ITEMS, SHORT, Body
from api.rooms import interface
from api.spec import body, errors
from gis.flows.read_notices import read_notices
from gis.store.session import ReadSession
from gis.views.boards import agencies
from gis.views.notices import NoticeRow, notice_list, unread_count
from gis.words import Actor
from web.i18n import translate
from web.notices import notice_line, notice_title

router = interface("me")
JSON = "application/json"
PAGES: Mapping[str, str] = {
    "offered": "/tasks",
    "to_rate": "/report/{report_id}#rating",
    "certificate_ends": "/teams/certificates",
    "points_given": "/service/statement",
    "points_expiring": "/service",
    "mediation_named": "/mediation/{case_id}",
    "mediation_soon": "/mediation/{case_id}",
    "mediation_follow_up": "/mediation/{case_id}",
}
"""Where a notice of a kind leads."""
PAGES_BY_KEY: Mapping[str, str] = {
    "muster_id": "/musters/{muster_id}",
    "round_id": "/visits/rounds/{round_id}",
    "activity_id": "/activities/{activity_id}",
    "redemption_id": "/service/redemptions/{redemption_id}",
}
"""Where a notice leads whose data name something."""


class NoticeOut(BaseModel):
    """Something one was told, in one's own language; ``url`` is the page that it is about."""

    id: UUID
    kind: str = Field(examples=["offered"])
    title: str = Field(examples=["有新派单，请尽快回答"])
    line: str = Field(examples=["下水堵塞 · 八经街46号"])
    url: str | None
    case_id: UUID | None
    number: str
    urgent: bool
    silent: bool = Field(description="made in quiet hours: no sound")
    at: datetime
    read_at: datetime | None


class NoticePage(BaseModel):
    """Part of what one was told, the newest first; ``unread`` counts what isn't read yet."""

    items: list[NoticeOut]
    next: str | None
    total: int
    unread: int


class NoticeQuery(BaseModel):
    """Which notices."""

    unread: bool = False
    limit: int = Field(50, ge=1, le=MOST_ITEMS)
    cursor: str | None = Field(None, max_length=SHORT)


class ReadBody(Body):
    """Which notices are read; without `ids` all of them."""

    ids: list[UUID] | None = Field(None, max_length=MOST_ITEMS)


class ReadOut(BaseModel):
    """How many are still unread."""

    unread: int


@router.get("/me/notices", responses=errors(400, 401))
async def get_notices(
    request: Request, reader: ReaderDep, session: ReadDep, query: Annotated[NoticeQuery, Query()]
) -> NoticePage:
    """List what one was told, the newest first; where the live stream doesn't get through, this is polled."""
    language = language_of(request, reader.actor.language)
    return await my_notices(session, reader.actor, language, query)


async def my_notices(session: ReadSession, actor: Actor, language: str, query: NoticeQuery) -> NoticePage:
    """Return somebody's notices with their sentences."""
    page = await notice_list(session, actor, unread=query.unread, limit=query.limit, cursor=query.cursor)
    names = await agency_names(session, actor.community_id, language)
    return NoticePage(
        items=[notice_out(one, language, names) for one in page.items],
        next=page.next,
        total=page.total,
        unread=await unread_count(session, actor.community_id, actor.person_id),
    )


async def agency_names(session: ReadSession, community_id: str, language: str) -> dict[str, str]:
    """Return the names of agencies by code."""
    found = await agencies(session, community_id)
    return {one.code: (language == "en" and one.name_en) or one.name for one in found}


def notice_out(row: NoticeRow, language: str, names: dict[str, str]) -> NoticeOut:
    """Return one notice in a language."""
    place = row.building or (
        translate(language, "微网格 {code}", code=row.grid_code) if row.grid_code else ""
    )
    category = (language == "en" and row.category_en) or row.category
    return NoticeOut(
        id=row.notice_id,
        kind=row.kind,
        title=notice_title(language, row.kind),
        line=notice_line(language, row.data, category=category, place=place, agencies=names),
        url=page_of(row),
        case_id=row.case_id,
        number=row.number,
        urgent=row.urgent,
        silent=row.silent,
        at=row.created_at,
        read_at=row.read_at,
    )


def page_of(row: NoticeRow) -> str | None:
    """Return the page that a notice is about: that of its kind, of what its data name, or of its case."""
    known = {"case_id": row.case_id, **row.data}
    named = PAGES.get(row.kind) or next((page for key, page in PAGES_BY_KEY.items() if key in row.data), None)
    if named:
        return named.format_map(known)
    return f"/cases/{row.case_id}" if row.case_id else None


@router.post("/me/notices/read", responses=errors(400, 401, 403), openapi_extra=body(ReadBody, JSON))
async def post_read(request: Request, reader: ReaderDep, work: WorkDep) -> ReadOut:
    """Mark notices as read; all of them where none is named."""
    given = parse(ReadBody, await body_of(request))
    return ReadOut(unread=await read_notices(work, reader.actor, given.ids))
