"""Who sees photos of what is neither a report nor a case; each room says so for its own things."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from gis.store import subject_photos
from gis.store.session import ReadSession
from gis.store.subject_photos import SubjectPhoto
from gis.words import Actor

Sees = Callable[[ReadSession, Actor, UUID], Awaitable[bool]]
"""Tells whether somebody may see the photos of a thing, by their role and areas of now."""

SEEN_BY: dict[str, Sees] = {}
"""By kind of thing; a kind that is missing is seen by nobody."""


async def subject_photo(session: ReadSession, actor: Actor, photo_id: UUID) -> SubjectPhoto | None:
    """Return a photo that a reader may see, or None."""
    found = await subject_photos.get(session, actor.community_id, photo_id)
    if found is None:
        return None
    sees = SEEN_BY.get(found.subject)
    return found if sees is not None and await sees(session, actor, found.subject_id) else None


async def photos_shown(
    session: ReadSession, community_id: str, subject: str, subject_ids: Sequence[UUID]
) -> Mapping[UUID, list[dict[str, Any]]]:
    """Return id and kind of the photos of things, by the thing; it was checked who sees these."""
    found = await subject_photos.of_subjects(session, community_id, subject, subject_ids)
    return {
        each: [{"id": one.photo_id, "kind": "before"} for one in photos] for each, photos in found.items()
    }
