"""The address book of one community: built once from a published version, searched many times, never changed."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import islice

from gis.addresses.match import Kind, Match, Reason
from gis.addresses.near import Near, natural
from gis.addresses.parse import Asked, parse
from gis.addresses.place import Key, Place, keys_of
from gis.addresses.text import bare, is_latin, pinyin

LIMIT = 10
SURE = 0.9
"""Scores above it need no guessing; below it everything similar is looked at too."""
LESS_LIKELY = 0.97
"""What a guess is worth by the second way in which a number can be read, and again by the third."""
DOOR_UNKNOWN = 0.11
"""So much less is a building worth that has no such stairwell."""
MOST_PREFIXED = 400
"""Places that begin with a text, of which the best are chosen."""
_ORDER = {kind: order for order, kind in enumerate(Kind)}
Found = dict[int, tuple[float, Reason]]


class AddressBook:
    """Buildings, stairwells, courtyards, streets, stations and cells by what people call them.

    Parameters
    ----------
    places
        Of one community; codes and names may repeat.
    """

    def __init__(self, places: Iterable[Place]) -> None:
        self._places = list(places)
        self._door = {
            (one.building, bare(one.unit)): row
            for row, one in enumerate(self._places)
            if one.kind is Kind.STAIRWELL
        }
        rows = [row for row, one in enumerate(self._places) if one.kind is not Kind.STAIRWELL]
        pairs = [(key, row) for row in rows for key in keys_of(self._places[row])]
        self._texts = _index((key.text, row) for key, row in pairs)
        self._sounds = _index((key.sound, row) for key, row in pairs)
        self._shorts = _index((key.short, row) for key, row in pairs)
        self._codes = _index((bare(self._places[row].code), row) for row in rows if self._is_coded(row))
        self._numbers = _index((bare(self._places[row].number), row) for row in rows)
        self._on: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
        for row in rows:
            self._on[self._places[row].street].append((row, self._places[row].number))
        self._begins = _sorted(pairs)
        self._near = Near(pairs)
        self._names = sorted(set(self._streets()), key=lambda name: (-len(name), name))

    def __len__(self) -> int:
        return len(self._places)

    def search(self, text: str, limit: int = LIMIT, kinds: Collection[Kind] = ()) -> list[Match]:
        """Return the places that a text may mean, the likeliest first.

        Parameters
        ----------
        text
            An address, a name, a code, or the beginning of one; as written, in pinyin or by first letters.
        limit
            At most so many.
        kinds
            Only these kinds; all where empty.
        """
        asked = parse(text, self._names)
        if not asked.whole:
            return []
        found: Found = {}
        self._as_written(found, asked)
        self._beginning(found, asked)
        if max((score for score, _ in found.values()), default=0.0) < SURE:
            self._guessed(found, asked)
        wanted = (row for row in found if not kinds or self._places[row].kind in kinds)
        best = sorted(wanted, key=lambda row: self._rank(row, found[row][0]))
        return [self._match(row, *found[row]) for row in best[:limit]]

    def search_many(self, texts: Sequence[str], limit: int = 3) -> list[list[Match]]:
        """Return the places that each of many texts may mean: for tables of addresses; a text is looked up once."""
        known = {text: self.search(text, limit) for text in dict.fromkeys(texts)}
        return [known[text] for text in texts]

    def _as_written(self, found: Found, asked: Asked) -> None:
        """Find what is written exactly so: an address with its stairwell, a name, a code, a number."""
        for number, unit in asked.numbers:
            if asked.name and self._exactly(found, asked.name + number, unit):
                break
        if not self._exactly(found, asked.whole):
            self._take(found, self._codes.get(asked.whole, ()), 0.99, Reason.EXACT)
        if not asked.name:
            for number, unit in asked.numbers[-1:]:
                self._take(found, self._numbers.get(number, ()), 0.8, Reason.NUMBER, unit)
        if asked.anchored:
            self._take(found, self._texts[asked.name], 0.85 if asked.numbers else 0.95, Reason.CONTAINED)

    def _exactly(self, found: Found, key: str, unit: str = "") -> bool:
        """Find a key among the texts, sounds or first letters, in this order."""
        sound = pinyin(key)
        for index, wanted, score, reason in (
            (self._texts, key, 1.0, Reason.EXACT),
            (self._sounds, sound, 0.97, Reason.PINYIN),
            (self._shorts, key, 0.94, Reason.INITIALS),
        ):
            if rows := index.get(wanted, ()):
                self._take(found, rows, score, reason, unit)
                return True
        return False

    def _beginning(self, found: Found, asked: Asked) -> None:
        """Find what begins with the text: for lists that narrow down while somebody types."""
        for wanted in dict.fromkeys((asked.whole, pinyin(asked.whole))):
            start = bisect_left(self._begins, (wanted, -1))
            for key, row in islice(self._begins, start, start + MOST_PREFIXED):
                if not key.startswith(wanted):
                    break
                self._take(found, (row,), 0.7 + 0.19 * len(wanted) / len(key), Reason.PREFIX)

    def _guessed(self, found: Found, asked: Asked) -> None:
        """Find what is nearly the same, and the neighbours of a number that a street doesn't have."""
        if asked.anchored and asked.numbers:
            street = self._places[next(iter(self._texts[asked.name]))]
            number = asked.numbers[-1][0]
            for row, score in self._near.numbers(self._on.get(street.name or street.street, ()), number):
                self._take(found, (row,), score, Reason.NEAREST_NUMBER)
        readings = [(asked.name + number, unit) for number, unit in asked.numbers] or [(asked.whole, "")]
        for place, (text, unit) in enumerate(readings):
            sound = text if is_latin(text) else pinyin(text)
            for row, score in self._near.similar(text, sound):
                self._take(found, (row,), score * LESS_LIKELY**place, Reason.SIMILAR, unit)

    def _take(self, found: Found, rows: Iterable[int], score: float, reason: Reason, unit: str = "") -> None:
        """Keep what is found where it is better than before; a stairwell that is there goes for its building."""
        for each in rows:
            row = self._door.get((self._places[each].id, unit), each) if unit else each
            worth = score - DOOR_UNKNOWN if unit and row == each else score
            if row not in found or worth > found[row][0]:
                found[row] = (worth, reason)

    def _is_coded(self, row: int) -> bool:
        return self._places[row].kind in {Kind.GRID, Kind.MICRO_GRID, Kind.COURTYARD, Kind.STATION}

    def _streets(self) -> Iterator[str]:
        """Return the names that are looked for in longer texts: of everything that has a name of its own."""
        for one in self._places:
            names = (one.name, one.name_en, one.street, one.street_en, *one.aliases)
            yield from (key for key in map(bare, names) if len(key) > 1 and key in self._texts)

    def _rank(self, row: int, score: float) -> tuple[object, ...]:
        place = self._places[row]
        return -round(score, 3), _ORDER[place.kind], natural(place.label), place.id.int

    def _match(self, row: int, score: float, reason: Reason) -> Match:
        one = self._places[row]
        return Match(
            one.kind, one.id, one.code, one.label, one.label_en, one.lon, one.lat, round(score, 3), reason
        )


def _index(pairs: Iterable[tuple[str, int]]) -> dict[str, tuple[int, ...]]:
    found: defaultdict[str, dict[int, None]] = defaultdict(dict)
    for key, row in pairs:
        if key:
            found[key][row] = None
    return {key: tuple(rows) for key, rows in found.items()}


def _sorted(pairs: Sequence[tuple[Key, int]]) -> list[tuple[str, int]]:
    """Return every spelling with its place, in order, so that those that begin alike lie together."""
    return sorted({(spelling, row) for key, row in pairs for spelling in (key.text, key.sound, key.short)})
