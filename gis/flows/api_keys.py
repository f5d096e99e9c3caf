"""Keys of programs: made, used, ended."""

from __future__ import annotations

import secrets
from uuid import UUID, uuid4

from gis.errors import InvalidInputError, NotAllowedError, NotFoundError
from gis.flows.create_person import PersonDraft, create_person
from gis.flows.sign_in import hashed
from gis.flows.texts import required
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import api_keys, audit, sessions
from gis.store.api_keys import ApiKey
from gis.store.session import ReadSession
from gis.words import Actor, Role

MOST_PER_MINUTE = 6000


async def make_key(
    work: Work, actor: Actor | None, community_id: str, name: str, per_minute: int = 60
) -> tuple[str, ApiKey]:
    """Make a key and an account that reports in its name; the key is given out once and only its hash is kept.

    Parameters
    ----------
    work
        Unit of work.
    actor
        An administrator; None: the operator at the command line.
    community_id, name
        Where, and which program.
    per_minute
        How many reports it may file in a minute.

    Raises
    ------
    InvalidInputError
        ``text_needed``, ``text_too_long``, ``field_too_big``.
    """
    if actor is not None:
        require(actor, "create_person")
    called = required(name, "name", limit=60)
    if not 1 <= per_minute <= MOST_PER_MINUTE:
        raise InvalidInputError("too many", code="field_too_big", field="per_minute", limit=MOST_PER_MINUTE)
    username = f"open311-{secrets.token_hex(4)}"
    draft = PersonDraft(username, secrets.token_urlsafe(32), called, Role.RESIDENT)
    person_id = await create_person(work, actor, community_id, draft)
    given = f"{community_id}~{secrets.token_urlsafe(32)}"
    by = actor.person_id if actor else None
    key = ApiKey(community_id, uuid4(), called, person_id, per_minute, by, work.clock.now(), None)
    await api_keys.add_key(work.session, key, hashed(given))
    await _noted(work, actor, community_id, "key_made", key.key_id)
    return given, key


async def use_key(session: ReadSession, community_id: str, given: str) -> tuple[ApiKey, Actor]:
    """Return a key and in whose name it reports.

    Parameters
    ----------
    session, community_id
        Where.
    given
        As it was given out.

    Raises
    ------
    NotAllowedError
        ``api_key_invalid``.
    """
    found = await api_keys.key_of(session, community_id, hashed(given))
    actor = await sessions.actor_of(session, community_id, found.person_id) if found else None
    if found is None or actor is None:
        raise NotAllowedError("no key of this community, or one that has ended", code="api_key_invalid")
    return found, actor


async def end_key(work: Work, actor: Actor | None, community_id: str, key_id: UUID) -> None:
    """End a key; what it has reported stays.

    Parameters
    ----------
    work, actor
        Unit of work; an administrator, or None for the operator.
    community_id, key_id
        Which.

    Raises
    ------
    NotFoundError
        ``api_key_not_found``.
    """
    if actor is not None:
        require(actor, "create_person")
    if not await api_keys.revoke_key(work.session, community_id, key_id, work.clock.now()):
        raise NotFoundError("no such key in use", code="api_key_not_found")
    await _noted(work, actor, community_id, "key_ended", key_id)


async def _noted(work: Work, actor: Actor | None, community_id: str, kind: str, key_id: UUID) -> None:
    await audit.note(
        work.session,
        community_id,
        kind,
        at=work.clock.now(),
        person_id=actor.person_id if actor else None,
        subject_id=str(key_id),
    )
