"""The audit log for the office: who did and looked at what, and how far its chain goes."""

from __future__ import annotations

from dataclasses import dataclass

from gis.people.permissions import require
from gis.store import audit_reading
from gis.store.audit import Head, head
from gis.store.audit_reading import Entry, Wanted
from gis.store.session import ReadSession
from gis.store.sessions import accounts
from gis.views.paging import Page, decode_named_cursor, encode_cursor
from gis.words import Actor

__all__ = ["Entry", "Shown", "Wanted", "audit_log", "person_named"]


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of the log, and where its chain ends."""

    page: Page[Entry]
    head: Head | None


async def audit_log(
    session: ReadSession, actor: Actor, wanted: Wanted, *, limit: int = 50, cursor: str | None = None
) -> Shown:
    """Return entries, the latest first; the total is not counted.

    Parameters
    ----------
    session, actor
        An administrator.
    wanted, limit, cursor
        Which entries, how many, and where to go on.
    """
    require(actor, "administer")
    rows = await audit_reading.entries(
        session, actor.community_id, wanted, after=decode_named_cursor(cursor), limit=limit + 1
    )
    shown = rows[:limit]
    last = shown[-1] if len(rows) > limit else None
    more = encode_cursor(last.at, f"{last.source}/{last.key}") if last else None
    return Shown(Page(shown, more, len(shown)), await head(session, actor.community_id))


async def person_named(session: ReadSession, actor: Actor, username: str) -> Wanted | None:
    """Return a filter for what somebody did; None where nobody has this name.

    Parameters
    ----------
    session, actor, username
        Who asks for whom.
    """
    found = await accounts(session, username.strip(), actor.community_id) if username.isprintable() else []
    return Wanted(person_id=found[0].person_id) if found else None
