"""Searching street by street, and the end of it: found, or stood down; everybody who was called is told."""

from __future__ import annotations

from uuid import UUID

from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.flows.missing.reading import knows, the_search
from gis.flows.muster_answers import send_home
from gis.flows.residents.access import present
from gis.flows.residents.keeping import sealed_of
from gis.flows.texts import plain
from gis.flows.work import Work
from gis.store import missing, musters
from gis.words import Actor

OUTCOMES = {"found": "missing_found", "stood_down": "muster_stood_down"}
"""How a search ends -> the notice that those who were called get."""


async def tick_street(
    work: Work, actor: Actor, missing_id: UUID, segment_id: UUID, *, searched: bool
) -> bool:
    """Note that a street was searched, or that it wasn't; said again it changes nothing. The map of all follows at once.

    Parameters
    ----------
    work, actor, missing_id, segment_id
        Who was called, and where.
    searched
        False takes a tick back.

    Raises
    ------
    NotFoundError
        ``missing_not_found``, ``street_not_of_search``.
    ConflictError
        ``search_over``.
    """
    actor = await present(work.session, actor)
    row = await the_search(work, actor, missing_id)
    if row.status != "searching" or not knows(actor, row):
        raise ConflictError("the search has ended, or goes on without them", code="search_over")
    now = work.clock.now()
    by, at = (actor.person_id, now) if searched else (None, None)
    done = await missing.tick(work.session, actor.community_id, missing_id, segment_id, by=by, at=at)
    if done is None:
        raise NotFoundError("not a street of this search", code="street_not_of_search")
    if done:
        await musters.tell(
            work.session,
            actor.community_id,
            row.muster_id,
            "searched" if searched else "not_searched",
            at=now,
            actor_id=actor.person_id,
        )
    return done


async def end_search(work: Work, actor: Actor, missing_id: UUID, outcome: str, words: str = "") -> None:
    """End a search: found, or stood down; said again by the same outcome it changes nothing.

    Parameters
    ----------
    work, actor, missing_id
        Who leads it.
    outcome
        found or stood_down.
    words
        Where and how they were found, or why it ends; for the office.

    Raises
    ------
    InvalidInputError
        ``outcome_unknown``, ``text_too_long``.
    ConflictError
        ``search_over``: it has ended otherwise.
    NotFoundError, NotAllowedError
        ``missing_not_found``; ``not_allowed``.
    """
    actor = await present(work.session, actor)
    if outcome not in OUTCOMES:
        raise InvalidInputError("found or stood_down", code="outcome_unknown", field="outcome")
    said = plain(words, "words", limit=500)
    row = await the_search(work, actor, missing_id, leading=True)
    sealed = sealed_of(work, actor.community_id)
    text = sealed.seal("missing_person.outcome", missing_id, said) if said else None
    now = work.clock.now()
    ended = await missing.end(
        work.session,
        actor.community_id,
        missing_id,
        outcome,
        outcome=text,
        by=actor.person_id,
        at=now,
    )
    if not ended:
        if row.status == outcome:
            return
        raise ConflictError("the search has ended", code="search_over")
    await send_home(work, actor, row.muster_id, OUTCOMES[outcome])
