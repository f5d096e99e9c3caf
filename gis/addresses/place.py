"""A place of the book, and the keys under which it is found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from gis.addresses.match import Kind
from gis.addresses.text import bare, initials, pinyin


@dataclass(frozen=True, slots=True)
class Place:
    """One place as the book is given it; a building with an address has ``street`` and ``number``.

    ``label`` and ``label_en`` are what people are shown; ``name``, ``name_en`` and ``aliases`` are names of its own.
    """

    kind: Kind
    id: UUID
    code: str
    label: str
    label_en: str
    lon: float
    lat: float
    name: str = ""
    name_en: str = ""
    street: str = ""
    street_en: str = ""
    number: str = ""
    unit: str = ""
    building: UUID | None = None
    """Of a stairwell."""
    aliases: tuple[str, ...] = ()
    street_aliases: tuple[str, ...] = ()
    """Other names of the street that a building's number is of."""


@dataclass(frozen=True, slots=True)
class Key:
    """One spelling of a place: by its letters, by its sound, and by the first letters of its syllables."""

    text: str
    sound: str
    short: str


def key_of(name: str, number: str = "") -> Key:
    """Return the spellings of a name, with a number behind it or not."""
    return Key(bare(name + number), bare(pinyin(name) + number), bare(initials(name) + number))


def keys_of(place: Place) -> Iterator[Key]:
    """Return every spelling under which a place is found."""
    names = [place.name, place.name_en, *place.aliases]
    found = [key_of(name) for name in names if name]
    if place.number:
        streets = (place.street, place.street_en, *place.street_aliases)
        found += [key_of(street, place.number) for street in streets if street]
    return iter(dict.fromkeys(found))
