"""Going on and off duty, and saying where one is."""

from __future__ import annotations

from uuid import UUID

from gis.errors import ConflictError, NotAllowedError
from gis.flows.acting import SERVICE, change
from gis.flows.climb import ask_next
from gis.flows.waking import wake
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import cases, offers, responders
from gis.store.responders import DutyState
from gis.words import Actor, Position, Verb


async def set_duty(work: Work, actor: Actor, on: bool) -> DutyState:
    """Go on duty, or off: then open offers pass to the next, the position is forgotten, and tasks stay in hand.

    Parameters
    ----------
    work, actor
        Who.
    on
        Said again, it changes nothing.

    Raises
    ------
    NotAllowedError
        ``not_allowed``, ``not_a_responder``.
    """
    require(actor, "duty")
    state = await switch(work, actor.community_id, actor.person_id, on=on)
    if state is None:
        raise NotAllowedError("this person takes no offers", code="not_a_responder")
    return state


async def switch(work: Work, community_id: str, person_id: UUID, *, on: bool) -> DutyState | None:
    """Put somebody on duty or take them off, by their own tap or by their calendar; who takes no offers stays None.

    Parameters
    ----------
    work, community_id, person_id, on
        Who, and which.
    """
    if not on:
        await _pass_on_offers(work, community_id, person_id)
    state = await responders.set_duty(work.session, community_id, person_id, on=on, now=work.clock.now())
    if on and state is not None and state.live_load < state.capacity:
        await wake(work, community_id)
    return state


async def set_position(work: Work, actor: Actor, position: Position) -> None:
    """Say where one is; only the last place is kept, and only on duty.

    Parameters
    ----------
    work, actor
        Who.
    position
        From ``gis.crs.parse_position``.

    Raises
    ------
    ConflictError
        ``not_on_duty``.
    """
    require(actor, "duty")
    now = work.clock.now()
    placed = await responders.set_position(work.session, actor.community_id, actor.person_id, position, now)
    if placed is None:
        raise ConflictError("positions are taken on duty only", code="not_on_duty")
    if placed.free:
        await wake(work, actor.community_id, waits=placed.waits)


async def _pass_on_offers(work: Work, community_id: str, person_id: UUID) -> None:
    for case_id in await responders.live_offer_cases(work.session, community_id, person_id):
        case = await cases.lock(work.session, community_id, case_id)
        if case is None or case.facts.offeree_id != person_id:
            continue
        now = work.clock.now()
        await offers.end(work.session, community_id, case_id, "withdrawn", now=now, reason="off_duty")
        data = {"responder_id": str(person_id), "offer_id": str(case.offer_id)}
        await change(work, community_id, case, Verb.EXPIRE, SERVICE, actor=None, reason="off_duty", data=data)
        await ask_next(work, community_id, case_id)
