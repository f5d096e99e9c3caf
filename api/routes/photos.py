"""Photos: renditions for all who see the case, or what else they belong to; originals for the office."""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from uuid import UUID

from starlette.responses import FileResponse, Response

from api.deps import PartsDep, ReaderDep, WorkDep
from api.rooms import interface
from api.spec import errors
from gis.categories import CATEGORIES
from gis.duplicates import PERSONAL
from gis.errors import NotAllowedError, NotFoundError
from gis.people.permissions import may, scope_of
from gis.store.access_log import log_access
from gis.views.boards import photo_facts
from gis.views.cases import SEES_ASKING
from gis.views.subject_photos import SubjectPhoto, note_look, subject_photo

router = interface("photos")
SHOWN_NEARBY = frozenset(one.code for one in CATEGORIES) - PERSONAL


@router.get(
    "/photos/{photo_id}/{kind}",
    response_class=FileResponse,
    responses={200: {"content": {"image/jpeg": {}}}, **errors(400, 401, 403, 404)},
)
async def get_photo(
    photo_id: UUID,
    kind: Literal["view", "thumb", "original"],
    parts: PartsDep,
    reader: ReaderDep,
    work: WorkDep,
) -> Response:
    """Return a photo's rendition without metadata; or, for the office, the original, which is recorded."""
    actor = reader.actor
    # who is about to report sees, very small, what others have reported there
    nearby = SHOWN_NEARBY if kind == "thumb" and may(actor, "submit") else frozenset[str]()
    facts = await photo_facts(work.session, scope_of(actor), photo_id, nearby=nearby) or await subject_photo(
        work.session, actor, photo_id
    )
    missing = NotFoundError("no such photo, or not one of yours", code="photo_not_found")
    if facts is None:
        raise missing
    if kind == "original":
        if actor.role not in SEES_ASKING:
            raise NotAllowedError("originals are for the desk and grid workers", code="original_not_allowed")
        await log_access(
            work.session,
            actor.community_id,
            at=work.clock.now(),
            person_id=actor.person_id,
            kind="original",
            subject_id=str(photo_id),
        )
    elif kind == "view" and isinstance(facts, SubjectPhoto):
        await note_look(work.session, actor, facts, work.clock.now())
    found = await parts.photos.find(actor.community_id, facts.sha256, kind)
    if found is None:
        raise missing
    original = kind == "original"
    headers = {"Cache-Control": "no-store" if original else "private, max-age=86400, immutable"}
    media_type = facts.media_type if original else "image/jpeg"
    name = f"{facts.sha256[:16]}.original" if original else None
    if isinstance(found, Path):
        return FileResponse(found, media_type=media_type, headers=headers, filename=name)
    if name:
        headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return Response(found, media_type=media_type, headers=headers)
