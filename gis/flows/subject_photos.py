"""Photos join a visit, somebody who is looked for, or what is handed out; bytes are on the disk before their row."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

from gis.crs import metric_crs
from gis.errors import InvalidInputError
from gis.flows.attach_photo import keep_photos
from gis.flows.work import Work
from gis.intake import CleanPhoto, exif_disagreement_m
from gis.store import subject_photos
from gis.store.subject_photos import SubjectPhoto
from gis.words import Actor, Position


async def add_photos(  # noqa: PLR0917 - which photos of what, where, by whom
    work: Work,
    actor: Actor,
    subject: str,
    subject_id: UUID,
    prepared: Sequence[CleanPhoto],
    position: Position | None = None,
) -> list[SubjectPhoto]:
    """Add photos to a thing that isn't a report or a case; its own flow has checked the actor, and holds the thing.

    Parameters
    ----------
    work, actor
        Unit of work, and who adds them.
    subject, subject_id
        What they belong to. ``gis.views.subject_photos`` has to say who sees photos of this kind of thing.
    prepared
        From ``prepare_photo``, called before the transaction began; a repeat changes nothing.
    position
        Where it is, to be compared with what the photos claim.

    Raises
    ------
    InvalidInputError
        ``too_many_photos``.
    """
    distinct = list({one.sha256: one for one in prepared}.values())
    community_id, limit = actor.community_id, work.settings.photo.max_per_report
    there = await subject_photos.of_subjects(work.session, community_id, subject, [subject_id])
    known = {one.sha256 for one in there[subject_id]}
    new = [one for one in distinct if one.sha256 not in known]
    if len(known) + len(new) > limit:
        raise InvalidInputError(f"at most {limit} photos", code="too_many_photos", field="photo", limit=limit)
    await keep_photos(work.photos, actor, new)
    apart = await _apart(work, actor, position, new)
    for photo, metres in zip(new, apart, strict=True):
        row = _row(work, actor, subject, subject_id, photo, metres)
        await subject_photos.add(work.session, community_id, row)
    found = await subject_photos.of_subjects(work.session, community_id, subject, [subject_id])
    return found[subject_id]


async def _apart(
    work: Work, actor: Actor, position: Position | None, photos: Sequence[CleanPhoto]
) -> list[float | None]:
    """Return how far from the thing each photo claims to have been taken."""
    if position is None or not photos:
        return [None] * len(photos)
    atlas = await work.atlas.get(work.session, actor.community_id)
    project = metric_crs(atlas.metric.srid).project
    return [exif_disagreement_m(one.exif, position, project) for one in photos]


def _row(  # noqa: PLR0917 - a photo, of what, by whom
    work: Work, actor: Actor, subject: str, subject_id: UUID, photo: CleanPhoto, metres: float | None
) -> SubjectPhoto:
    return SubjectPhoto(
        photo_id=uuid4(),
        subject=subject,
        subject_id=subject_id,
        sha256=photo.sha256,
        media_type=photo.media_type,
        bytes=len(photo.original),
        width=photo.width,
        height=photo.height,
        exif=photo.exif.as_json(metres),
        perceptual_hash=photo.perceptual_hash,
        added_by=actor.person_id,
        added_at=work.clock.now(),
    )
