"""Beginning a search from the fields of a body or a form: what the interface and the page have in common."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from api.filters import parse_moment
from api.forms import parse
from api.models.missing import MissingBody
from gis.crs import parse_position
from gis.errors import InvalidInputError
from gis.flows.missing.calling import MissingDraft, begin_search
from gis.flows.missing.reading import knows, visible
from gis.flows.residents.access import present
from gis.flows.residents.keeping import the_record
from gis.flows.work import Work
from gis.intake import CleanPhoto
from gis.store.people import timezone_of
from gis.store.session import ReadSession
from gis.views.boards import addresses
from gis.views.subject_photos import SEEN_BY
from gis.words import Actor, Position, PositionSource


async def begun(work: Work, actor: Actor, fields: dict[str, Any], photos: Sequence[CleanPhoto]) -> UUID:
    """Begin a search, and return its id."""
    given = parse(MissingBody, fields)
    zone = ZoneInfo(await timezone_of(work.session, actor.community_id))
    draft = MissingDraft(
        given.id or uuid4(),
        given.resident,
        given.name,
        given.description,
        given.phone,
        await _position(work, actor, given),
        given.place_text,
        parse_moment(given.seen_at, "seen_at", zone) or work.clock.now(),
        given.people,
    )
    return await begin_search(work, actor, draft, photos)


async def _position(work: Work, actor: Actor, given: MissingBody) -> Position:
    """Return where somebody was last seen: a point, an address, or else their own door."""
    if given.lon is not None or given.lat is not None:
        return parse_position(given.lon, given.lat, given.datum, source=PositionSource.PIN)
    building = given.building
    if building is None and given.resident is not None:
        row = await the_record(work, await present(work.session, actor), given.resident, full=False)
        building = row.building_id
    if building is None:
        raise InvalidInputError("where were they last seen?", code="muster_place_missing", field="building")
    found = await addresses(work.session, actor.community_id, building)
    if not found:
        raise InvalidInputError("no such building", code="building_unknown", field="building")
    return Position(found[0].lon, found[0].lat, source=PositionSource.PLATE)


async def sees_photo(session: ReadSession, actor: Actor, missing_id: UUID) -> bool:
    """Tell whether somebody may see pictures of who is missing: those who may know who it is."""
    now = await present(session, actor)
    return any(knows(now, row) for row in await visible(session, now, [missing_id]))


SEEN_BY["missing"] = sees_photo
