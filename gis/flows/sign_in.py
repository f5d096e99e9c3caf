"""Signing in and out, and telling who a token belongs to."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address

from gis.clock import Clock
from gis.errors import InvalidInputError, NotAllowedError, NotSignedInError, TooManyError
from gis.flows.work import Work
from gis.people.passwords import matches
from gis.store import audit, sessions
from gis.store.session import ReadSession
from gis.words import Actor


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new session; the token is given out once and only its hash is kept."""

    token: str
    csrf: str
    actor: Actor
    expires_at: datetime


async def sign_in(
    work: Work,
    username: str,
    password: str,
    community_id: str | None = None,
    *,
    token: bool = False,
    address: str = "",
    besieged: bool = False,
) -> SignedIn:
    """Begin a session.

    Parameters
    ----------
    work
        Unit of work; a failure is counted even though it ends with an error.
    username, password
        As typed.
    community_id
        Needed only where the name exists in several communities.
    token
        True: a program's bearer token, which lives longer than a browser's session.
    address
        Where the request comes from; demo accounts are for this machine only.
    besieged
        True while others guess at this name from many places: then only an address from which its person has signed in
        before may try, and a name that nobody has is answered like one that somebody has.

    Raises
    ------
    NotSignedInError
        ``sign_in_failed``: name or password wrong, which of them is not said.
    TooManyError
        ``too_many_sign_ins`` with ``retry_after_s``, while besieged.
    NotAllowedError
        ``demo_sign_in_elsewhere``.
    InvalidInputError
        ``community_needed``.
    """
    sayable = username.isprintable() and (community_id or "").isprintable()
    found = await sessions.accounts(work.session, username.strip(), community_id) if sayable else []
    if len(found) > 1:
        raise InvalidInputError(
            "name the community: several have this name", code="community_needed", field="community_id"
        )
    account = found[0] if found else None
    now = work.clock.now()
    if besieged and not (account and await sessions.was_here(work.session, account, address)):
        wait_s = round(work.settings.sign_in.wait_s)
        raise TooManyError("too many failed sign-ins", code="too_many_sign_ins", retry_after_s=wait_s)
    right = await matches(password, account.password_hash if account else None)
    if account is None or not right or not account.active:
        await _note_failure(work, account, now, address)
        raise NotSignedInError("wrong name or password", code="sign_in_failed")
    if account.demo and not (work.settings.demo_sign_ins_anywhere or _is_this_machine(address)):
        raise NotAllowedError("demo accounts sign in from this machine only", code="demo_sign_in_elsewhere")
    return await _begin(work, account, now, token=token, address=address)


async def sign_out(work: Work, token: str) -> None:
    """End a session; an unknown one is no error.

    Parameters
    ----------
    work
        Unit of work.
    token
        As given out.
    """
    community_id = token.partition("~")[0]
    if community_id.isprintable():
        person_id = await sessions.remove(work.session, community_id, hashed(token))
        if person_id is not None:
            await audit.note(
                work.session, community_id, "signed_out", at=work.clock.now(), person_id=person_id
            )


async def authenticate(session: ReadSession, clock: Clock, token: str) -> tuple[Actor, str]:
    """Return who a token belongs to, and the session's CSRF value.

    Parameters
    ----------
    session, clock
        Where to look, and the time.
    token
        As given out.

    Raises
    ------
    NotSignedInError
        ``not_signed_in``, or ``session_ended`` for one that was given once.
    """
    community_id, _, secret = token.partition("~")
    if not secret or not community_id.isprintable():
        raise NotSignedInError("no session")
    found = await sessions.actor(session, community_id, hashed(token), clock.now())
    if found is None:
        raise NotSignedInError("this session has ended", code="session_ended")
    return found


async def still_signed_in(session: ReadSession, clock: Clock, tokens: Iterable[str]) -> dict[str, Actor]:
    """Return whose those of some tokens are whose session goes on; one question for each community.

    Parameters
    ----------
    session, clock
        Where to look, and the time.
    tokens
        As given out.
    """
    by_community: dict[str, dict[bytes, str]] = {}
    for token in tokens:
        by_community.setdefault(token.partition("~")[0], {})[hashed(token)] = token
    found: dict[str, Actor] = {}
    for community_id, hashes in by_community.items():
        known = await sessions.actors_by_token(session, community_id, list(hashes), clock.now())
        found |= {hashes[one]: actor for one, (actor, _) in known.items()}
    return found


def hashed(token: str) -> bytes:
    """Return what is kept of a token.

    Parameters
    ----------
    token
        As given out.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


async def _begin(
    work: Work, account: sessions.Account, now: datetime, *, token: bool, address: str
) -> SignedIn:
    rules = work.settings.sign_in
    life = timedelta(days=rules.token_days) if token else timedelta(hours=rules.session_hours)
    given = f"{account.community_id}~{secrets.token_urlsafe(32)}"
    csrf = secrets.token_urlsafe(24)
    await sessions.add(
        work.session, account, token_hash=hashed(given), csrf=csrf, now=now, expires_at=now + life
    )
    actor = await sessions.actor_of(work.session, account.community_id, account.person_id)
    if actor is None:
        raise NotSignedInError("wrong name or password", code="sign_in_failed")
    await audit.note(
        work.session,
        account.community_id,
        "signed_in",
        at=now,
        person_id=account.person_id,
        data={"address": address, "program": token},
    )
    return SignedIn(given, csrf, actor, now + life)


async def _note_failure(work: Work, account: sessions.Account | None, now: datetime, address: str) -> None:
    if account is None:
        return
    await audit.note(
        work.session,
        account.community_id,
        "sign_in_failed",
        at=now,
        person_id=None,
        subject_id=str(account.person_id),
        data={"address": address},
    )
    await work.session.keep()


def _is_this_machine(address: str) -> bool:
    try:
        found = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(found, "ipv4_mapped", None)
    return (mapped or found).is_loopback
