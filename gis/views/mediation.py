"""Who sees photos of an agreement: its mediator and its social worker, as they are at this moment."""

from __future__ import annotations

from uuid import UUID

from gis.people.permissions import sees_mediation
from gis.store import mediation
from gis.store.session import ReadSession
from gis.store.sessions import actor_of
from gis.views.subject_photos import SEEN_BY
from gis.words import Actor

SUBJECT = "mediation"


async def _sees(session: ReadSession, actor: Actor, case_id: UUID) -> bool:
    now = await actor_of(session, actor.community_id, actor.person_id)
    found = await mediation.get(session, actor.community_id, case_id, await mediation.moment(session))
    if now is None or found is None:
        return False
    mediator = found.mediator_id if found.mediator_able else None
    return sees_mediation(now, found.keeper_id, mediator, found.grid_code)


SEEN_BY[SUBJECT] = _sees
