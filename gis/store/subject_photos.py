"""Photos of what is neither a report nor a case: visits, people who are looked for, what is handed out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb

from gis.store.session import ReadSession, WriteSession


@dataclass(frozen=True, slots=True)
class SubjectPhoto:
    """One stored photo.

    Parameters
    ----------
    subject, subject_id
        What it belongs to: a kind of thing (``visit``, ``missing``, ...) and its id.
    sha256
        Names its bytes in ``gis.store.photos``.
    """

    photo_id: UUID
    subject: str
    subject_id: UUID
    sha256: str
    media_type: str
    bytes: int
    width: int
    height: int
    exif: Mapping[str, Any]
    perceptual_hash: str
    added_by: UUID
    added_at: datetime


async def add(session: WriteSession, community_id: str, photo: SubjectPhoto) -> bool:
    """Store a photo's row; False when its subject has the same one already."""
    rows = await session.direct(
        """
        INSERT INTO subject_photo (community_id, photo_id, subject, subject_id, sha256, media_type, bytes, width, height,
            exif, perceptual_hash, added_by, added_at)
        VALUES (%(community)s, %(photo)s, %(subject)s, %(id)s, %(sha256)s, %(media_type)s, %(bytes)s, %(width)s,
            %(height)s, %(exif)s, %(hash)s, %(by)s, %(at)s)
        ON CONFLICT DO NOTHING RETURNING photo_id
        """,
        {
            "community": community_id,
            "photo": photo.photo_id,
            "subject": photo.subject,
            "id": photo.subject_id,
            "sha256": photo.sha256,
            "media_type": photo.media_type,
            "bytes": photo.bytes,
            "width": photo.width,
            "height": photo.height,
            "exif": Jsonb(dict(photo.exif)),
            "hash": photo.perceptual_hash,
            "by": photo.added_by,
            "at": photo.added_at,
        },
    )
    return bool(rows)


async def of_subjects(
    session: ReadSession, community_id: str, subject: str, subject_ids: Sequence[UUID]
) -> dict[UUID, list[SubjectPhoto]]:
    """Return the photos of things of one kind, in the order they were added; things without any are missing."""
    found: dict[UUID, list[SubjectPhoto]] = defaultdict(list)
    if not subject_ids:
        return found
    rows = await session.direct(
        """
        SELECT photo_id, subject, subject_id, sha256, media_type, bytes, width, height, exif, perceptual_hash, added_by,
               added_at
        FROM subject_photo
        WHERE community_id = %(community)s AND subject = %(subject)s AND subject_id = ANY(%(ids)s::uuid[])
        ORDER BY added_at, photo_id
        """,
        {"community": community_id, "subject": subject, "ids": list(subject_ids)},
    )
    for row in rows:
        found[row.subject_id].append(SubjectPhoto(*row))
    return found


async def get(session: ReadSession, community_id: str, photo_id: UUID) -> SubjectPhoto | None:
    """Return a photo, whoever may see it."""
    rows = await session.direct(
        """
        SELECT photo_id, subject, subject_id, sha256, media_type, bytes, width, height, exif, perceptual_hash, added_by,
               added_at
        FROM subject_photo WHERE community_id = %(community)s AND photo_id = %(photo)s
        """,
        {"community": community_id, "photo": photo_id},
    )
    return SubjectPhoto(*rows[0]) if rows else None


async def erase(session: WriteSession, community_id: str, subject: str, subject_ids: Sequence[UUID]) -> int:
    """Take the photos of things away; their bytes go with the next sweep unless something else names them."""
    rows = await session.direct(
        "DELETE FROM subject_photo WHERE community_id = %(community)s AND subject = %(subject)s"
        " AND subject_id = ANY(%(ids)s::uuid[]) RETURNING photo_id",
        {"community": community_id, "subject": subject, "ids": list(subject_ids)},
    )
    return len(rows)
