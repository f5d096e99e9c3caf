"""What counting and taking away means for each purpose: one statement for most, a flow of its own for some."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from uuid import UUID

from gis.flows.missing.erasing import erase_search
from gis.flows.residents.erasing import erase_moved_out
from gis.flows.sealing import vault_of
from gis.flows.work import Work
from gis.store import erasures, meal_erasing, meals, missing, retention, subject_photos
from gis.store.audit_excuses import LOG, count_old, remove_old
from gis.store.session import ReadSession

Act = Callable[[Work, str, datetime, int], Awaitable[int]]
Count = Callable[[ReadSession, str, datetime], Awaitable[int]]
MOST = 1_000_000


async def count_due(work: Work, community_id: str, code: str, before: datetime) -> int:
    """Return how much of a purpose is past its time.

    Parameters
    ----------
    work, community_id, code, before
        Where, which, and since when it is over.
    """
    if code in retention.SWEEPS:
        return await retention.count_due(work.session, community_id, code, before)
    return await COUNTS[code](work.session, community_id, before)


async def act(work: Work, community_id: str, code: str, before: datetime, *, limit: int) -> int:
    """Take away some of what is past its time; return how much it was, 0 at the end.

    Parameters
    ----------
    work, community_id, code, before, limit
        As for ``count_due``, and how much at most.
    """
    own = ACTS.get(code)
    if own is not None:
        return await own(work, community_id, before, limit)
    return await retention.act(
        work.session, community_id, code, before=before, now=work.clock.now(), limit=limit
    )


async def _originals(work: Work, community_id: str, before: datetime, limit: int) -> int:
    """Remove files, and then say so: cut off in between, the next run finds the row again."""
    found = await retention.old_originals(work.session, community_id, before, limit=limit)
    for sha256 in {one.sha256 for one in found}:
        await work.photos.remove_original(community_id, sha256)
    ids = [one.photo_id for one in found]
    await retention.originals_gone(work.session, community_id, ids, work.clock.now())
    return len(found)


async def _mediations(work: Work, community_id: str, before: datetime, limit: int) -> int:
    cases = await retention.old_mediations(work.session, community_id, before, limit=limit)
    for case_id in cases:
        await _mediation(work, community_id, case_id)
    return len(cases)


async def _mediation(work: Work, community_id: str, case_id: UUID) -> None:
    """Erase what was said and who said it; the case, its times and its outcome stay."""
    now = work.clock.now()
    empty = vault_of(work.settings).seal(community_id, f"mediation.agreement:{case_id}", "")
    erased = await retention.erase_mediation(work.session, community_id, case_id, empty=empty, now=now)
    photos = await subject_photos.erase(work.session, community_id, "mediation", [case_id])
    await erasures.prove(
        work.session,
        community_id,
        "mediation",
        case_id,
        at=now,
        actor_id=None,
        reason="retention",
        erased=erased | ({"photos": photos} if photos else {}),
        kept={"outcome": {"n": 1, "why": "accountability"}},
    )


async def _missing(work: Work, community_id: str, before: datetime, limit: int) -> int:
    due = await missing.due(work.session, before, community_id=community_id, limit=limit)
    for one in due:
        await erase_search(work, one, work.clock.now())
    return len(due)


async def _residents(work: Work, community_id: str, before: datetime, limit: int) -> int:
    moved = await erasures.due(work.session, before.date(), community_id=community_id, limit=limit)
    for one in moved:
        await erase_moved_out(work, one)
    return len(moved)


async def _meals(work: Work, community_id: str, before: datetime, _limit: int) -> int:
    return await meals.erase(work.session, community_id, before.date(), work.clock.now())


async def _access_log(work: Work, community_id: str, before: datetime, limit: int) -> int:
    return sum([await remove_old(work.session, community_id, one, before, limit=limit) for one in LOG])


async def _moved_out(session: ReadSession, community_id: str, before: datetime) -> int:
    return len(await erasures.due(session, before.date(), community_id=community_id, limit=MOST))


async def _searched(session: ReadSession, community_id: str, before: datetime) -> int:
    return len(await missing.due(session, before, community_id=community_id, limit=MOST))


async def _mediated(session: ReadSession, community_id: str, before: datetime) -> int:
    return len(await retention.old_mediations(session, community_id, before, limit=MOST))


async def _eaten(session: ReadSession, community_id: str, before: datetime) -> int:
    return await meal_erasing.count_over(session, community_id, before.date())


COUNTS: Mapping[str, Count] = {
    "originals": retention.count_originals,
    "mediations": _mediated,
    "missing": _searched,
    "residents": _moved_out,
    "meals": _eaten,
    "access_log": count_old,
}
ACTS: Mapping[str, Act] = {
    "originals": _originals,
    "mediations": _mediations,
    "missing": _missing,
    "residents": _residents,
    "meals": _meals,
    "access_log": _access_log,
}
