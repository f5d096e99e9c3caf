"""Which photo a reader asks for, if it is inside the reader's scope."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import and_, or_, select

from gis.store.reach import reaches
from gis.store.session import ReadSession
from gis.store.tables import case, photo
from gis.words import Scope


@dataclass(frozen=True, slots=True)
class PhotoFacts:
    """A stored photo."""

    photo_id: UUID
    case_id: UUID
    sha256: str
    media_type: str
    added_by: UUID


async def photo_facts(session: ReadSession, scope: Scope, photo_id: UUID) -> PhotoFacts | None:
    """Return a photo of a case inside the scope (or one that the reader added), or None."""
    within = reaches(scope)
    if scope.person_id is not None:
        within = or_(within, photo.c.added_by == scope.person_id)
    row = await session.row(
        select(photo.c.photo_id, photo.c.case_id, photo.c.sha256, photo.c.media_type, photo.c.added_by)
        .join(case, and_(case.c.community_id == photo.c.community_id, case.c.case_id == photo.c.case_id))
        .where(photo.c.community_id == scope.community_id, photo.c.photo_id == photo_id, within)
    )
    return None if row is None else PhotoFacts(*row)
