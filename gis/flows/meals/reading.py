"""Reading subscriptions: what is sealed is opened for whose it is, and for the office; each look of hers is recorded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from gis.flows.meals.sealed import open_contact, open_diet
from gis.flows.meals.subscribing import theirs
from gis.flows.work import Work
from gis.meals.diets import Diet
from gis.meals.subscribing import Contact
from gis.people.permissions import require
from gis.store import meals
from gis.store.access_log import log_access
from gis.store.meals import Subscription
from gis.words import Actor


@dataclass(frozen=True, slots=True)
class Opened:
    """A subscription with what is sealed of it; ``diet`` is None where it wasn't asked for."""

    row: Subscription
    contact: Contact
    diet: Diet | None = None


async def own_subscriptions(work: Work, actor: Actor, since: date) -> list[Opened]:
    """Return somebody's own subscriptions, with everything.

    Parameters
    ----------
    work, actor, since
        Whose; those that ended before a day are left out.
    """
    require(actor, "meals")
    rows = await meals.subscriptions(work.session, actor.community_id, since=since, person_id=actor.person_id)
    return [_opened(work, actor.community_id, row, diet=True) for row in rows]


async def all_subscriptions(work: Work, actor: Actor, since: date) -> list[Opened]:
    """Return all subscriptions for the office, without what anybody may not eat; the look is recorded.

    Parameters
    ----------
    work, actor, since
        Who looks; those that ended before a day are left out.
    """
    require(actor, "run_kitchen")
    rows = await meals.subscriptions(work.session, actor.community_id, since=since)
    await _looked(work, actor, "meal_subscriptions", "")
    return [_opened(work, actor.community_id, row, diet=False) for row in rows]


async def subscriptions_taken_out(work: Work, actor: Actor, count: int) -> None:
    """Write down that the office took the list out as a file.

    Parameters
    ----------
    work, actor, count
        Who, and how many subscriptions.
    """
    require(actor, "run_kitchen")
    await _looked(work, actor, "meal_subscriptions_file", f"file of {count}")


async def one_subscription(work: Work, actor: Actor, subscription_id: UUID) -> Opened:
    """Return one with everything, for whose it is, and for the office; the office's look is recorded.

    Parameters
    ----------
    work, actor, subscription_id
        Who looks at which.

    Raises
    ------
    NotFoundError
        ``meal_not_found``.
    """
    row = await theirs(work, actor, subscription_id)
    if row.person_id != actor.person_id:
        await _looked(work, actor, "meal_subscription", str(subscription_id))
    return _opened(work, actor.community_id, row, diet=True)


def _opened(work: Work, community_id: str, row: Subscription, *, diet: bool) -> Opened:
    settings = work.settings
    return Opened(
        row,
        open_contact(settings, community_id, row.subscription_id, row.contact),
        open_diet(settings, community_id, row.subscription_id, row.diet) if diet else None,
    )


async def _looked(work: Work, actor: Actor, kind: str, subject: str) -> None:
    await log_access(
        work.session,
        actor.community_id,
        at=work.clock.now(),
        person_id=actor.person_id,
        kind=kind,
        subject_id=subject,
    )
