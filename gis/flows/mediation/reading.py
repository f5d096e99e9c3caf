"""Reading a mediation: opened for its mediator and its social worker only, and each look is written down."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from gis.categories import CATEGORIES, Family
from gis.errors import NotFoundError
from gis.flows.mediation.holding import held, unsealed
from gis.flows.residents.access import present
from gis.flows.work import Work
from gis.people.permissions import mediation_grids
from gis.store import mediation_reading
from gis.store.access_log import log_access
from gis.store.mediation_reading import MediationRow, Mediator, Waiting
from gis.store.session import ReadSession
from gis.words import Actor

DISPUTES = tuple(one.code for one in CATEGORIES if one.family is Family.DISPUTE)
LOOK = "mediation"


@dataclass(frozen=True, slots=True)
class Party:
    """One of those who quarrel."""

    id: UUID
    name: str
    contact: str
    words: str


@dataclass(frozen=True, slots=True)
class Session:
    """A session, planned or written up."""

    id: UUID
    starts_at: datetime
    place: str
    present: Sequence[UUID]
    words: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A follow-up, planned or done."""

    id: UUID
    due_on: date
    done_at: datetime | None
    kept: str | None
    words: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A mediation with every word of it."""

    row: MediationRow
    parties: Sequence[Party]
    sessions: Sequence[Session]
    follow_ups: Sequence[FollowUp]
    agreement: str
    signed_by: str
    signed_on: date | None


async def opened(work: Work, actor: Actor, case_id: UUID) -> Opened:
    """Return a mediation with every word of it; the look is written down.

    Parameters
    ----------
    work, actor, case_id
        Who looks at which.

    Raises
    ------
    NotFoundError
        ``mediation_not_found``: none, or not one of theirs.
    """
    await held(work, actor, case_id)
    where, now = actor.community_id, work.clock.now()
    row = await mediation_reading.row_of(work.session, where, case_id, now)
    if row is None:
        raise NotFoundError("no such mediation", code="mediation_not_found")
    found = await mediation_reading.sealed(work.session, where, case_id)
    await log_access(
        work.session, where, at=now, person_id=actor.person_id, kind=LOOK, subject_id=str(case_id)
    )

    def text(place: str, one: dict[str, object], column: str) -> str:
        return unsealed(work, actor, f"{place}.{column}", one["id"], one[column])  # type: ignore[arg-type]

    (whole,) = found["mediation"]
    return Opened(
        row,
        [
            Party(
                one["id"],
                *(text("mediation_party", dict(one), name) for name in ("name", "contact", "words")),
            )
            for one in found["party"]
        ],
        [
            Session(
                one["id"],
                one["starts_at"],
                text("mediation_session", dict(one), "place"),
                one["present"],
                text("mediation_session", dict(one), "words"),
            )
            for one in found["session"]
        ],
        [
            FollowUp(
                one["id"],
                one["due_on"],
                one["done_at"],
                one["kept"],
                text("mediation_follow_up", dict(one), "words"),
            )
            for one in found["follow_up"]
        ],
        text("mediation", dict(whole), "agreement"),
        text("mediation", dict(whole), "signed_by"),
        whole["signed_on"],
    )


async def mediation_list(session: ReadSession, actor: Actor, now: datetime) -> list[MediationRow]:
    """Return the mediations that somebody knows of, without a word of them: the office's of its areas, else one's own.

    Parameters
    ----------
    session, actor, now
        Who asks, when.
    """
    grids = mediation_grids(await present(session, actor))
    return await mediation_reading.mediations(
        session, actor.community_id, now=now, person_id=actor.person_id, grids=grids
    )


async def waiting_list(session: ReadSession, actor: Actor) -> list[Waiting]:
    """Return live cases of disputes in somebody's areas that nobody mediates yet.

    Parameters
    ----------
    session, actor
        Who of the office asks.
    """
    grids = mediation_grids(await present(session, actor))
    return await mediation_reading.waiting(session, actor.community_id, DISPUTES, grids)


async def able_mediators(session: ReadSession, actor: Actor, case_id: UUID, now: datetime) -> list[Mediator]:
    """Return who may mediate a case, who has the least in hand first.

    Parameters
    ----------
    session, actor, case_id, now
        Whose community, which case, when.
    """
    return await mediation_reading.mediators(session, actor.community_id, case_id, now)


async def mediates(session: ReadSession, actor: Actor) -> bool:
    """Tell whether somebody is named as a mediator of anything.

    Parameters
    ----------
    session, actor
        Who.
    """
    return await mediation_reading.mediates(session, actor.community_id, actor.person_id)
