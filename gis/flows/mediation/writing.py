"""Writing in a mediation: parties, sessions, the agreement, follow-ups; every word is sealed."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gis.errors import ConflictError, InvalidInputError
from gis.flows.mediation.holding import held, held_open, sealed
from gis.flows.subject_photos import add_photos
from gis.flows.texts import plain, required
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.intake import CleanPhoto
from gis.mediation.rules import (
    MOST_FOLLOW_UPS,
    MOST_PARTIES,
    MOST_SESSIONS,
    checked_due,
    checked_kept,
    checked_moment,
    checked_signed,
    require_room,
)
from gis.store import mediation
from gis.words import Actor

SUBJECT = "mediation"
NAME, CONTACT = 40, 60


@dataclass(frozen=True, slots=True)
class PartyDraft:
    """One of those who quarrel, as entered; sent again with its id it corrects what was entered."""

    party_id: UUID
    name: str
    contact: str = ""
    words: str = ""


@dataclass(frozen=True, slots=True)
class SessionDraft:
    """A session, planned (without words) or written up; once written up it stays as it is."""

    session_id: UUID
    starts_at: datetime
    place: str
    present: Collection[UUID] = ()
    words: str = ""


async def put_party(work: Work, actor: Actor, case_id: UUID, draft: PartyDraft) -> None:
    """Enter one of those who quarrel, or correct what was entered.

    Parameters
    ----------
    work, actor, case_id, draft
        Who writes what in which.

    Raises
    ------
    NotFoundError, ConflictError
        As ``gis.flows.mediation.holding.held_open``; ``mediation_full``.
    InvalidInputError
        ``text_needed``, ``text_too_long``.
    """
    one = await held_open(work, actor, case_id)
    name = required(draft.name, "name", limit=NAME)
    row = draft.party_id
    if not await mediation.has_party(work.session, actor.community_id, case_id, row):
        require_room(one.parties, MOST_PARTIES)
    values = {
        "name": sealed(work, actor, "mediation_party.name", row, name),
        "contact": sealed(
            work, actor, "mediation_party.contact", row, plain(draft.contact, "contact", limit=CONTACT)
        ),
        "words": sealed(work, actor, "mediation_party.words", row, plain(draft.words, "words")),
        "by": actor.person_id,
        "now": work.clock.now(),
    }
    await mediation.put_party(work.session, actor.community_id, case_id, row, values)


async def put_session(work: Work, actor: Actor, case_id: UUID, draft: SessionDraft) -> None:
    """Plan a session, or write down what was said in it and who came.

    Parameters
    ----------
    work, actor, case_id, draft
        Who writes what in which.

    Raises
    ------
    InvalidInputError
        ``mediation_when``, ``party_unknown``, ``text_needed``, ``text_too_long``.
    ConflictError
        ``session_written``: it has been written up already; ``mediation_full``.
    """
    one = await held_open(work, actor, case_id)
    require_room(one.sessions, MOST_SESSIONS)
    checked_moment(draft.starts_at, work.clock.now())
    if not set(draft.present) <= await mediation.parties(work.session, actor.community_id, case_id):
        raise InvalidInputError("not one of the parties", code="party_unknown", field="present")
    row = draft.session_id
    place = required(draft.place, "place", limit=CONTACT)
    values = {
        "starts_at": draft.starts_at,
        "place": sealed(work, actor, "mediation_session.place", row, place),
        "present": sorted(draft.present),
        "words": sealed(work, actor, "mediation_session.words", row, plain(draft.words, "words")),
        "by": actor.person_id,
        "now": work.clock.now(),
    }
    if not await mediation.put_session(work.session, actor.community_id, case_id, row, values):
        raise ConflictError("it has been written up", code="session_written")


async def write_agreement(
    work: Work,
    actor: Actor,
    case_id: UUID,
    words: str,
    *,
    signed_by: str = "",
    signed_on: date | None = None,
    photos: Sequence[CleanPhoto] = (),
) -> None:
    """Write down what was agreed, who has signed it, and add photos or scans of it.

    Parameters
    ----------
    work, actor, case_id
        Who writes in which.
    words, signed_by, signed_on
        The agreement; names of who signed, and when.
    photos
        From ``prepare_photo``.

    Raises
    ------
    InvalidInputError
        ``text_needed``, ``text_too_long``, ``mediation_signed``, ``too_many_photos``.
    """
    await held_open(work, actor, case_id)
    said = required(words, "words")
    names = plain(signed_by, "signed_by", limit=200)
    checked_signed(signed_on, await today_in(work.session, work.clock, actor.community_id))
    agreement = sealed(work, actor, "mediation.agreement", case_id, said)
    if agreement is None:
        raise AssertionError  # required has raised
    await mediation.write_agreement(
        work.session,
        actor.community_id,
        case_id,
        agreement=agreement,
        signed_by=sealed(work, actor, "mediation.signed_by", case_id, names),
        signed_on=signed_on,
    )
    if photos:
        await add_photos(work, actor, SUBJECT, case_id, photos)


async def plan_follow_up(work: Work, actor: Actor, case_id: UUID, follow_up_id: UUID, due_on: date) -> None:
    """Plan to ask afterwards whether it is kept; on that day both are reminded. Sent again it changes nothing.

    Parameters
    ----------
    work, actor, case_id, follow_up_id, due_on
        Who plans what in which.

    Raises
    ------
    InvalidInputError, ConflictError
        ``mediation_due``, ``mediation_full``.
    """
    one = await held(work, actor, case_id)
    require_room(one.follow_ups, MOST_FOLLOW_UPS)
    checked_due(due_on, await today_in(work.session, work.clock, actor.community_id))
    await mediation.plan_follow_up(work.session, actor.community_id, case_id, follow_up_id, due_on)


async def finish_follow_up(
    work: Work, actor: Actor, case_id: UUID, follow_up_id: UUID, *, kept: str, words: str = ""
) -> None:
    """Write down what was found: whether the agreement is kept.

    Parameters
    ----------
    work, actor, case_id, follow_up_id, kept, words
        Who found what.

    Raises
    ------
    InvalidInputError, ConflictError
        ``mediation_kept``; ``follow_up_done``.
    """
    await held(work, actor, case_id)
    found = await mediation.finish_follow_up(
        work.session,
        actor.community_id,
        case_id,
        follow_up_id,
        kept=checked_kept(kept),
        words=sealed(work, actor, "mediation_follow_up.words", follow_up_id, plain(words, "words")),
        by=actor.person_id,
        now=work.clock.now(),
    )
    if not found:
        raise ConflictError("it was done already, or there is none", code="follow_up_done")
