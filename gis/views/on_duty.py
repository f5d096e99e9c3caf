"""Who is on duty in one's areas."""

from __future__ import annotations

from gis.people.permissions import require, scope_of
from gis.store.on_duty import OnDuty, on_duty_rows
from gis.store.session import ReadSession
from gis.words import Actor

__all__ = ["OnDuty", "on_duty"]


async def on_duty(session: ReadSession, actor: Actor) -> list[OnDuty]:
    """Return who is on duty inside the reader's areas, with rough positions.

    Parameters
    ----------
    session, actor
        Who reads: the office everybody, grid workers those of their grids.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "read_on_duty")
    return await on_duty_rows(session, scope_of(actor))
