"""Which periods hold in a community, and an office that chooses its own."""

from __future__ import annotations

from collections.abc import Mapping

from gis.errors import InvalidInputError
from gis.flows.office.record import record
from gis.flows.work import Work
from gis.people.permissions import require
from gis.retention import PURPOSES, days_of
from gis.settings import Settings
from gis.store import retention
from gis.store.session import ReadSession
from gis.words import Actor


async def days_in(session: ReadSession, settings: Settings, community_id: str) -> dict[str, float]:
    """Return how many days each purpose is kept in a community.

    Parameters
    ----------
    session, settings, community_id
        Where, and the usual numbers.
    """
    return days_of(settings, await retention.chosen(session, community_id))


async def choose_days(work: Work, actor: Actor, wanted: Mapping[str, int | None]) -> int:
    """Choose how many days some purposes are kept; return how many differ from before.

    Parameters
    ----------
    work, actor
        An administrator.
    wanted
        Purpose -> days; None: as the operator has set it.

    Raises
    ------
    InvalidInputError
        ``retention_days``: outside what the law and the work allow.
    """
    require(actor, "administer")
    before = await retention.chosen(work.session, actor.community_id)
    count = 0
    for code, days in wanted.items():
        one = PURPOSES.get(code)
        if one is None or before.get(code) == days:
            continue
        if days is not None and not one.least <= days <= one.most:
            raise InvalidInputError(
                "outside what is allowed", code="retention_days", field=code, least=one.least, most=one.most
            )
        await retention.choose(
            work.session, actor.community_id, code, days, by=actor.person_id, now=work.clock.now()
        )
        await record(work, actor, "retention", code, "changed", data={"days": [before.get(code), days]})
        count += 1
    return count
