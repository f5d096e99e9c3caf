"""Which photo a reader asks for, if it is inside the reader's scope."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from gis.store.reach import reaches
from gis.store.session import ReadSession
from gis.store.similar import LINKABLE
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


async def photo_facts(
    session: ReadSession, scope: Scope, photo_id: UUID, *, nearby: Collection[str] = ()
) -> PhotoFacts | None:
    """Return a photo that a reader may see, or None.

    Those of cases inside the reader's scope; of cases that are there only because the reader has reported them, those
    that the reader added, and what was done.

    Parameters
    ----------
    session, scope, photo_id
        Which photo for whom.
    nearby
        Categories of which the first photo of every open case is shown to all who are about to report the same.
    """
    within = or_(reaches(scope, reported=False), _first_of_open(nearby))
    if scope.person_id is not None:
        done = and_(reaches(scope), photo.c.kind == "after")
        within = or_(within, photo.c.added_by == scope.person_id, done)
    row = await session.row(
        select(photo.c.photo_id, photo.c.case_id, photo.c.sha256, photo.c.media_type, photo.c.added_by)
        .join(case, and_(case.c.community_id == photo.c.community_id, case.c.case_id == photo.c.case_id))
        .where(photo.c.community_id == scope.community_id, photo.c.photo_id == photo_id, within)
    )
    return None if row is None else PhotoFacts(*row)


def _first_of_open(categories: Collection[str]) -> ColumnElement[bool]:
    other = photo.alias("other")
    first = (
        select(other.c.photo_id)
        .where(
            other.c.community_id == case.c.community_id,
            other.c.case_id == case.c.case_id,
            other.c.kind == "before",
        )
        .order_by(other.c.added_at, other.c.photo_id)
        .limit(1)
        .scalar_subquery()
    )
    return and_(
        case.c.category.in_(sorted(categories)), case.c.status.in_(LINKABLE), photo.c.photo_id == first
    )
