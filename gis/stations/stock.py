"""What stations offer and keep in stock."""

from __future__ import annotations

from gis.errors import InvalidInputError

AMENITIES = (
    *("charging", "microwave", "first_aid", "water", "toilet", "wifi", "rest", "shower", "laundry"),
    *("aircon", "heating", "umbrella", "tools", "books", "battery_swap"),
)
ITEMS = (
    "water",
    "first_aid",
    "heat_medicine",
    "power_bank",
    "umbrella",
    "gloves",
    "masks",
    "tissues",
    "snacks",
)
OTHER = "other"
MOST = 100_000


def checked_amenities(given: list[str], known: tuple[str, ...]) -> list[str]:
    """Return what a station offers, each once, those it offered before in their old words.

    Parameters
    ----------
    given
        As ticked.
    known
        What it offered before: words of its file that aren't among ours stay possible.

    Raises
    ------
    InvalidInputError
        ``station_amenity``.
    """
    allowed = [*AMENITIES, *(one for one in known if one not in AMENITIES)]
    for one in given:
        if one not in allowed:
            raise InvalidInputError("unknown", code="station_amenity", field="amenities", word=one[:20])
    return [one for one in allowed if one in given]


def checked_amount(amount: int, field: str) -> int:
    """Return an amount that may be in stock.

    Raises
    ------
    InvalidInputError
        ``station_amount``.
    """
    if not 0 <= amount <= MOST:
        raise InvalidInputError(f"0 to {MOST}", code="station_amount", field=field, limit=MOST)
    return amount


def checked_item(kind: str, name: str) -> tuple[str, str]:
    """Return what is kept in stock: one of the usual kinds, or something with a name of its own.

    Raises
    ------
    InvalidInputError
        ``station_item``.
    """
    if kind in ITEMS:
        return kind, ""
    if kind != OTHER or not name:
        raise InvalidInputError("what?", code="station_item", field="name" if kind == OTHER else "kind")
    return OTHER, name
