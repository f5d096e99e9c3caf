"""Telephone and identity numbers: read however they are written, checked, compared in one form, shown without their middle."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from gis.errors import InvalidInputError

_PHONE = re.compile(r"\+?\d{3,20}")
_SIGNS = re.compile(r"[\s\-()（）·.]+")
_ID = re.compile(r"\d{17}[\dX]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
OLDEST_YEAR = 1890
_SHOWN = 4


def plain_phone(text: str, field: str = "phone") -> str:
    """Return a telephone number in the one form in which it is compared; empty for none.

    Raises
    ------
    InvalidInputError
        ``phone_invalid``.
    """
    found = _SIGNS.sub("", unicodedata.normalize("NFKC", text))
    if not found:
        return ""
    if not _PHONE.fullmatch(found):
        raise InvalidInputError("no telephone number", code="phone_invalid", field=field)
    return found.removeprefix("+86")


def plain_id_number(text: str, field: str = "id_number") -> str:
    """Return a citizen's identity number (GB 11643) in the one form in which it is compared; empty for none.

    Raises
    ------
    InvalidInputError
        ``id_number_invalid``: not 18 characters, no such day, or the last one doesn't fit the others.
    """
    found = _SIGNS.sub("", unicodedata.normalize("NFKC", text)).upper()
    if not found:
        return ""
    if not _ID.fullmatch(found) or not found.isascii() or birth_of(found) is None or not _fits(found):
        raise InvalidInputError("no identity number", code="id_number_invalid", field=field)
    return found


def birth_of(id_number: str) -> date | None:
    """Return the day of birth that a number states."""
    try:
        return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
    except ValueError:
        return None


def masked(number: str) -> str:
    """Return a number without its middle: enough to tell whether it is the right one.

    Parameters
    ----------
    number
        In its plain form.
    """
    if len(number) <= _SHOWN + 3:
        return "*" * len(number)
    return f"{number[:3]}{'*' * (len(number) - 3 - _SHOWN)}{number[-_SHOWN:]}"


def looks_like_number(word: str) -> tuple[str, str] | None:
    """Return what kind of number a word of a search is as a whole, and its plain form; None for anything else.

    Parameters
    ----------
    word
        As it was typed.
    """
    for kind, read, least in (("id_number", plain_id_number, 18), ("phone", plain_phone, 7)):
        try:
            found = read(word)
        except InvalidInputError:
            continue
        if len(found) >= least:
            return kind, found
    return None


def _fits(number: str) -> bool:
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return _CHECKS[total % 11] == number[17]
