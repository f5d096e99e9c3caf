"""What visits and meals ask of residents: the households of somebody's areas, with the flags that they may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from gis.clock import Clock
from gis.flows.residents.access import present
from gis.flows.residents.flags import flags_for_watchers
from gis.flows.today import today_in
from gis.people.residents import resident_scope
from gis.residents.words import age_flags
from gis.store.resident_facts import HouseholdFacts, facts
from gis.store.session import ReadSession
from gis.words import Actor, Role


async def household_facts(
    session: ReadSession,
    clock: Clock,
    actor: Actor,
    households: Sequence[UUID] | None = None,
    *,
    building_id: UUID | None = None,
) -> list[HouseholdFacts]:
    """Return the households of somebody's areas by their address, with the flags that they may see, those of age among them.

    Nobody's name comes of it, so it is no look at a record.

    Parameters
    ----------
    session, clock, actor
        Who asks; their role and areas are read anew.
    households, building_id
        Only these; only those of a building.

    Raises
    ------
    NotAllowedError
        ``not_allowed``: neither the office, nor a grid worker or a watcher.
    """
    actor = await present(session, actor)
    year = (await today_in(session, clock, actor.community_id)).year
    watcher = actor.role is Role.WATCHER
    allowed = await flags_for_watchers(session, actor.community_id) if watcher else None
    found = await facts(session, resident_scope(actor), households, building_id=building_id)
    return [replace(one, flags=_seen(one, year, allowed)) for one in found]


def _seen(one: HouseholdFacts, year: int, allowed: frozenset[str] | None) -> frozenset[str]:
    flags = one.flags | set(age_flags(one.oldest, year))
    return flags if allowed is None else flags & allowed
