"""Finding the one person whom somebody means: by id, username or name."""

from __future__ import annotations

from gis.errors import InvalidInputError
from gis.flows.work import Work
from gis.store import people
from gis.store.people import Called

MOST_NAMED = 5


async def person_called(work: Work, community_id: str, called: str, field: str = "person") -> Called:
    """Return the active person whom a text means.

    Parameters
    ----------
    work, community_id
        Where.
    called
        Id, username or name.
    field
        Its name in the request.

    Raises
    ------
    InvalidInputError
        ``person_not_called``: nobody; ``person_unclear``: several have this name.
    """
    text = called.strip()
    found = await people.called(work.session, community_id, text) if text else []
    exact = [one for one in found if text in {one.username, str(one.person_id)}]
    chosen = exact or found
    if not chosen:
        raise InvalidInputError("nobody is called so", code="person_not_called", field=field, name=text[:40])
    if len(chosen) > 1:
        names = ", ".join(one.username for one in chosen[:MOST_NAMED])
        raise InvalidInputError("several have this name", code="person_unclear", field=field, usernames=names)
    return chosen[0]
