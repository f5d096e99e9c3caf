"""Beginning a search for somebody who is missing: one act calls those on duty, inside a radius that grows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from gis.errors import InvalidInputError, NotAllowedError
from gis.flows.missing.reading import CONTENT, the_search
from gis.flows.musters import MusterDraft, raise_muster
from gis.flows.residents.access import OPENED, looked, present
from gis.flows.residents.keeping import sealed_of, the_record
from gis.flows.subject_photos import add_photos
from gis.flows.texts import plain, required
from gis.flows.work import Work
from gis.intake import CleanPhoto
from gis.people.permissions import require
from gis.residents.numbers import plain_phone
from gis.store import missing
from gis.store.missing import NewSearch
from gis.store.places import GONE
from gis.words import Actor, Position, Role

SUBJECT = "missing"
TITLE = "寻人"
"""Of the call that everybody gets; who is missing stands only on the page, for those who were called."""
RINGS = 5
LONGEST = 500


@dataclass(frozen=True, slots=True)
class MissingDraft:
    """Somebody who is missing, as it is told.

    Parameters
    ----------
    resident_id
        Whose record it is begun from; the name and whom to call follow from it where they aren't stated.
    people
        How many should search.
    """

    missing_id: UUID
    resident_id: UUID | None
    name: str
    description: str
    phone: str
    position: Position
    place_text: str
    seen_at: datetime
    people: int = 20


async def begin_search(
    work: Work, actor: Actor, draft: MissingDraft, photos: Sequence[CleanPhoto] = ()
) -> UUID:
    """Call people to search; a repeat of the same id changes nothing.

    Parameters
    ----------
    work, actor
        The office or a grid worker; a watcher for somebody of their own micro-grid.
    draft, photos
        Who is missing, and pictures of them.

    Raises
    ------
    InvalidInputError
        ``text_needed``, ``text_too_long``, ``phone_invalid``, ``seen_in_future``, and those of ``raise_muster``.
    NotFoundError, NotAllowedError
        ``resident_not_found``; ``not_allowed``.
    """
    actor = await present(work.session, actor)
    require(actor, "seek_missing")
    if draft.resident_id is None and actor.role is Role.WATCHER:
        raise NotAllowedError("watchers begin at a record", verb="seek_missing")
    if draft.seen_at > work.clock.now():
        raise InvalidInputError("in the future", code="seen_in_future", field="seen_at")
    stated = await _of_record(work, actor, draft)
    name = required(stated.name, "name", limit=60)
    description = required(stated.description, "description", limit=LONGEST)
    phone = plain_phone(stated.phone)
    call = MusterDraft(
        uuid5(draft.missing_id, "muster"),
        TITLE,
        draft.people,
        position=draft.position,
        off_duty=False,
        radius_m=work.settings.residents.search_radius_m,
    )
    muster_id = await raise_muster(work, actor, call)
    sealed = sealed_of(work, actor.community_id)
    new = NewSearch(
        draft.missing_id,
        muster_id,
        draft.resident_id,
        sealed.seal("missing_person.name", draft.missing_id, name),
        sealed.seal_json(CONTENT, draft.missing_id, {"description": description, "phone": phone}),
        plain(draft.place_text, "place_text", limit=200),
        draft.position.lon,
        draft.position.lat,
        draft.seen_at,
        actor.person_id,
        work.clock.now(),
    )
    if await missing.add(work.session, actor.community_id, new):
        radius = work.settings.residents.search_radius_m
        await missing.add_streets(
            work.session, actor.community_id, draft.missing_id, radius, rings=RINGS, gone=GONE
        )
    if photos:
        await add_photos(work, actor, SUBJECT, draft.missing_id, photos, draft.position)
    return draft.missing_id


async def add_search_photos(work: Work, actor: Actor, missing_id: UUID, photos: Sequence[CleanPhoto]) -> None:
    """Add pictures to a search that is under way; whoever leads it may."""
    actor = await present(work.session, actor)
    found = await the_search(work, actor, missing_id, leading=True)
    await add_photos(work, actor, SUBJECT, found.missing_id, photos)


async def _of_record(work: Work, actor: Actor, draft: MissingDraft) -> MissingDraft:
    """Return the draft with what the record says; opening it is a look."""
    if draft.resident_id is None:
        return draft
    row = await the_record(work, actor, draft.resident_id, full=False)
    await looked(work, actor, OPENED, [draft.resident_id], why=TITLE)
    person = sealed_of(work, actor.community_id).person(row)
    phones = [one.phone for one in person.contacts]
    return replace(draft, name=draft.name or person.name, phone=draft.phone or (phones[0] if phones else ""))
