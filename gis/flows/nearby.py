"""Open cases around somebody who is about to report: so that the same thing isn't reported as another."""

from __future__ import annotations

from gis.cases.categories import category
from gis.clock import Clock
from gis.duplicates import reach_m, sigma_m
from gis.flows.community_atlas import CommunityAtlas
from gis.flows.comparing import MOST_DUPLICATES, likeness_for, within_sight
from gis.flows.nearness import Near, Told, nearness
from gis.people.permissions import require
from gis.settings import DuplicateSettings
from gis.store.session import ReadSession
from gis.store.similar import LINKABLE, nearby_cases
from gis.words import Actor, Position


async def nearby(  # noqa: PLR0917 - who asks, where, for what
    session: ReadSession,
    atlas: CommunityAtlas,
    rules: DuplicateSettings,
    clock: Clock,
    actor: Actor,
    position: Position,
    code: str,
    words: str = "",
) -> list[Near]:
    """Return open cases of a category within its radius, the most probably same first, five at the most.

    Parameters
    ----------
    session, atlas, rules, clock
        Where, and by which limits.
    actor
        Who asks; what is personal is shown to those whom it concerns.
    position
        Where they stand; a fix that may err by more than the radius looks as far as it may err.
    code
        The category.
    words
        What is written of it so far.

    Raises
    ------
    InvalidInputError
        ``category_unknown``.
    NotAllowedError
        ``not_allowed``: the role doesn't report.
    """
    require(actor, "submit")
    kind, now = category(code), clock.now()
    told = Told(kind.code, position, words)
    likeness = likeness_for(rules, told, now)
    found = await nearby_cases(
        session,
        actor.community_id,
        actor.person_id,
        lon=position.lon,
        lat=position.lat,
        likeness=likeness,
    )
    open_ones = [one for one in found if one.status in LINKABLE and one.category == kind.code]
    reach = reach_m(kind.code, sigma_m(position.accuracy_m, position.source))
    near = [one for one in nearness(atlas, told, open_ones, now) if one.distance_m <= reach]
    seen = (one for one in near if within_sight(actor, one))
    return sorted(seen, key=lambda one: (-one.score, one.distance_m))[:MOST_DUPLICATES]
