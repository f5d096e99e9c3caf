"""The work is done: for hazards a photo shows it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from gis.cases.categories import Family, category
from gis.cases.transitions import transition
from gis.errors import InvalidInputError
from gis.flows.acting import change, hold, let_go
from gis.flows.attach_photo import store_photos
from gis.flows.notify import notify
from gis.flows.texts import plain
from gis.flows.work import Work
from gis.intake import CleanPhoto
from gis.store import cases, referrals
from gis.words import Actor, CaseState, Notice, Relation, Status, Verb


async def done(
    work: Work, actor: Actor, case_id: UUID, note: str = "", photos: Sequence[CleanPhoto] = ()
) -> CaseState:
    """Report a case as done and have one's hands free again; said again, it answers the same.

    Parameters
    ----------
    work, actor, case_id
        Who did which case.
    note
        What was done.
    photos
        After-photos from ``prepare_photo``; others may have been attached before.

    Raises
    ------
    InvalidInputError
        ``after_photo_required`` for a hazard without one.
    """
    said = plain(note, "note")
    case, found = await hold(work, actor, case_id)
    if Relation.ASSIGNEE in found and case.facts.status is Status.DONE:
        return CaseState(case_id, case.facts.status, case.facts.revision)
    transition(case.facts, Verb.DONE, found)
    await store_photos(work, case_id, None, "after", photos, actor)
    hazard = category(case.facts.category).family is Family.HAZARD
    if hazard and not await cases.has_after_photo(
        work.session, actor.community_id, case_id, case.accepted_at
    ):
        raise InvalidInputError(
            "a photo of the outcome is needed", code="after_photo_required", field="photo"
        )
    now = work.clock.now()
    columns = {"done_at": now, "answered_at": case.answered_at or now, "assignee_id": actor.person_id}
    state = await change(
        work, actor.community_id, case, Verb.DONE, found, actor=actor, reason=said, columns=columns
    )
    await let_go(work, actor.community_id, case, state)
    if case.facts.agency_code is not None:  # who lives there looks whether the agency's work is good
        notice = Notice(
            "to_verify",
            await referrals.checkers(work.session, actor.community_id, case.facts),
            case_id,
            data={"agency": case.facts.agency_code},
            key=f"done {state.revision}",
        )
        await notify(work, actor.community_id, notice)
    return state
