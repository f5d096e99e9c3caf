"""Erasing residents: on demand, or by rule so many years after they moved away; what was erased and what stays is proven."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from uuid import UUID

from gis.errors import NotFoundError, SetupError
from gis.flows.residents.access import present
from gis.flows.residents.keeping import sealed_of
from gis.flows.texts import required
from gis.flows.work import OpenWork, Work
from gis.people.permissions import require
from gis.settings import Settings
from gis.store import erasures, meal_erasing, missing_erasing, subject_photos
from gis.store.audit_excuses import erase_mentions, erase_words
from gis.store.erasures import Due
from gis.store.jobs import Task
from gis.store.resident_reading import recorded
from gis.store.scrubbing import scrub
from gis.store.session import ReadSession
from gis.store.visit_erasing import forget_homes, last_of_home
from gis.words import Actor

EVERY_MINUTE = ("sweep_residents",)
ERASED_AT_ONCE = 50
DAYS_OF_YEAR = 365.25
WHY_KEPT = {
    "consents": "evidence_of_lawfulness",
    "looks": "accountability",
    "changes": "accountability",
}
"""Why something stays that holds nothing of the person."""


async def erase(work: Work, actor: Actor, resident_id: UUID, reason: str) -> UUID:
    """Erase somebody's record on demand, and return the id of its proof.

    Parameters
    ----------
    work, actor, resident_id
        Who erases whom.
    reason
        Who asked for it, and why.

    Raises
    ------
    InvalidInputError
        ``reason_needed``.
    NotFoundError, NotAllowedError
        ``resident_not_found``; ``not_allowed``.
    """
    actor = await present(work.session, actor)
    require(actor, "mind_residents")
    said = required(reason, "reason", limit=200)
    found = await _erase(work, actor.community_id, resident_id, actor.person_id, said)
    if found is None:
        raise NotFoundError("no such record, or not one of yours", code="resident_not_found")
    return found


async def _erase(
    work: Work, community_id: str, resident_id: UUID, actor_id: UUID | None, reason: str
) -> UUID | None:
    now, empty = work.clock.now(), await last_of_home(work.session, community_id, resident_id)
    said = await _words_of(work, community_id, resident_id)
    erased = await erasures.erase_resident(work.session, community_id, resident_id, now)
    if erased is None:
        return None
    meals_ended = await meal_erasing.erase_resident(work.session, community_id, resident_id, now)
    if empty:  # nobody lives there any more: what was written down at the door goes too
        await forget_homes(work.session, community_id, empty)
    words = await erase_words(work.session, community_id, [str(resident_id)], at=now)
    words += await erase_mentions(work.session, community_id, said, at=now)
    mentions = sum((await scrub(work.session, community_id, said)).values())
    for search in await missing_erasing.ended_of(work.session, community_id, resident_id):
        await subject_photos.erase(work.session, community_id, "missing", [search])
        await missing_erasing.erase(work.session, community_id, search, now)
    stays = await erasures.what_stays(work.session, community_id, resident_id)
    kept = {name: {"n": n, "why": WHY_KEPT[name]} for name, n in stays.items() if n}
    return await erasures.prove(
        work.session,
        community_id,
        "resident",
        resident_id,
        at=now,
        actor_id=actor_id,
        reason=reason,
        erased=erased
        | {name: n for name, n in (("meals", meals_ended), ("words", words), ("mentions", mentions)) if n},
        kept=kept,
    )


async def _words_of(work: Work, community_id: str, resident_id: UUID) -> list[str]:
    """Return the name and numbers under which others may have written of somebody; none where no key opens them."""
    rows = await recorded(work.session, community_id, [resident_id])
    if not rows or rows[0].name is None:
        return []
    try:
        person = sealed_of(work, community_id).person(rows[0])
    except SetupError:  # the key is gone: nobody reads the record any more
        return []
    return [one for one in (person.name, person.phone, person.id_number) if one]


def border(settings: Settings, now: datetime) -> date:
    """Return the day before which somebody must have moved away to be erased by rule.

    Parameters
    ----------
    settings, now
        How many years records are kept, and when.
    """
    return (now - timedelta(days=settings.residents.keep_years * DAYS_OF_YEAR)).date()


async def due_by_rule(
    session: ReadSession,
    settings: Settings,
    now: datetime,
    *,
    community_id: str | None = None,
    limit: int = 500,
) -> list[Due]:
    """Return who would be erased by rule now; nothing is changed.

    Parameters
    ----------
    session, settings, now
        By which rule, when.
    community_id, limit
        Of one community only, and how many at most.
    """
    return await erasures.due(session, border(settings, now), community_id=community_id, limit=limit)


async def erase_by_rule(work: Work) -> int:
    """Erase some of those whose time is over, each with a proof; return how many.

    Parameters
    ----------
    work
        Of all communities.
    """
    found = await due_by_rule(work.session, work.settings, work.clock.now(), limit=ERASED_AT_ONCE)
    for one in found:
        await erase_moved_out(work, one)
    return len(found)


async def erase_moved_out(work: Work, one: Due) -> None:
    """Erase the record of somebody who moved away long ago, with a proof.

    Parameters
    ----------
    work, one
        Whose.
    """
    await _erase(work, one.community_id, one.resident_id, None, f"moved_out {one.moved_out_on}")


def bind_residents(open_work: OpenWork) -> dict[str, Task]:
    """Return the tasks for ``gis.store.jobs.JobRunner``.

    Parameters
    ----------
    open_work
        Opens a unit of work that is committed when its block ends without an error.
    """

    async def sweep() -> None:
        async with open_work() as work:
            await erase_by_rule(work)

    return {"sweep_residents": sweep}
