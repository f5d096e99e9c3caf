"""Going off duty with tasks in hand: the service asks what is to become of them, and they go on either way."""

from __future__ import annotations

from gis.errors import ConflictError, InvalidInputError
from gis.flows.duty import set_duty
from gis.flows.hand_over import hand_over
from gis.flows.release import release
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import self_claims
from gis.store.responders import DutyState
from gis.words import Actor, Leave


async def go_off_duty(work: Work, actor: Actor, tasks: Leave | None = None, to: str = "") -> DutyState:
    """Go off duty; who has tasks in hand says what becomes of them.

    Parameters
    ----------
    work, actor
        Who.
    tasks
        None: not said yet.
    to
        The colleague to be asked, for ``hand_over``.

    Raises
    ------
    ConflictError
        ``tasks_in_hand`` with the tasks when nothing was said; as ``hand_over`` for a colleague.
    InvalidInputError
        ``colleague_needed``.
    NotAllowedError
        As ``set_duty``.
    """
    require(actor, "duty")
    held = await self_claims.tasks_in_hand(work.session, actor.community_id, actor.person_id)
    if held and tasks is None:
        raise ConflictError(
            "there are tasks in hand",
            code="tasks_in_hand",
            n=len(held),
            tasks=[{"id": str(one.case_id), "category": one.category, "status": one.status} for one in held],
            choices=[one.value for one in Leave],
        )
    if held and tasks is Leave.HAND_OVER and not to.strip():
        raise InvalidInputError("say which colleague", code="colleague_needed", field="to")
    state = await set_duty(work, actor, on=False)  # first, so that nothing given back comes to them again
    for one in held:
        if tasks is Leave.RELEASE:
            await release(work, actor, one.case_id, "off_duty")
        elif tasks is Leave.HAND_OVER:
            await hand_over(work, actor, one.case_id, to, "off_duty")
    return state
