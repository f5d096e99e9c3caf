"""What becomes of a redeemed reward: its code, how it stands, and whose number of them counts for a limit."""

from __future__ import annotations

import re
import secrets
from datetime import date
from enum import StrEnum
from urllib.parse import parse_qs, urlsplit

from gis.errors import ConflictError, InvalidInputError

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No two that look alike, and none that make words: a code is read out at a counter."""
CODE_LENGTH = 8
GROUP = 4
_NOISE = re.compile(r"[\s\-_.·—]+")


class RedemptionStatus(StrEnum):
    """How a redemption stands."""

    OPEN = "open"
    """Paid, and kept for who redeemed it."""
    HANDED_OUT = "handed_out"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REFUNDED = "refunded"


class RedemptionVerb(StrEnum):
    """What is done to a redemption."""

    HAND_OUT = "hand_out"
    CANCEL = "cancel"
    EXPIRE = "expire"
    REFUND = "refund"


class LimitPeriod(StrEnum):
    """In which time somebody may have so many of a reward."""

    MONTH = "month"
    YEAR = "year"
    EVER = "ever"


_S, _V = RedemptionStatus, RedemptionVerb
TRANSITIONS = {
    (_S.OPEN, _V.HAND_OUT): _S.HANDED_OUT,
    (_S.OPEN, _V.CANCEL): _S.CANCELLED,
    (_S.OPEN, _V.EXPIRE): _S.EXPIRED,
    (_S.HANDED_OUT, _V.REFUND): _S.REFUNDED,
}
"""Everything else is illegal; all but handing out give the points back."""
GIVES_BACK = {_S.CANCELLED: "cancelled", _S.EXPIRED: "code_expired", _S.REFUNDED: "refunded"}
"""What is said of the points that come back."""


def after(status: RedemptionStatus, verb: RedemptionVerb) -> RedemptionStatus:
    """Return what a verb makes of a redemption.

    Parameters
    ----------
    status, verb
        As it stands, and what is to be done.

    Raises
    ------
    ConflictError
        ``redemption_over``.
    """
    found = TRANSITIONS.get((status, verb))
    if found is None:
        raise ConflictError(f"it is {status}", code="redemption_over", status=status.value)
    return found


def new_code() -> str:
    """Return a code that nobody can guess: 39 random bits, and only who hands out may try."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def written_code(code: str) -> str:
    """Return a code as it is shown: in two groups."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def read_code(text: str) -> str:
    """Return the code that somebody typed or scanned.

    Parameters
    ----------
    text
        The code in any case and grouping, or the address that its QR code holds.

    Raises
    ------
    InvalidInputError
        ``reward_code_invalid``.
    """
    given = text.strip()
    if "code=" in given:
        try:
            given = parse_qs(urlsplit(given).query).get("code", [""])[0]
        except ValueError:
            given = ""
    found = _NOISE.sub("", given).upper()
    if len(found) != CODE_LENGTH or any(sign not in ALPHABET for sign in found):
        raise InvalidInputError("not a code of a reward", code="reward_code_invalid", field="code")
    return found


def period_begins(period: LimitPeriod, today: date) -> date | None:
    """Return the first day of the period that a limit counts in; None: ever.

    Parameters
    ----------
    period, today
        Of the reward, and the community's day.
    """
    if period is LimitPeriod.MONTH:
        return today.replace(day=1)
    return today.replace(month=1, day=1) if period is LimitPeriod.YEAR else None


def first_letters(name: str) -> str:
    """Return what a counter may know of a name: its first letter or character.

    Parameters
    ----------
    name
        Of who redeemed.
    """
    kept = name.strip()
    return f"{kept[0]}{'*' * min(2, max(1, len(kept) - 1))}" if kept else "*"
