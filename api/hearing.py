"""What a process does when it hears of another's changes: it forgets what it kept of them.

What is not told is looked up by version each time, or old by a stated while at most: docs/scale.md lists everything that a
process keeps in memory.
"""

from __future__ import annotations

from uuid import UUID

from api.parts import Parts
from gis.store.hearing import Hearing
from gis.store.telling import About, Word


def hearing_of(parts: Parts, url: str) -> Hearing:
    """Return the hearing of a process, not yet begun; until it hears, nothing that is kept is believed.

    Parameters
    ----------
    parts
        What keeps things.
    url
        The database.
    """
    heard = Hearing(url, lambda word: _heed(parts, word), lambda hears: _turn(parts, hears=hears))
    _turn(parts, hears=False)
    return heard


def _heed(parts: Parts, word: Word) -> None:
    if word.about is About.SESSION:
        parts.hub.drop_all(parts.sessions.forget_hash(word.key))
        parts.hub.look_again()  # streams of sessions that are not among those remembered
    elif word.about is About.PERSON:
        parts.sessions.forget_person(UUID(word.key))
        parts.rosters.forget(word.community_id)
        parts.hub.look_again()
    elif word.about is About.PEOPLE:
        parts.sessions.forget_community(word.community_id)
        parts.rosters.forget(word.community_id)
        parts.hub.look_again()
    elif word.about is About.COMMUNITY:
        parts.atlas.doubt(word.community_id)
        parts.hub.forget_words(word.community_id)


def _turn(parts: Parts, *, hears: bool) -> None:
    parts.sessions.believe(hears)
    parts.atlas.believe(hears)
    parts.hub.forget_words()
    parts.hub.look_again()
