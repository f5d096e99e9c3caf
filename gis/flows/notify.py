"""Telling people, and the chat groups that want to know: in the transaction of what they are told of."""

from __future__ import annotations

import hashlib
import json
from uuid import UUID

from gis.flows.deliver import enqueue
from gis.flows.work import Work
from gis.notices import quiet
from gis.store import notices
from gis.store.cases import LockedCase
from gis.words import Notice, Role


async def notify(work: Work, community_id: str, notice: Notice) -> None:
    """Tell people of something, if, and only if, the caller's transaction commits; saying it again changes nothing.

    Parameters
    ----------
    work, community_id
        Where.
    notice
        What is told. Nobody hears twice of the same kind, case and key; without a key its data are the key. People
        who are no longer active are passed over.
    """
    now = work.clock.now()
    around = await notices.around(work.session, community_id, notice.kind)
    until = quiet.quiet_until(quiet.stored(around.quiet), now, around.timezone)
    silent = until is not None and not notice.urgent
    dedup = dedup_key(notice)
    await notices.add(work.session, community_id, notice, dedup=dedup, silent=silent, now=now)
    if around.robots:
        await enqueue(work, community_id, notice, dedup, around)


async def office_of(work: Work, community_id: str, case: LockedCase) -> list[UUID]:
    """Return who answers for a case in the office: its grid's workers and the desk.

    Parameters
    ----------
    work, community_id, case
        Which case, where.
    """
    desk = await notices.people_of(work.session, community_id, role=Role.DESK)
    if not case.facts.grid_code:
        return desk
    workers = await notices.people_of(
        work.session, community_id, role=Role.GRID_WORKER, grid_code=case.facts.grid_code
    )
    return [*workers, *desk]


def dedup_key(notice: Notice) -> str:
    """Return what two notices of one kind have in common when they are the same.

    Parameters
    ----------
    notice
        The case and the key, or, without a key, the data.
    """
    key = notice.key or json.dumps(dict(notice.data), sort_keys=True, ensure_ascii=False)
    digest = hashlib.sha256(key.encode()).hexdigest()[:32]
    return f"{notice.case_id or ''}:{digest}"
