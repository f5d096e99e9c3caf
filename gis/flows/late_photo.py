"""A photo that came after its report: where it shows what another open case nearby shows, the desk is told."""

from __future__ import annotations

from uuid import UUID

from gis.duplicates import ASK, hamming
from gis.flows.comparing import likeness_for
from gis.flows.nearness import Near, Told, nearness
from gis.flows.work import Work
from gis.store.late_photos import open_report, suggest
from gis.store.photo_rows import PhotoRow
from gis.store.similar import LINKABLE, nearby_cases
from gis.words import Actor

ALIKE_BITS = 8
"""Of 64; two photos of different things differ in about half of them."""


async def suggest_by_photo(work: Work, actor: Actor, report_id: UUID, photo: PhotoRow) -> UUID | None:
    """Record that a report's case may be the same as another, and return that one; nothing is linked by itself.

    What was answered to the reporter stays as it was.

    Parameters
    ----------
    work, actor
        Of the photo's transaction.
    report_id, photo
        Which photo of which report; it is stored already.
    """
    session, community_id, now = work.session, actor.community_id, work.clock.now()
    report = await open_report(session, community_id, report_id)
    if report is None:
        return None
    told = Told(report.category, report.position, report.description, (photo.perceptual_hash,))
    around = await nearby_cases(
        session,
        community_id,
        actor.person_id,
        lon=report.position.lon,
        lat=report.position.lat,
        likeness=likeness_for(work.settings.duplicates, told, now),
    )
    others = [one for one in around if one.case_id != report.case_id and one.status in LINKABLE]
    atlas = await work.atlas.get(session, community_id)
    found = [
        one
        for one in nearness(atlas, told, others, now)
        if one.score >= ASK and _bits(told, one) <= ALIKE_BITS
    ]
    best = max(found, key=lambda one: (one.score, -one.distance_m), default=None)
    if best is None:
        return None
    said = {
        "case_id": str(best.case.case_id),
        "report_id": str(report_id),
        "photo_id": str(photo.photo_id),
        "score": best.score,
        "bits": _bits(told, best),
    }
    await suggest(session, community_id, report.case_id, best.case.case_id, now=now, data=said)
    return best.case.case_id


def _bits(told: Told, one: Near) -> int:
    """Return in how many bits the most alike of their photos differ, 64 where either has none."""
    apart = [hamming(mine, theirs) for mine in told.hashes for theirs in one.case.hashes]
    return min((bits for bits in apart if bits is not None), default=64)
