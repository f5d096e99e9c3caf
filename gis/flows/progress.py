"""Telling how work goes on: words, photos, or both."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from gis.cases.transitions import transition
from gis.errors import InvalidInputError
from gis.flows.acting import change, hold
from gis.flows.attach_photo import store_photos
from gis.flows.notify import notify
from gis.flows.texts import plain
from gis.flows.work import Work
from gis.intake import CleanPhoto
from gis.store import referrals
from gis.words import Actor, CaseState, Notice, Verb


async def progress(
    work: Work, actor: Actor, case_id: UUID, note: str = "", photos: Sequence[CleanPhoto] = ()
) -> CaseState:
    """Add a note on work under way to a case; who referred it is told.

    Parameters
    ----------
    work, actor, case_id
        Who works on which case.
    note
        How it goes; may be empty where a photo shows it.
    photos
        From ``prepare_photo``; they show work under way and don't stand for an after-photo.

    Raises
    ------
    InvalidInputError
        ``text_needed`` when there is neither.
    """
    said = plain(note, "note")
    if not said and not photos:
        raise InvalidInputError("neither words nor a photo", code="text_needed", field="note")
    case, found = await hold(work, actor, case_id)
    transition(case.facts, Verb.PROGRESS, found)
    stored = await store_photos(work, case_id, None, "progress", photos, actor)
    data = {"photos": [str(one.photo.photo_id) for one in stored]} if stored else None
    state = await change(
        work, actor.community_id, case, Verb.PROGRESS, found, actor=actor, reason=said, data=data
    )
    referral = await referrals.open_of(work.session, actor.community_id, case_id)
    if referral is not None:
        people = await referrals.answerable(work.session, actor.community_id, case.facts)
        notice = Notice(
            "referral_progress",
            [one for one in {*people, referral.referred_by} if one != actor.person_id],
            case_id,
            data={"agency": referral.agency_code, "reason": said},
            key=f"{referral.referral_id} {state.revision}",
        )
        await notify(work, actor.community_id, notice)
    return state
