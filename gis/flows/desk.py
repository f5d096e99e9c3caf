"""What the dispatch desk keeps for itself: filters, notes for who comes next, and shifts that are handed over."""

from __future__ import annotations

from uuid import UUID, uuid4

from gis.errors import ConflictError, NotFoundError
from gis.flows.acting import hold
from gis.flows.texts import plain, required
from gis.flows.work import Work
from gis.people.permissions import may, require
from gis.store import desk
from gis.store.desk import SavedFilter
from gis.words import Actor

MOST_FILTERS = 30
NAME_LIMIT = 40
QUERY_LIMIT = 500
NOTE_LIMIT = 500


async def keep_filter(  # noqa: PLR0917 - a filter as it is kept
    work: Work, actor: Actor, name: str, query: str, shared: bool = False, is_default: bool = False
) -> UUID:
    """Keep a filter; under a name that one has already it replaces the older one.

    Parameters
    ----------
    work, actor
        Whose filter.
    name, query
        As shown, and as in the address of the page.
    shared
        Whether the whole desk sees it; only the office shares.
    is_default
        Whether the desk opens with it.

    Raises
    ------
    InvalidInputError
        ``text_needed``, ``text_too_long``.
    ConflictError
        ``filters_full``.
    """
    require(actor, "keep_filters")
    new = SavedFilter(
        uuid4(),
        required(name, "name", limit=NAME_LIMIT),
        plain(query, "query", limit=QUERY_LIMIT).lstrip("?"),
        shared and may(actor, "desk"),
        is_default,
        actor.person_id,
        actor.name,
    )
    kept = await desk.keep_filter(
        work.session, actor.community_id, new, now=work.clock.now(), most=MOST_FILTERS
    )
    if kept is None:
        raise ConflictError("one keeps as many as one may", code="filters_full", limit=MOST_FILTERS)
    return kept


async def drop_filter(work: Work, actor: Actor, filter_id: UUID) -> None:
    """Take one of one's own filters away.

    Raises
    ------
    NotFoundError
        ``filter_not_found``.
    """
    require(actor, "keep_filters")
    if not await desk.drop_filter(work.session, actor.community_id, filter_id, actor.person_id):
        raise NotFoundError("no such filter of one's own", code="filter_not_found")


async def write_note(
    work: Work, actor: Actor, words: str, case_id: UUID | None = None, note_id: UUID | None = None
) -> UUID:
    """Leave a note for who comes next, pinned to a case or in general; a repeat of an id changes nothing.

    Raises
    ------
    NotFoundError
        ``case_not_found``.
    InvalidInputError
        ``text_needed``, ``text_too_long``.
    """
    require(actor, "desk")
    said = required(words, "words", limit=NOTE_LIMIT)
    if case_id is not None:
        await hold(work, actor, case_id)
    made = note_id or uuid4()
    await desk.add_note(
        work.session, actor.community_id, made, case_id, said, actor.person_id, work.clock.now()
    )
    return made


async def settle_note(work: Work, actor: Actor, note_id: UUID) -> None:
    """Mark a note as settled; again, it stays with who was first.

    Raises
    ------
    NotFoundError
        ``note_not_found``.
    """
    require(actor, "desk")
    now = work.clock.now()
    if not await desk.settle_note(work.session, actor.community_id, note_id, actor.person_id, now):
        raise NotFoundError("no such note", code="note_not_found")


async def begin_shift(work: Work, actor: Actor) -> None:
    """Begin one's shift, and sign that one has read what earlier shifts have left; again, it changes nothing."""
    require(actor, "desk")
    await desk.begin_shift(work.session, actor.community_id, uuid4(), actor.person_id, work.clock.now())


async def end_shift(work: Work, actor: Actor, words: str) -> None:
    """End one's shift with a note to the next.

    Raises
    ------
    InvalidInputError
        ``text_too_long``.
    ConflictError
        ``no_shift``: none of one's own is under way.
    """
    require(actor, "desk")
    said = plain(words, "words")
    if not await desk.end_shift(work.session, actor.community_id, actor.person_id, said, work.clock.now()):
        raise ConflictError("none of one's own shifts is under way", code="no_shift")
