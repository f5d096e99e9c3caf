"""The catalogue, redeeming, and the code that a reward is collected with."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID, uuid4

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.responses import Response

from api.deps import PartsDep, ReadDep, ReaderDep, WorkDep
from api.forms import body_of, parse
from api.models.service import ReasonBody, RedeemBody
from api.pages.frame import redirect
from api.pages.service.frame import open_page, show_again, show_page
from api.plates import public_base
from api.rooms import pages
from api.routes.places import dict_of
from gis.clock import Clock
from gis.errors import NotFoundError, WeiwangError
from gis.flows.service.redeeming import cancel_redemption, found, redeem
from gis.flows.today import today_in
from gis.service.redemptions import written_code
from gis.store import ledger, redemptions, rewards
from gis.store.redemptions import Redemption
from gis.store.rewards import RewardRow
from gis.store.session import ReadSession
from gis.words import Actor
from web.rewards import code_qr

router = pages()


def reward_out(row: RewardRow) -> dict[str, Any]:
    """Return a reward as pages show it."""
    return {
        **dict_of(row.reward),
        "stock": row.stock,
        "shop": row.shop_name,
        "shop_en": row.shop_name_en or row.shop_name,
        "picture": picture_url(row.reward.reward_id, row.picture),
    }


def redemption_out(one: Redemption) -> dict[str, Any]:
    """Return a redemption as pages show it."""
    return {
        **asdict(one),
        "written": written_code(one.code),
        "picture": picture_url(one.reward_id, one.picture),
    }


def picture_url(reward_id: UUID, digest: str | None) -> str | None:
    """Return the address of a reward's picture."""
    return f"/service/rewards/{reward_id}/picture?v={digest[:12]}" if digest else None


@router.get("/service/rewards")
async def get_rewards(request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> Response:
    """Show what may be redeemed today, and what one has redeemed."""
    await open_page(session, reader, "rewards")
    context = await _catalogue(session, parts.clock, reader.actor)
    return await show_page(request, session, reader, "rewards", **context)


async def _catalogue(session: ReadSession, clock: Clock, actor: Actor) -> dict[str, Any]:
    today = await today_in(session, clock, actor.community_id)
    held = await ledger.held_by(session, actor.community_id, actor.person_id)
    return {
        "balance": held.balance,
        "rewards": [
            {**reward_out(one), "new_id": str(uuid4())}
            for one in await rewards.rewards(session, actor.community_id, on=today)
        ],
        "mine": [
            redemption_out(one)
            for one in await redemptions.of_person(session, actor.community_id, actor.person_id, limit=30)
        ],
    }


@router.post("/service/redemptions")
async def post_redemption(request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Redeem a reward; a second press of the button changes nothing."""
    try:
        given = parse(RedeemBody, await body_of(request))
        async with parts.work() as work:
            done = await redeem(work, reader.actor, given.id, given.reward, given.points)
    except (WeiwangError, RequestValidationError) as error:
        async with parts.database.read() as session:
            context = await _catalogue(session, parts.clock, reader.actor)
            return await show_page(request, session, reader, "rewards", failure=error, **context)
    return redirect(f"/service/redemptions/{done.redemption_id}", "redeemed")


@router.get("/service/redemptions/{redemption_id}")
async def get_redemption(redemption_id: UUID, request: Request, reader: ReaderDep, work: WorkDep) -> Response:
    """Show a redemption with its code to its owner; the office sees it without."""
    one = await found(work, reader.actor, redemption_id)
    return await show_page(
        request,
        work.session,
        reader,
        "rewards",
        template="service_code.html",
        **_code(request, reader.actor, one),
    )


def _code(request: Request, actor: Actor, one: Redemption) -> dict[str, Any]:
    own = one.person_id == actor.person_id
    shown = {**redemption_out(one), **({} if own else {"code": "", "written": ""})}
    qr = code_qr(public_base(request), one.code) if own and one.status == "open" else None
    return {"redemption": shown, "qr": qr, "own": own}


@router.post("/service/redemptions/{redemption_id}/cancel")
async def post_cancel(redemption_id: UUID, request: Request, parts: PartsDep, reader: ReaderDep) -> Response:
    """Give a reward back that was not handed out yet."""
    fields = await body_of(request)
    try:
        given = parse(ReasonBody, fields)
        async with parts.work() as work:
            await cancel_redemption(work, reader.actor, redemption_id, given.reason)
    except NotFoundError:
        raise
    except (WeiwangError, RequestValidationError) as error:
        async with parts.work() as work:
            one = await found(work, reader.actor, redemption_id)
        return await show_again(
            request,
            parts,
            reader,
            "rewards",
            error,
            template="service_code.html",
            form=fields,
            **_code(request, reader.actor, one),
        )
    return redirect(f"/service/redemptions/{redemption_id}", "redemption_cancelled")


@router.get("/service/rewards/{reward_id}/picture")
async def get_picture(reward_id: UUID, reader: ReaderDep, session: ReadDep) -> Response:
    """Give a reward's picture."""
    image = await rewards.picture(session, reader.actor.community_id, reward_id)
    if image is None:
        raise NotFoundError("no picture", code="reward_not_found")
    return Response(
        image, media_type="image/jpeg", headers={"Cache-Control": "private, max-age=604800, immutable"}
    )
