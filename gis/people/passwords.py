"""Passwords: argon2, hashed off the event loop, compared in the same time whether or not the name exists."""

from __future__ import annotations

import asyncio
from functools import cache

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from gis.errors import InvalidInputError

SHORTEST = 8
LONGEST = 200

# RFC 9106's second recommended option, lowered to what an old office computer does in under 0.1 s
_HASHER = PasswordHash((Argon2Hasher(time_cost=3, memory_cost=19_456, parallelism=1),))


def hash_password(password: str) -> str:
    """Return the hash to store.

    Parameters
    ----------
    password
        8 to 200 characters.

    Raises
    ------
    InvalidInputError
        ``password_length``.
    """
    if not SHORTEST <= len(password) <= LONGEST:
        raise InvalidInputError(
            f"a password has {SHORTEST} to {LONGEST} characters",
            code="password_length",
            field="password",
            shortest=SHORTEST,
            longest=LONGEST,
        )
    return _HASHER.hash(password)


async def matches(password: str, stored: str | None) -> bool:
    """Tell whether a password is the stored one; without a stored one the work is done all the same.

    Parameters
    ----------
    password
        As typed.
    stored
        The hash, or None when nobody has that name.
    """
    sayable = password[: LONGEST + 1].encode("utf-8", "replace").decode()
    return await asyncio.to_thread(_matches, sayable, stored)


def _matches(password: str, stored: str | None) -> bool:
    try:
        right = _HASHER.verify(password, stored or _nobody())
    except UnknownHashError:
        return False
    return right and stored is not None


@cache
def _nobody() -> str:
    return _HASHER.hash("nobody has this password")
