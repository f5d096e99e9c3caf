"""What the pages of service and care share: which of them a reader has, as tiles on `/service` and as a strip on each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.responses import Response

from api.auth import Reader
from api.pages.frame import Failure, show
from api.parts import Parts
from gis.errors import NotAllowedError
from gis.flows.mediation.reading import mediates
from gis.store import shops
from gis.store.session import ReadSession
from gis.words import Actor, Role

EVERYBODY = frozenset(Role)
EARNING = EVERYBODY - {Role.AGENCY}
OFFICE = frozenset({Role.ADMIN, Role.DESK})
WATCHING = frozenset({Role.WATCHER, Role.GRID_WORKER, Role.DESK, Role.ADMIN})
"""Who looks in on people and buildings."""
AREA = "service"
"""The page of the main navigation that all of them belong to."""

Post = Callable[[ReadSession, Actor], Awaitable[bool]]


@dataclass(frozen=True, slots=True)
class ServicePage:
    """One page of service and care.

    Parameters
    ----------
    path, key
        Its address, and the key of its name, its sentence (``web.service_words``) and its icon.
    roles
        Who has it by role.
    post
        Tells who has it besides, by what they are charged with.
    """

    path: str
    key: str
    roles: frozenset[Role]
    post: Post | None = None


async def keeps_a_shop(session: ReadSession, actor: Actor) -> bool:
    """Tell whether somebody is appointed to hand out at a partner shop now."""
    return bool(await shops.shops_of(session, actor.community_id, actor.person_id))


SERVICE_PAGES: tuple[ServicePage, ...] = (
    ServicePage("/service", "mine", EVERYBODY),
    ServicePage("/service/rewards", "rewards", EARNING),
    ServicePage("/service/give", "give", EARNING),
    ServicePage("/service/stars", "stars", EARNING),
    ServicePage("/service/counter", "counter", OFFICE, post=keeps_a_shop),
    ServicePage("/service/hours", "hours", OFFICE),
    ServicePage("/service/redeemed", "redeemed", OFFICE),
    ServicePage("/service/books", "books", OFFICE),
    ServicePage("/visits", "visits", WATCHING),
    ServicePage("/patrols", "patrols", frozenset({Role.RIDER, Role.WATCHER, Role.GRID_WORKER})),
    ServicePage("/residents", "residents", WATCHING),
    ServicePage("/missing", "missing", WATCHING | {Role.RIDER}),
    ServicePage("/residents/mine", "my_record", frozenset({Role.RESIDENT})),
    ServicePage("/activities", "activities", EVERYBODY - {Role.AGENCY}),
    ServicePage("/teams", "teams", EVERYBODY - {Role.AGENCY}),
    ServicePage("/handbook", "handbook", EVERYBODY),
    ServicePage(
        "/mediation", "mediation", frozenset({Role.ADMIN, Role.DESK, Role.GRID_WORKER}), post=mediates
    ),
    ServicePage("/meals", "meals", EVERYBODY - {Role.AGENCY, Role.PLANNER}),
    ServicePage("/stations", "stations", EVERYBODY - {Role.AGENCY}),
)
"""In the order of tiles and strip."""


async def pages_of(session: ReadSession, actor: Actor) -> list[ServicePage]:
    """Return the pages that somebody has.

    Parameters
    ----------
    session, actor
        Who, as they are charged now.
    """
    return [one for one in SERVICE_PAGES if await _has(one, session, actor)]


def paths_of(role: Role) -> list[str]:
    """Return the addresses of the pages that a role has."""
    return [one.path for one in SERVICE_PAGES if role in one.roles]


async def open_page(session: ReadSession, reader: Reader, key: str) -> None:
    """Refuse a page that is neither for the reader's role nor for their post.

    Raises
    ------
    NotAllowedError
        ``page_not_allowed``.
    """
    page = next(one for one in SERVICE_PAGES if one.key == key)
    if not await _has(page, session, reader.actor):
        raise NotAllowedError(f"the page {key} is not for {reader.actor.role}", code="page_not_allowed")


async def _has(page: ServicePage, session: ReadSession, actor: Actor) -> bool:
    return actor.role in page.roles or (page.post is not None and await page.post(session, actor))


async def show_page(
    request: Request,
    session: ReadSession,
    reader: Reader,
    key: str,
    *,
    template: str = "",
    failure: Failure | None = None,
    **context: Any,
) -> Response:
    """Answer with one of the pages; its template extends ``service_base.html``.

    Parameters
    ----------
    request, session, reader, key
        Whose page, and which.
    template
        Where it isn't ``service_<key>.html``.
    failure, **context
        As for ``api.pages.frame.show``.
    """
    return await show(
        request,
        session,
        reader,
        template or f"service_{key}.html",
        failure=failure,
        area=AREA,
        service_key=key,
        service_pages=[(one.path, one.key) for one in await pages_of(session, reader.actor)],
        **context,
    )


async def show_again(
    request: Request, parts: Parts, reader: Reader, key: str, failure: Failure, **context: Any
) -> Response:
    """Answer with a page again, in a transaction of its own, after a form that could not be carried out."""
    async with parts.database.read() as session:
        return await show_page(request, session, reader, key, failure=failure, **context)
