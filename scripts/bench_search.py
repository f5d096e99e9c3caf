"""How often the right place is found for a text with slips, and what a look-up costs.

    .venv/bin/python scripts/bench_search.py [--osm FILE] [--seed 1]

Every address of the demo community is written as a person would (八经街46号) and as it sounds (bajingjie46), spoilt by one
and by two edits (a letter changed, left out, put in, two exchanged), and looked for. A text that after its edits is another
address that exists counts for nobody: no book could know better. Figures for 20,000 buildings are of a made-up city.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import numpy as np
import shapely

from gis.addresses import AddressBook, Kind, address
from gis.addresses.text import bare, pinyin
from gis.flows.address_books import build_book
from gis.store.address_reading import StoredAddresses
from gis.streets import read_osm

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "data" / "boundaries" / "heping-demo.osm"
LETTERS = "中山北南东西大小新文化青年光明建设和平长江黄河解放人民兴工农红旗胜利"
LATIN = "abcdefghijklmnopqrstuvwxyz"
FIGURES = "0123456789"
CITY = 20_000
TIMED = 400


def stored(path: Path) -> StoredAddresses:
    """Return what an OpenStreetMap file has of addresses, as the store gives it."""
    extract = read_osm(path)
    houses, streets, doors = extract.buildings, extract.segments, extract.stairwells
    inside = shapely.get_coordinates(shapely.point_on_surface(houses.geometry))
    ids = [uuid5(NAMESPACE_URL, ref) for ref in houses.ref]
    buildings = [
        SimpleNamespace(
            building_id=ids[row],
            source_ref=houses.ref[row],
            name=houses.name[row],
            name_en=houses.name_en[row],
            street=houses.street[row],
            housenumber=houses.housenumber[row],
            lon=inside[row, 0],
            lat=inside[row, 1],
        )
        for row in range(len(houses))
        if houses.name[row] or houses.housenumber[row]
    ]
    at = shapely.get_coordinates(shapely.line_interpolate_point(streets.geometry, 0.5, normalized=True))
    named = {name: row for row, name in enumerate(streets.name) if name}
    lines = [
        SimpleNamespace(
            segment_id=uuid5(NAMESPACE_URL, f"{name}/{row}"),
            name=name,
            name_en=streets.name_en[row],
            aliases=streets.aliases[row],
            lon=at[row, 0],
            lat=at[row, 1],
        )
        for name, row in named.items()
    ]
    points = shapely.get_coordinates(doors.geometry)
    units = [
        SimpleNamespace(
            stairwell_id=uuid5(NAMESPACE_URL, doors.ref[row]),
            building_id=ids[int(doors.building[row])],
            unit=doors.unit[row],
            lon=points[row, 0],
            lat=points[row, 1],
        )
        for row in range(len(doors))
    ]
    return StoredAddresses([], buildings, units, lines, [])  # type: ignore[arg-type]


def city(count: int, seed: int) -> StoredAddresses:
    """Return a made-up city: streets of two to four letters, some 60 buildings each, three doors a building."""
    chance = random.Random(seed)
    endings = ("街", "路", "巷", "大街", "北街", "南路")
    names = sorted(
        {"".join(chance.choices(LETTERS, k=3)) + chance.choice(endings) for _ in range(count // 60)}
    )
    lines = [
        SimpleNamespace(
            segment_id=uuid5(NAMESPACE_URL, name), name=name, name_en="", aliases=(), lon=123.4, lat=41.8
        )
        for name in names
    ]
    buildings, units = [], []
    for number in range(count):
        key = uuid5(NAMESPACE_URL, f"house/{number}")
        street, at = names[number % len(names)], number // len(names) * 2 + 1
        buildings.append(
            SimpleNamespace(
                building_id=key,
                source_ref=str(number),
                name="",
                name_en="",
                street=street,
                housenumber=str(at),
                lon=123.4,
                lat=41.8,
            )
        )
        for unit in "123":
            door = uuid5(NAMESPACE_URL, f"door/{number}/{unit}")
            units.append(SimpleNamespace(stairwell_id=door, building_id=key, unit=unit, lon=123.4, lat=41.8))
    return StoredAddresses([], buildings, units, lines, [])  # type: ignore[arg-type]


def spoilt(text: str, edits: int, chance: random.Random) -> str:
    """Return a text with slips; a figure is mistaken for a figure, a letter for a letter of the same script."""
    letters = list(text)
    for _ in range(edits):
        at = chance.randrange(len(letters))
        here = letters[at]
        pool = FIGURES if here in FIGURES + "-" else LATIN if here.isascii() else LETTERS
        way = chance.choice(("change", "drop", "add", "swap"))
        if way == "change":
            letters[at] = chance.choice(pool.replace(here, ""))
        elif way == "drop" and len(letters) > 3:  # noqa: PLR2004 - something must be left
            del letters[at]
        elif way == "add":
            letters.insert(at, chance.choice(pool))
        elif at + 1 < len(letters):
            letters[at], letters[at + 1] = letters[at + 1], letters[at]
    return "".join(letters)


def trials(
    houses: Sequence[Any], edits: int, write: Callable[[Any], str], chance: random.Random
) -> Iterator[tuple[str, Any]]:
    """Return spoilt texts with the building that was meant, without those that have become another address."""
    real = {bare(write(one)) for one in houses}
    for one in houses:
        for _ in range(8):
            text = spoilt(write(one), edits, chance)
            if bare(text) not in real - {bare(write(one))}:
                yield text, one.building_id


def accuracy(book: AddressBook, asked: Sequence[tuple[str, Any]]) -> tuple[float, float]:
    """Return how often the building meant is the first building, and among the first five."""
    first = five = 0
    for text, meant in asked:
        found = [one.id for one in book.search(text, 6, [Kind.BUILDING, Kind.STAIRWELL])]
        first += found[:1] == [meant]
        five += meant in found[:5]
    return first / len(asked), five / len(asked)


def timed(book: AddressBook, texts: Sequence[str]) -> tuple[float, float]:
    """Return median and 95th percentile of a look-up, milliseconds of processor time."""
    taken = []
    for text in texts:
        began = time.process_time_ns()
        book.search(text)
        taken.append((time.process_time_ns() - began) / 1e6)
    return statistics.median(taken), float(np.percentile(taken, 95))


def sounding(one: Any) -> str:
    """Return an address in pinyin."""
    return pinyin(one.street) + bare(one.housenumber)


def written(one: Any) -> str:
    """Return an address as it is written."""
    return address(one.street, one.housenumber)


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--osm", type=Path, default=DEMO)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for name, source in (("demo", stored(options.osm)), ("city", city(CITY, options.seed))):
        chance = random.Random(options.seed)
        began = time.process_time()
        book = build_book(name, source)
        print(
            f"{name}: {len(source.buildings)} buildings, {len(book)} places, book made in {time.process_time() - began:.2f} s"
        )
        houses = [one for one in source.buildings if one.street and one.housenumber]
        sample = houses if name == "demo" else chance.sample(houses, TIMED // 4)
        for way, write in (("written", written), ("pinyin", sounding)):
            for edits in (0, 1, 2):
                asked = (
                    list(trials(sample, edits, write, chance))
                    if edits
                    else [(write(one), one.building_id) for one in sample]
                )
                first, five = accuracy(book, asked)
                texts = [text for text, _ in chance.sample(asked, min(TIMED, len(asked)))]
                median, slow = timed(book, texts)
                print(
                    f"  {way:8} {edits} edits, {len(asked):5} texts: first {first:6.1%}, among five {five:6.1%};"
                    f" {median:.2f} ms, 95% under {slow:.2f}"
                )


if __name__ == "__main__":
    main()
