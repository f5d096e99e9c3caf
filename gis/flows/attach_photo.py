"""Photos join a report or a case: their bytes are on the disk before the row that names them is committed."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from gis.crs import metric_crs
from gis.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from gis.flows.late_photo import suggest_by_photo
from gis.flows.work import Work
from gis.intake import CleanPhoto, exif_disagreement_m
from gis.people.permissions import relations_or_not_found
from gis.store.cases import lock
from gis.store.photo_rows import (
    PhotoKindOf,
    PhotoRow,
    PhotoTarget,
    add_photo,
    case_target,
    count_photos,
    hold_for_photos,
    photos_known,
    photos_missing,
    photos_there,
    report_target,
)
from gis.store.photos import Photos
from gis.words import Actor, Position, Relation, Status

AT_WORK = frozenset({Relation.ASSIGNEE, Relation.AGENCY})
IN_WORK = frozenset({Status.ACCEPTED, Status.ON_SITE, Status.REFERRED, Status.DONE})
LEFT_OVER_S = 86_400.0


@dataclass(frozen=True, slots=True)
class PhotoStored:
    """A photo that is durable and belongs to a case.

    Parameters
    ----------
    photo
        Its row; the same at every repeat.
    replayed
        Whether it was there already.
    missing
        SHA-256 of the photos that the report still waits for; empty when it is complete.
    """

    photo: PhotoRow
    replayed: bool
    missing: tuple[str, ...] = ()


def check_sha256(data: bytes, stated: str) -> None:
    """Refuse bytes that aren't those which were announced; cheap, so it goes before decoding.

    Raises
    ------
    InvalidInputError
        ``photo_hash_mismatch``.
    """
    if hashlib.sha256(data).hexdigest() != stated.lower():
        raise InvalidInputError("the bytes have another SHA-256", code="photo_hash_mismatch", field="photo")


async def attach_photo(
    work: Work,
    actor: Actor,
    photo: CleanPhoto,
    *,
    report_id: UUID | None = None,
    case_id: UUID | None = None,
    sha256: str | None = None,
) -> PhotoStored:
    """Add one photo to the actor's own report, or an after-photo to the case they are working on.

    Parameters
    ----------
    work
        The unit of work.
    actor
        Who adds it.
    photo
        From ``prepare_photo``, called before the transaction began.
    report_id
        The report that announced it in its manifest; or
    case_id
        the case that it shows the outcome of.
    sha256
        What the address of the upload named, if it did.

    Raises
    ------
    NotFoundError
        ``report_not_found``, ``case_not_found``: not there, or none of the actor's.
    NotAllowedError
        ``photo_not_by_assignee``.
    InvalidInputError
        ``photo_hash_mismatch``, ``photo_not_in_manifest``, ``too_many_photos``.
    ConflictError
        ``photo_case_not_in_work`` when nobody is working on the case.
    """
    if sha256 is not None and sha256.lower() != photo.sha256:
        raise InvalidInputError("the bytes have another SHA-256", code="photo_hash_mismatch", field="photo")
    if report_id is not None:
        target = await _own_report(work, actor, report_id)
        if photo.sha256 not in target.manifest:
            raise InvalidInputError(
                "the report announced no such photo", code="photo_not_in_manifest", field="photo"
            )
    elif case_id is not None:
        target = await _case_in_work(work, actor, case_id)
    else:
        raise ValueError("either report_id or case_id")
    [stored] = await _store(work, actor, target, [photo])
    missing = await photos_missing(work.session, actor.community_id, report_id) if report_id else []
    if report_id is not None and not stored.replayed:
        await suggest_by_photo(work, actor, report_id, stored.photo)
    return PhotoStored(stored.photo, stored.replayed, tuple(missing))


async def store_photos(  # noqa: PLR0917 - what, where, which, by whom
    work: Work,
    case_id: UUID,
    report_id: UUID | None,
    kind: PhotoKindOf,
    prepared: Sequence[CleanPhoto],
    added_by: Actor,
) -> list[PhotoStored]:
    """Add photos that came with a report or an act, inside its transaction, which has checked the actor.

    Parameters
    ----------
    work
        The unit of work; the report's or case's row is already in its transaction.
    case_id, report_id
        What they belong to; no report for after-photos.
    kind
        ``before``, ``after``, or ``progress`` of work under way.
    prepared
        From ``prepare_photo``; the same photo twice counts once.
    added_by
        Who sent them.

    Raises
    ------
    InvalidInputError
        ``too_many_photos``.
    """
    if (kind == "before") != (report_id is not None):
        raise ValueError("photos of a report are those from before, and only they")
    if not prepared:
        return []
    community_id = added_by.community_id
    target = (
        await case_target(work.session, community_id, case_id)
        if report_id is None
        else await report_target(work.session, community_id, report_id)
    )
    if target is None:
        raise NotFoundError("no such case", code="case_not_found")
    target = replace(target, under_way=kind == "progress")
    distinct = list({photo.sha256: photo for photo in prepared}.values())
    return await _store(work, added_by, target, distinct)


async def keep_photos(store: Photos, actor: Actor, photos: Sequence[CleanPhoto]) -> None:
    """Have the bytes of photos on the disk, before a row names them.

    Parameters
    ----------
    store, actor, photos
        Where, whose community, and which.
    """
    await asyncio.gather(*(store.save(actor.community_id, photo) for photo in photos))


async def remove_left_over_photos(work: Work, community_id: str, age_s: float = LEFT_OVER_S) -> int:
    """Remove photos whose transaction never committed; return how many.

    Parameters
    ----------
    work
        The unit of work.
    community_id
        Whose photos.
    age_s
        Only those saved longer ago than this, so that none is taken whose transaction is under way.
    """
    old = await work.photos.older_than(community_id, age_s)
    named = await photos_known(work.session, community_id, old) if old else set()
    gone = [
        await work.photos.remove(community_id, sha256, age_s=age_s) for sha256 in old if sha256 not in named
    ]
    return sum(gone)


async def _own_report(work: Work, actor: Actor, report_id: UUID) -> PhotoTarget:
    target = await report_target(work.session, actor.community_id, report_id)
    if target is None or target.reporter_id != actor.person_id:
        raise NotFoundError("no such report, or not one of yours", code="report_not_found")
    return target


async def _case_in_work(work: Work, actor: Actor, case_id: UUID) -> PhotoTarget:
    """Return the case, held against other changes, if the actor is at work on it."""
    locked = await lock(work.session, actor.community_id, case_id)
    found = relations_or_not_found(actor, locked.facts if locked else None)
    target = await case_target(work.session, actor.community_id, case_id)
    if locked is None or target is None or not found & AT_WORK:
        raise NotAllowedError("only who works on a case shows its outcome", code="photo_not_by_assignee")
    if locked.facts.status not in IN_WORK:
        status = locked.facts.status.value
        raise ConflictError(f"the case is {status}", code="photo_case_not_in_work", status=status)
    return target


async def _store(
    work: Work, actor: Actor, target: PhotoTarget, photos: Sequence[CleanPhoto]
) -> list[PhotoStored]:
    """Write bytes, then rows; on a repeat both are there already, and the answer is the same."""
    community_id = actor.community_id
    shas = [photo.sha256 for photo in photos]
    await keep_photos(work.photos, actor, photos)
    target = await hold_for_photos(work.session, community_id, target)
    there = await photos_there(work.session, community_id, target, shas)
    new = [photo for photo in photos if photo.sha256 not in there]
    limit = work.settings.photo.max_per_report
    if new and len(new) + await count_photos(work.session, community_id, target) > limit:
        raise InvalidInputError(f"at most {limit} photos", code="too_many_photos", field="photo", limit=limit)
    for photo in new:
        await add_photo(work.session, community_id, photo_row(actor, target, photo, work.clock.now()))
    rows = await photos_there(work.session, community_id, target, shas) if new else there
    return [PhotoStored(rows[sha256], sha256 in there) for sha256 in shas]


def photo_row(actor: Actor, target: PhotoTarget, photo: CleanPhoto, now: datetime) -> PhotoRow:
    """Return the row of a photo that is to be added.

    Parameters
    ----------
    actor
        Who adds it.
    target
        To what.
    photo
        From ``prepare_photo``.
    now
        The time.
    """
    stated = Position(target.lon, target.lat)
    distance_m = exif_disagreement_m(photo.exif, stated, metric_crs(target.metric_srid).project)
    return PhotoRow(
        photo_id=uuid4(),
        case_id=target.case_id,
        report_id=target.report_id,
        kind=target.kind,
        sha256=photo.sha256,
        media_type=photo.media_type,
        bytes=len(photo.original),
        width=photo.width,
        height=photo.height,
        exif=photo.exif.as_json(distance_m),
        perceptual_hash=photo.perceptual_hash,
        added_by=actor.person_id,
        added_at=now,
    )
