"""The catalogue of rewards with its stock, partner shops and who stands in them, causes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.responses import Response

from api.auth import Reader
from api.deps import PartsDep, ReadDep, ReaderDep
from api.forms import body_of, parse, photos_of
from api.models.fields import Body, Sentence, Word
from api.pages.admin.frame import open_section, show_section
from api.pages.frame import Failure, redirect
from api.pages.service.rewards import reward_out
from api.parts import Parts
from api.rooms import pages
from gis.errors import NotFoundError, WeiwangError
from gis.flows.service.keeping import change_stock, put_reward
from gis.flows.service.partners import appoint_keeper, dismiss_keeper, put_cause, put_shop
from gis.intake import prepare_photo
from gis.service.redemptions import LimitPeriod
from gis.store import causes, rewards, shops
from gis.store.causes import Cause
from gis.store.rewards import Reward
from gis.store.session import ReadSession
from gis.store.shops import Shop

router = pages()
PAGE = "/admin/rewards"


class RewardBody(Body):
    """The fields of a reward."""

    name: Sentence = ""
    name_en: Sentence = ""
    about: Sentence = ""
    points: int
    limit_each: int | None = None
    limit_period: Word = LimitPeriod.MONTH.value
    shop: UUID | None = None
    first_day: date | None = None
    last_day: date | None = None
    active: str = ""


class StockBody(Body):
    """How many come or go, and why."""

    id: UUID = Field(default_factory=uuid4)
    amount: int = Field(ge=-1_000_000, le=1_000_000)
    stock_reason: Sentence = ""


class NamedBody(Body):
    """The fields of a shop or a cause."""

    name: Sentence = ""
    name_en: Sentence = ""
    address: Sentence = ""
    about: Sentence = ""
    active: str = ""


class KeeperBody(Body):
    """Whom to appoint, or whose appointment ends."""

    keeper: Sentence = ""
    person: UUID | None = None


@router.get("/admin/rewards")
async def get_rewards(request: Request, reader: ReaderDep, session: ReadDep) -> Response:
    """Show the catalogue, shops and causes."""
    open_section(reader, "rewards")
    return await _show(request, session, reader)


async def _show(
    request: Request,
    session: ReadSession,
    reader: Reader,
    failure: Failure | None = None,
    form: dict[str, Any] | None = None,
) -> Response:
    key = reader.actor.community_id
    catalogue = await rewards.rewards(session, key)
    return await show_section(
        request,
        session,
        reader,
        "rewards",
        failure=failure,
        form=form or {},
        rewards=[
            {
                **reward_out(one),
                "change_id": str(uuid4()),
                "changes": [
                    asdict(c) for c in await rewards.stock_changes(session, key, one.reward.reward_id)
                ]
                if form and form.get("which") == str(one.reward.reward_id)
                else [],
            }
            for one in catalogue
        ],
        shops=[asdict(one) for one in await shops.shops(session, key)],
        keepers=[asdict(one) for one in await shops.keepers(session, key)],
        causes=[asdict(one) for one in await causes.causes(session, key)],
        periods=list(LimitPeriod),
        new_id=str(uuid4()),
    )


@router.post("/admin/rewards/shops/{shop_id}")
async def post_shop(shop_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Keep a shop; a second press of the button changes nothing."""
    open_section(reader, "rewards")
    fields = await body_of(request)
    try:
        given = parse(NamedBody, fields)
        async with parts.work() as work:
            shop = Shop(shop_id, given.name, given.name_en, given.address, given.active == "yes")
            await put_shop(work, reader.actor, shop)
    except (WeiwangError, RequestValidationError) as error:
        return await _again(request, parts, reader, fields | {"which": f"shop {shop_id}"}, error)
    return redirect(PAGE, "shop_kept")


@router.post("/admin/rewards/shops/{shop_id}/keepers")
async def post_keeper(shop_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Appoint somebody to a shop, or take their appointment away at once."""
    open_section(reader, "rewards")
    fields = await body_of(request)
    try:
        given = parse(KeeperBody, fields)
        async with parts.work() as work:
            if given.person is not None:
                await dismiss_keeper(work, reader.actor, shop_id, given.person)
            else:
                await appoint_keeper(work, reader.actor, shop_id, given.keeper)
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        return await _again(request, parts, reader, fields | {"which": f"keepers {shop_id}"}, error)
    return redirect(PAGE, "keeper_dismissed" if given.person else "keeper_appointed")


@router.post("/admin/rewards/causes/{cause_id}")
async def post_cause(cause_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Keep a cause; a second press of the button changes nothing."""
    open_section(reader, "rewards")
    fields = await body_of(request)
    try:
        given = parse(NamedBody, fields)
        async with parts.work() as work:
            cause = Cause(cause_id, given.name, given.name_en, given.about, given.active == "yes")
            await put_cause(work, reader.actor, cause)
    except (WeiwangError, RequestValidationError) as error:
        return await _again(request, parts, reader, fields | {"which": f"cause {cause_id}"}, error)
    return redirect(PAGE, "cause_kept")


@router.post("/admin/rewards/{reward_id}")
async def post_reward(reward_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Keep a reward, with a picture if one is sent; a second press of the button changes nothing."""
    open_section(reader, "rewards")
    fields = await body_of(request)
    try:
        given = parse(RewardBody, fields)
        photos = await photos_of(request, "picture")
        picture = await prepare_photo(photos[0], parts.settings.photo) if photos else None
        reward = Reward(
            reward_id,
            given.name,
            given.name_en,
            given.about,
            given.points,
            given.limit_each,
            given.limit_period,
            given.shop,
            given.first_day,
            given.last_day,
            given.active == "yes",
        )
        async with parts.work() as work:
            await put_reward(work, reader.actor, reward, picture)
    except (WeiwangError, RequestValidationError) as error:
        return await _again(request, parts, reader, fields | {"which": str(reward_id)}, error)
    return redirect(PAGE, "reward_kept")


@router.post("/admin/rewards/{reward_id}/stock")
async def post_stock(reward_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Put into the stock, or take out; a second press of the button changes nothing."""
    open_section(reader, "rewards")
    fields = await body_of(request)
    try:
        given = parse(StockBody, fields)
        async with parts.work() as work:
            await change_stock(work, reader.actor, given.id, reward_id, given.amount, given.stock_reason)
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        return await _again(request, parts, reader, fields | {"which": str(reward_id)}, error)
    return redirect(PAGE, "stock_kept")


async def _again(
    request: Request, parts: Parts, reader: Reader, form: dict[str, Any], failure: Failure
) -> Response:
    async with parts.database.read() as session:
        return await _show(request, session, reader, failure, form)
