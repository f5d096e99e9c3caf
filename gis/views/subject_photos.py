"""Who sees photos of what is neither a report nor a case; each room says so for its own things."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from gis.store import subject_photos
from gis.store.access_log import log_access
from gis.store.session import ReadSession, WriteSession
from gis.store.subject_photos import SubjectPhoto
from gis.words import Actor

__all__ = ["SEEN_BY", "SubjectPhoto", "note_look", "photos_shown", "subject_photo"]

Sees = Callable[[ReadSession, Actor, UUID], Awaitable[bool]]
"""Tells whether somebody may see the photos of a thing, by their role and areas of now."""

SEEN_BY: dict[str, Sees] = {}
"""By kind of thing; a kind that is missing is seen by nobody."""
LOOKED_AT = frozenset({"certificate", "mediation", "missing"})


async def subject_photo(session: ReadSession, actor: Actor, photo_id: UUID) -> SubjectPhoto | None:
    """Return a photo that a reader may see, or None."""
    found = await subject_photos.get(session, actor.community_id, photo_id)
    if found is None:
        return None
    sees = SEEN_BY.get(found.subject)
    return found if sees is not None and await sees(session, actor, found.subject_id) else None


async def note_look(session: WriteSession, actor: Actor, photo: SubjectPhoto, now: datetime) -> None:
    """Write down that somebody looked at a photo of what is sealed besides: a document, an agreement, somebody missing.

    Parameters
    ----------
    session, actor, photo, now
        Who looked at which, when; they may see it.
    """
    if photo.subject in LOOKED_AT:
        await log_access(
            session,
            actor.community_id,
            at=now,
            person_id=actor.person_id,
            kind=photo.subject,
            subject_id=f"photo {photo.photo_id}",
        )


async def photos_shown(
    session: ReadSession, community_id: str, subject: str, subject_ids: Sequence[UUID]
) -> Mapping[UUID, list[dict[str, Any]]]:
    """Return id and kind of the photos of things, by the thing; it was checked who sees these."""
    found = await subject_photos.of_subjects(session, community_id, subject, subject_ids)
    return {
        each: [{"id": one.photo_id, "kind": "before"} for one in photos] for each, photos in found.items()
    }
