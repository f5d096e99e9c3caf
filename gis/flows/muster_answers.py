"""Answering a call to a muster, arriving, and standing down."""

from __future__ import annotations

from uuid import UUID

from gis.errors import ConflictError, NotFoundError
from gis.flows.musters import held, look_for_more, require_calling, tell_called
from gis.flows.work import Work
from gis.muster import waves
from gis.muster.answers import LIVE, Act, answered
from gis.muster.waves import Called
from gis.people.permissions import require
from gis.store import musters
from gis.store.musters import Muster
from gis.words import Actor


async def answer_muster(work: Work, actor: Actor, muster_id: UUID, *, coming: bool) -> str:
    """Say that one is coming, or can't; free of any consequence. Said again it changes nothing.

    Parameters
    ----------
    work, actor, muster_id
        Who answers which call.
    coming
        False: others are called in one's place.

    Returns
    -------
    str
        How the call stands now.

    Raises
    ------
    NotFoundError
        ``muster_not_found``: none, or one was not called.
    ConflictError
        ``muster_over``, ``muster_call_over``, or ``muster_full``: enough are coming.
    """
    return await _answer(work, actor, muster_id, Act.COMING if coming else Act.DECLINE)


async def arrive_at_muster(work: Work, actor: Actor, muster_id: UUID) -> str:
    """Say that one is there; otherwise as ``answer_muster``.

    Parameters
    ----------
    work, actor, muster_id
        Who arrives where.
    """
    return await _answer(work, actor, muster_id, Act.ARRIVE)


async def _answer(work: Work, actor: Actor, muster_id: UUID, act: Act) -> str:
    community_id, now = actor.community_id, work.clock.now()
    muster = await held(work, community_id, muster_id)
    calls = [
        Called(one.person_id, one.seat, one.status)
        for one in await musters.calls(work.session, community_id, muster_id)
    ]
    mine = next((one for one in calls if one.person_id == actor.person_id), None)
    if mine is None:
        raise NotFoundError("no such muster, or not one of yours", code="muster_not_found")
    require_calling(muster)
    status = answered(mine.status, act)
    if status == mine.status:
        return status
    if status in waves.COMING and mine.status not in waves.COMING:
        await _check_room(work, actor, muster, mine, calls)
    await musters.set_calls(work.session, community_id, muster_id, [actor.person_id], status, now=now)
    await musters.tell(work.session, community_id, muster_id, act.value, at=now, actor_id=actor.person_id)
    await look_for_more(work, community_id, muster, time_is_over=False)
    return status


async def _check_room(work: Work, actor: Actor, muster: Muster, mine: Called, calls: list[Called]) -> None:
    """Refuse one too many, and somebody who is at another muster by now."""
    if not waves.short(muster.wanted, calls, waiting_counts=False)[mine.seat]:
        raise ConflictError("enough are coming", code="muster_full")
    if mine.status not in LIVE and await musters.elsewhere(
        work.session, actor.community_id, actor.person_id, muster.muster_id
    ):
        raise ConflictError("called to another muster", code="muster_elsewhere")


async def stand_down(work: Work, actor: Actor, muster_id: UUID) -> None:
    """End a muster: everybody who was called, is coming or is there is told. Said again it changes nothing.

    Parameters
    ----------
    work, actor, muster_id
        Who ends which muster.

    Raises
    ------
    NotFoundError
        ``muster_not_found``.
    """
    require(actor, "muster")
    await send_home(work, actor, muster_id)


async def send_home(work: Work, actor: Actor, muster_id: UUID, kind: str = "muster_stood_down") -> None:
    """End a muster; who may was checked. See ``stand_down``.

    Parameters
    ----------
    work, actor, muster_id
        Who ends which muster.
    kind
        Of the notice to those who were called.
    """
    muster = await held(work, actor.community_id, muster_id)
    if muster.status != "calling":
        return
    now = work.clock.now()
    calls = await musters.calls(work.session, actor.community_id, muster_id)
    live = [one.person_id for one in calls if one.status in LIVE]
    await musters.set_calls(work.session, actor.community_id, muster_id, live, "stood_down", now=now)
    await musters.end(work.session, actor.community_id, muster_id, now)
    await musters.tell(
        work.session, actor.community_id, muster_id, "stand_down", at=now, actor_id=actor.person_id
    )
    await tell_called(work, actor.community_id, muster, kind, live, turn=muster.wave + 1)
