"""Codes with which somebody chooses a new password, once: nobody in the office ever knows a password."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from gis.errors import InvalidInputError, NotFoundError, NotSignedInError
from gis.flows.office.record import record
from gis.flows.work import Work
from gis.people.passwords import LONGEST, SHORTEST, hash_password
from gis.people.permissions import require
from gis.store import audit, posts, sessions
from gis.store.posts import Post
from gis.words import Actor

CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # none that look like one another
CODE_LENGTH = 12
CODE_DAYS = 3
CODE_ATTEMPTS = 500
"""After so many the code is gone. With 31^12 codes nobody guesses one, and a few wrong ones must not cost its person theirs."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code for a new password, to be told to its person; it is given out once."""

    person_id: UUID
    code: str = field(repr=False)
    expires_at: datetime


async def give_code(work: Work, actor: Actor, person_id: UUID) -> Code:
    """Make the old password useless and return a code with which its person chooses a new one, once.

    Parameters
    ----------
    work, actor, person_id
        Who, for whom.

    Raises
    ------
    NotFoundError
        ``person_unknown``.
    """
    require(actor, "create_person")
    post = await held(work, actor, person_id)
    signs = "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
    now = work.clock.now()
    code = Code(
        person_id,
        "-".join(signs[at : at + 4] for at in range(0, CODE_LENGTH, 4)),
        now + timedelta(days=CODE_DAYS),
    )
    await posts.put_code(
        work.session,
        actor.community_id,
        person_id,
        code_hash=_hashed(actor.community_id, person_id, code.code),
        given_by=actor.person_id,
        now=now,
        expires_at=code.expires_at,
    )
    await posts.end_sessions(work.session, actor.community_id, person_id)
    await record(work, actor, "person", str(person_id), "code_given", name=post.name)
    return code


async def choose_password(
    work: Work, username: str, code: str, password: str, community_id: str | None = None
) -> None:
    """Set the password of who was given a code.

    Parameters
    ----------
    work
        Unit of work; a wrong code is counted even though it ends with an error.
    username, code, password
        As typed; the code with or without hyphens, in small letters too.
    community_id
        Needed only where the name exists in several communities.

    Raises
    ------
    InvalidInputError
        ``password_length``, ``community_needed``.
    NotSignedInError
        ``code_wrong``: also for one that has been used, has expired, or was never given.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidInputError(
            "too short or too long",
            code="password_length",
            field="password",
            shortest=SHORTEST,
            longest=LONGEST,
        )
    sayable = username.isprintable() and (community_id or "").isprintable()
    found = await sessions.accounts(work.session, username.strip(), community_id or None) if sayable else []
    if len(found) > 1:
        raise InvalidInputError("name the community", code="community_needed", field="community_id")
    hashed = await asyncio.to_thread(hash_password, password)
    if not found:
        raise NotSignedInError("wrong name or code", code="code_wrong")
    account = found[0]
    right = await posts.use_code(
        work.session,
        account.community_id,
        account.person_id,
        code_hash=_hashed(account.community_id, account.person_id, code),
        password_hash=hashed,
        now=work.clock.now(),
    )
    if not right:
        await posts.count_wrong_code(
            work.session, account.community_id, account.person_id, attempts=CODE_ATTEMPTS
        )
        await _noted(work, account, "code_wrong")
        await work.session.keep()
        raise NotSignedInError("wrong name or code", code="code_wrong")
    await _noted(work, account, "password_chosen")


async def _noted(work: Work, account: sessions.Account, kind: str) -> None:
    await audit.note(
        work.session,
        account.community_id,
        kind,
        at=work.clock.now(),
        person_id=None,
        subject_id=str(account.person_id),
    )


async def held(work: Work, actor: Actor, person_id: UUID) -> Post:
    """Return a person, whom nobody else changes until the transaction ends.

    Parameters
    ----------
    work, actor, person_id
        Who holds whom.

    Raises
    ------
    NotFoundError
        ``person_unknown``.
    """
    found = await posts.hold(work.session, actor.community_id, person_id)
    if found is None:
        raise NotFoundError("no such person", code="person_unknown")
    return found


def _hashed(community_id: str, person_id: UUID, code: str) -> bytes:
    signs = "".join(one for one in code.upper() if one.isalnum())
    return hashlib.sha256(f"{community_id}~{person_id}~{signs}".encode("utf-8", "replace")).digest()
