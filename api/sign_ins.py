"""Guessing passwords is slow: failures are counted by name and address, by address, and by name.

Nobody locks anybody else out. Who fails often at a name from one address waits there; where a name fails from everywhere,
only addresses from which that person has signed in before may go on trying. Names that nobody has are counted alike, so
that an answer tells nothing of who is there. All processes of a service count together.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from fastapi import Request

from api.limiting import address_of
from api.parts import Parts
from gis.errors import NotSignedInError, TooManyError

HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """Somebody's attempt to come in.

    Parameters
    ----------
    address
        Where from.
    besieged
        Whether the name fails from so many places that only those known of its person are believed.
    """

    address: str
    besieged: bool


@asynccontextmanager
async def attempt(request: Request, parts: Parts, name: str) -> AsyncIterator[Attempt]:
    """Let an attempt be made within the block, and count it when it fails.

    Parameters
    ----------
    request, parts
        Where it comes from.
    name
        As typed.

    Raises
    ------
    TooManyError
        ``too_many_sign_ins`` with ``retry_after_s``.
    """
    rules, now, address = parts.settings.sign_in, parts.clock.now(), address_of(request)
    typed = hashlib.sha256(name.strip().casefold().encode("utf-8", "replace")).hexdigest()[:20]
    by_both, by_address, by_name = f"{typed} {address}", f"failed {address}", f"failed {typed}"
    limits = (
        (by_both, rules.attempts, rules.wait_s),
        (by_address, rules.attempts_from_address, HOUR_S),
    )
    wait_s = max(parts.rates.wait_s(key, most, now, within_s=within_s) for key, most, within_s in limits)
    if wait_s:
        raise TooManyError("too many failed sign-ins", code="too_many_sign_ins", retry_after_s=wait_s)
    besieged = bool(parts.rates.wait_s(by_name, rules.attempts_at_name, now, within_s=HOUR_S))
    try:
        yield Attempt(address, besieged)
    except NotSignedInError:
        for key, _, within_s in (*limits, (by_name, rules.attempts_at_name, HOUR_S)):
            parts.rates.add(key, now, within_s=within_s)
        raise
    parts.rates.forget(by_both)
