"""Handing rewards out: at the desk, or at the partner shop that somebody is appointed to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from gis.errors import ConflictError, NotAllowedError, NotFoundError
from gis.flows.service.attempts import check_attempts, count_attempt
from gis.flows.work import Work
from gis.people.permissions import may
from gis.service.redemptions import RedemptionStatus, first_letters, read_code
from gis.store import access_log, redemptions, shops
from gis.store.redemptions import Redemption
from gis.words import Actor

WRONG = "wrong_reward_code"
LOOK = "reward_code"


@dataclass(frozen=True, slots=True)
class CodeLook:
    """All that a counter learns of a code: what it is for, and the first letter of whose it is."""

    code: str
    reward: str
    reward_en: str
    picture: str | None
    reward_id: UUID
    person: str
    status: str
    expires_at: datetime
    handed_out_at: datetime | None
    over: bool
    """Its time is over, though nobody has looked after it yet."""


async def look_at_code(work: Work, actor: Actor, text: str) -> CodeLook:
    """Return what a code stands for; the look is recorded.

    Parameters
    ----------
    work, actor, text
        Who at a counter has typed or scanned what.

    Raises
    ------
    NotAllowedError
        ``not_at_a_counter``: neither the office nor appointed to a shop.
    NotFoundError
        ``reward_code_unknown``, also where it is another shop's.
    InvalidInputError
        ``reward_code_invalid``.
    TooManyError
        ``too_many_attempts``.
    """
    known, _ = await _found(work, actor, text)
    await access_log.log_access(
        work.session,
        actor.community_id,
        at=work.clock.now(),
        person_id=actor.person_id,
        kind=LOOK,
        subject_id=str(known.redemption_id),
    )
    return _look(work, known)


async def hand_out(work: Work, actor: Actor, text: str) -> CodeLook:
    """Hand a reward out; of several counters that try, one does.

    Parameters
    ----------
    work, actor, text
        As for ``look_at_code``.

    Raises
    ------
    ConflictError
        ``reward_code_used`` with the time, ``reward_code_expired``, ``redemption_over``.
    NotAllowedError
        ``own_work``: nobody hands out to themselves; ``not_at_a_counter``.
    """
    known, shop_id = await _found(work, actor, text)
    if known.person_id == actor.person_id:
        raise NotAllowedError("nobody hands out to themselves", code="own_work", verb="hand_out")
    now = work.clock.now()
    done = await redemptions.hand_out(
        work.session,
        actor.community_id,
        known.redemption_id,
        by=actor.person_id,
        shop_id=shop_id,
        at=now,
    )
    known = await redemptions.get(work.session, actor.community_id, known.redemption_id) or known
    if not done:
        raise _refused(known)
    return _look(work, known)


def _refused(known: Redemption) -> ConflictError:
    if known.status in {RedemptionStatus.OPEN, RedemptionStatus.EXPIRED}:
        return ConflictError("its time is over", code="reward_code_expired")
    if known.handed_out_at is not None:
        at = known.handed_out_at.isoformat()
        return ConflictError("it was handed out", code="reward_code_used", at=at)
    return ConflictError(f"it is {known.status}", code="redemption_over", status=known.status)


async def _found(work: Work, actor: Actor, text: str) -> tuple[Redemption, UUID | None]:
    """Return what a code stands for, and the shop that the actor stands in; None: the desk."""
    office = may(actor, "keep_rewards")
    mine = await shops.shops_of(work.session, actor.community_id, actor.person_id)
    if not office and not mine:
        raise NotAllowedError("not at a counter", code="not_at_a_counter")
    await check_attempts(work, actor, WRONG)
    code = read_code(text)
    known = await redemptions.by_code(work.session, actor.community_id, code)
    if known is None or (known.shop_id not in mine and not office):
        unknown = NotFoundError("no such code here", code="reward_code_unknown")
        raise await count_attempt(work, actor, WRONG, unknown)
    return known, known.shop_id if known.shop_id in mine else None


def _look(work: Work, known: Redemption) -> CodeLook:
    return CodeLook(
        known.code,
        known.reward,
        known.reward_en,
        known.picture,
        known.reward_id,
        first_letters(known.person_name),
        known.status,
        known.expires_at,
        known.handed_out_at,
        over=known.status == RedemptionStatus.OPEN and known.expires_at <= work.clock.now(),
    )
