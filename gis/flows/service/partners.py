"""Partner shops and who stands in them, and causes that points may be given to."""

from __future__ import annotations

from dataclasses import asdict, replace
from uuid import UUID

from gis.errors import NotFoundError
from gis.flows.naming import person_called
from gis.flows.office.record import record
from gis.flows.service.noting import note_change
from gis.flows.texts import plain, required
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import causes, shops
from gis.store.causes import Cause
from gis.store.shops import Shop
from gis.words import Actor


async def put_shop(work: Work, actor: Actor, given: Shop) -> None:
    """Keep a partner shop, new or changed; its id is made by the client.

    Parameters
    ----------
    work, actor, given
        Who keeps which.

    Raises
    ------
    InvalidInputError
        ``text_needed``, ``text_too_long``.
    """
    require(actor, "keep_rewards")
    right = replace(
        given,
        name=required(given.name, "name", limit=30),
        name_en=plain(given.name_en, "name_en", limit=60),
        address=plain(given.address, "address", limit=80),
    )
    known = {one.shop_id: one for one in await shops.shops(work.session, actor.community_id)}
    before = asdict(known[given.shop_id]) if given.shop_id in known else {}
    await shops.put_shop(work.session, actor.community_id, right, work.clock.now())
    await note_change(work, actor, "shop", given.shop_id, right.name, before, asdict(right))


async def appoint_keeper(work: Work, actor: Actor, shop_id: UUID, called: str) -> None:
    """Appoint somebody to hand out at a shop.

    Parameters
    ----------
    work, actor, shop_id, called
        Who appoints whom, where.

    Raises
    ------
    NotFoundError
        ``shop_unknown``.
    InvalidInputError
        ``person_not_called``, ``person_unclear``.
    """
    require(actor, "keep_rewards")
    shop = await _shop(work, actor, shop_id)
    who = await person_called(work, actor.community_id, called, "keeper")
    if await shops.appoint(
        work.session, actor.community_id, shop_id, who.person_id, actor.person_id, work.clock.now()
    ):
        data = {"keeper": [None, who.username]}
        await record(work, actor, "shop", str(shop_id), "changed", name=shop.name, data=data)


async def dismiss_keeper(work: Work, actor: Actor, shop_id: UUID, person_id: UUID) -> None:
    """Take somebody's appointment away; they hand out no more from this moment.

    Parameters
    ----------
    work, actor, shop_id, person_id
        Who takes whose away, where.

    Raises
    ------
    NotFoundError
        ``shop_unknown``.
    """
    require(actor, "keep_rewards")
    shop = await _shop(work, actor, shop_id)
    names = {one.person_id: one.username for one in await shops.keepers(work.session, actor.community_id)}
    if await shops.dismiss(work.session, actor.community_id, shop_id, person_id):
        data = {"keeper": [names.get(person_id, str(person_id)), None]}
        await record(work, actor, "shop", str(shop_id), "changed", name=shop.name, data=data)


async def put_cause(work: Work, actor: Actor, given: Cause) -> None:
    """Keep a cause that points may be given to; its id is made by the client.

    Parameters
    ----------
    work, actor, given
        Who keeps which.

    Raises
    ------
    InvalidInputError
        ``text_needed``, ``text_too_long``.
    """
    require(actor, "keep_rewards")
    right = replace(
        given,
        name=required(given.name, "name", limit=30),
        name_en=plain(given.name_en, "name_en", limit=60),
        about=plain(given.about, "about", limit=200),
    )
    known = {one.cause_id: one for one in await causes.causes(work.session, actor.community_id)}
    before = asdict(known[given.cause_id]) if given.cause_id in known else {}
    await causes.put_cause(work.session, actor.community_id, right, work.clock.now())
    await note_change(work, actor, "cause", given.cause_id, right.name, before, asdict(right))


async def _shop(work: Work, actor: Actor, shop_id: UUID) -> Shop:
    known = {one.shop_id: one for one in await shops.shops(work.session, actor.community_id)}
    if shop_id not in known:
        raise NotFoundError("no such shop", code="shop_unknown")
    return known[shop_id]
