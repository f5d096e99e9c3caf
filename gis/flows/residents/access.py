"""Who is asking, as they are at this moment; and looks at records, each written down."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from gis.errors import NotSignedInError
from gis.flows.work import Work
from gis.store.access_log import log_looks
from gis.store.session import ReadSession
from gis.store.sessions import actor_of
from gis.words import Actor

LISTED, OPENED, REVEALED, CALLED, EXPORTED, TAKEN_OUT = (
    "resident_listed",
    "resident",
    "resident_number",
    "resident_call",
    "resident_export",
    "resident_file",
)
"""Kinds of looks: in a list, the record, the whole identity number, a call from the record, everything as a file, the
list as a file."""
LOOKS = (LISTED, OPENED, REVEALED, CALLED, EXPORTED, TAKEN_OUT)


async def present(session: ReadSession, actor: Actor) -> Actor:
    """Return somebody with the role and areas that they have now, whatever their session remembers.

    Parameters
    ----------
    session, actor
        Who asks.

    Raises
    ------
    NotSignedInError
        ``session_ended``: their account was ended.
    """
    found = await actor_of(session, actor.community_id, actor.person_id)
    if found is None:
        raise NotSignedInError("the account was ended", code="session_ended")
    return found


async def looked(work: Work, actor: Actor, kind: str, residents: Sequence[UUID], *, why: str = "") -> None:
    """Write down that somebody looked at records, in the transaction that shows them.

    Parameters
    ----------
    work, actor, kind, residents
        Who looked, how, at whose.
    why
        What they said, where a reason is asked for.
    """
    if residents:
        await log_looks(
            work.session,
            actor.community_id,
            at=work.clock.now(),
            person_id=actor.person_id,
            kind=kind,
            subject_ids=[str(one) for one in residents],
            why=why,
        )
