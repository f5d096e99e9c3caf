"""Star volunteers of a year: one's own stars, those who agree to be named, and the office's list for certificates."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gis.errors import InvalidInputError
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.people.permissions import require
from gis.service.stars import stars_for
from gis.store import point_rules, stars
from gis.store.statements import hours_since
from gis.words import Actor

FIRST_YEAR = 2000


@dataclass(frozen=True, slots=True)
class MyStar:
    """One's own stars of this year."""

    year: int
    hours: float
    stars: int
    next_hours: float | None
    """For one star more; None: there is none."""
    consents: bool


@dataclass(frozen=True, slots=True)
class Star:
    """A star volunteer."""

    name: str
    stars: int
    hours: float
    consents: bool


async def my_star(work: Work, actor: Actor) -> MyStar:
    """Return one's own stars of this year.

    Parameters
    ----------
    work, actor
        Whose.
    """
    today = await today_in(work.session, work.clock, actor.community_id)
    first, last = date(today.year, 1, 1), date(today.year, 12, 31)
    hours = await hours_since(work.session, actor.community_id, actor.person_id, first, last)
    rules = await point_rules.point_rules(work.session, actor.community_id)
    count = stars_for(hours, rules.star_hours)
    further = rules.star_hours[count] if count < len(rules.star_hours) else None
    agrees = await point_rules.consents(work.session, actor.community_id, actor.person_id)
    return MyStar(today.year, hours, count, further, agrees)


async def set_star_consent(work: Work, actor: Actor, *, agrees: bool) -> None:
    """Agree to be named among the star volunteers, or no longer.

    Parameters
    ----------
    work, actor, agrees
        Who.
    """
    await stars.set_consent(
        work.session, actor.community_id, actor.person_id, agrees=agrees, at=work.clock.now()
    )


async def named_stars(work: Work, actor: Actor, year: int) -> list[Star]:
    """Return a year's star volunteers who agree to be named, by name; nobody's hours are said.

    Parameters
    ----------
    work, actor, year
        Where, and which year.
    """
    return [one for one in await _stars(work, actor, year) if one.consents]


async def all_stars(work: Work, actor: Actor, year: int) -> Sequence[Star]:
    """Return all star volunteers of a year with their hours, for the office's certificates.

    Parameters
    ----------
    work, actor, year
        Who asks for which year.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "enter_hours")
    return await _stars(work, actor, year)


async def _stars(work: Work, actor: Actor, year: int) -> list[Star]:
    today = await today_in(work.session, work.clock, actor.community_id)
    if not FIRST_YEAR <= year <= today.year:
        raise InvalidInputError("no such year", code="field_invalid", field="year")
    rules = await point_rules.point_rules(work.session, actor.community_id)
    found = await stars.volunteers(
        work.session, actor.community_id, date(year, 1, 1), date(year, 12, 31), rules.star_hours[0]
    )
    return [Star(one.name, stars_for(one.hours, rules.star_hours), one.hours, one.consents) for one in found]
