"""Codes that are tried out: whoever types too many wrong ones waits."""

from __future__ import annotations

from datetime import timedelta

from gis.errors import NotFoundError, TooManyError
from gis.flows.work import Work
from gis.store import access_log
from gis.words import Actor

MOST = 20
WITHIN = timedelta(minutes=15)


async def check_attempts(work: Work, actor: Actor, kind: str) -> None:
    """Refuse to look for a code where somebody has typed too many wrong ones.

    Parameters
    ----------
    work, actor, kind
        Who tries, and what sort of code.

    Raises
    ------
    TooManyError
        ``too_many_attempts``.
    """
    tried = await access_log.looks(
        work.session, actor.community_id, kinds=[kind], person_id=actor.person_id, limit=MOST
    )
    if len(tried) < MOST:
        return
    wait_s = (tried[-1].at + WITHIN - work.clock.now()).total_seconds()
    if wait_s > 0:
        raise TooManyError("too many wrong codes", retry_after_s=round(wait_s))


async def count_attempt(work: Work, actor: Actor, kind: str, error: NotFoundError) -> NotFoundError:
    """Remember that a code was wrong, whatever becomes of the rest; return the error to be raised.

    Parameters
    ----------
    work, actor, kind, error
        As for ``check_attempts``, and what is said of it.
    """
    await access_log.log_access(
        work.session,
        actor.community_id,
        at=work.clock.now(),
        person_id=actor.person_id,
        kind=kind,
        subject_id=str(actor.person_id),
    )
    await work.session.keep()
    return error
