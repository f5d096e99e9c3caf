"""A seeded city of streets on which things break, and people who report them unevenly.

The rates come from what the method doesn't assume: a lognormal field over the plane, broad streets that break more,
and a part that belongs to each street alone. How many people report the same thing differs from place to place as
well, so that a count of reports is not a count of things.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from gis.hotspots.arrays import Floats, Integers
from gis.hotspots.streets import Streets, streets_of

SIDE = 15
BLOCK_M = 62.0
BROAD_EACH = 5
FIELD_M = 150.0
GNSS_M = 6.0
DELAY_DAYS = 1.5
CORNERS = (0.1, 0.5, 0.85)
"""Where on a street a third of the things break."""


@dataclass(frozen=True, slots=True)
class City:
    """Streets, the chance of each that the next thing breaks on it, and how readily people report there."""

    streets: Streets
    chance: Floats
    eager: Floats


@dataclass(frozen=True, slots=True)
class Year:
    """What broke (street, day) and what was reported (x, y in metres, day)."""

    street: Integers
    day: Floats
    x: Floats
    y: Floats
    reported: Floats


def city(random: np.random.Generator) -> City:
    """Return a city of about 400 streets and 25 km."""
    number = np.arange(SIDE)
    at = np.stack(np.meshgrid(number, number, indexing="ij"), axis=-1) * BLOCK_M
    at = at + random.normal(0.0, 9.0, at.shape)
    lines, broad = [], []
    for i, j in np.ndindex(SIDE, SIDE):
        for to, across in (((i + 1, j), j), ((i, j + 1), i)):
            if max(to) < SIDE and random.random() < 0.95:  # noqa: PLR2004
                lines.append(shapely.LineString([at[i, j], at[to]]))
                broad.append(across % BROAD_EACH == 0)
    streets = streets_of(
        lines, [str(row) for row in range(len(lines))], [""] * len(lines), [str(one) for one in broad]
    )
    log_rate = 0.6 * np.array(broad) + 0.6 * _field(streets, random) + 0.7 * random.normal(size=len(lines))
    chance = np.exp(log_rate) * streets.length_m
    return City(streets, chance / chance.sum(), np.exp(0.8 * _field(streets, random)))


def year(
    found: City, random: np.random.Generator, *, things_a_day: float, days: float, repeats: float = 0.8
) -> Year:
    """Return what breaks and what is reported.

    Parameters
    ----------
    found, random
        The city and the seed.
    things_a_day, days
        How many, and for how long.
    repeats
        Further reports of one thing, on average.
    """
    streets = found.streets
    count = random.poisson(things_a_day * days)
    street = random.choice(len(streets), count, p=found.chance)
    day = np.sort(random.uniform(0.0, days, count))
    along = np.where(random.random(count) < 0.3, random.choice(CORNERS, count), random.random(count))  # noqa: PLR2004
    place = shapely.get_coordinates(
        shapely.line_interpolate_point(streets.lines[street], along, normalized=True)
    )
    again = random.poisson(repeats * found.eager[street])
    thing = np.repeat(np.arange(count), 1 + again)
    seen = place[thing] + random.normal(0.0, GNSS_M, (len(thing), 2))
    reported = day[thing] + random.exponential(DELAY_DAYS, len(thing))
    return Year(street, day, seen[:, 0], seen[:, 1], reported)


def _field(streets: Streets, random: np.random.Generator) -> Floats:
    """Return a smooth field over the plane with unit variance, read at the middle of each street."""
    middle = shapely.get_coordinates(shapely.line_interpolate_point(streets.lines, 0.5, normalized=True))
    far_m = np.linalg.norm(middle[:, None] - middle[None], axis=-1)
    covariance = np.exp(-far_m / FIELD_M) + 1e-6 * np.eye(len(middle))
    field: Floats = np.linalg.cholesky(covariance) @ random.normal(size=len(middle))
    return field
