"""Drawn reports whose truth is known: where somebody stood, what the phone said, and which micro-grid the report is about.

Two generators. `matched` is that of notes on methods: a person straight before a facade, an error of known form. `harsh`
shares none of the method's assumptions: doors, oblique views, indoors; errors that drift together over a session, are pushed
from walls towards the street and are stated wrongly; headings that are off by quarter turns.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import shapely

from gis.snap import PlaceIndex

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
OUTLIERS = {5.0: 0.05, 10.0: 0.10, 20.0: 0.15}
SIGMA_PER_R68 = 1.0 / 1.515
JUNK, HEADING_DEG = 0.10, 6.0
SESSION = 5
"""Reports made one after the other share half of their error."""
MISSTATED = 0.35


@dataclass(frozen=True)
class Stood:
    """Where people stand, what they look at, and to what it belongs."""

    xy: Floats
    aim: Floats  # radians clockwise from north
    part: Integers

    def rows(self, which: npt.NDArray[np.bool_] | Integers) -> Stood:
        """Return some of them."""
        return Stood(self.xy[which], self.aim[which], self.part[which])


@dataclass(frozen=True)
class Reports:
    """What is known of reports, and the truth."""

    xy: Floats
    stated_m: Floats
    heading_deg: Floats
    stood: Stood


@dataclass(frozen=True)
class Generator:
    """How people stand, and what is added to where they stand before the error proper."""

    stand: Callable[[PlaceIndex, int, np.random.Generator], Stood]
    harsh: bool

    def draw(self, index: PlaceIndex, count: int, r68_m: float, seed: int) -> Reports:
        """Return reports with their truth."""
        rng = np.random.default_rng(seed)
        stood = self.stand(index, count, rng)
        sigma = r68_m * SIGMA_PER_R68
        wide = np.where(rng.random(count) < OUTLIERS[r68_m], 3.0, 1.0)[:, None]
        error = rng.normal(size=(count, 2)) * wide
        stated, junk = np.full(count, r68_m), JUNK
        turn = rng.uniform(-np.pi, np.pi, count)
        xy = stood.xy
        if self.harsh:
            together = np.repeat(rng.normal(size=(-(-count // SESSION), 2)), SESSION, axis=0)[:count]
            error = np.sqrt(0.5) * (error + together)
            stated = r68_m * np.exp(MISSTATED * rng.normal(size=count))
            junk = 0.15
            turn = np.where(rng.integers(0, 2, count) == 0, turn, rng.choice([-0.5, 0.5, 1.0], count) * np.pi)
            xy = xy + pushed(index, xy, r68_m, rng)
        heading = stood.aim + np.where(
            rng.random(count) < junk, turn, np.radians(HEADING_DEG) * rng.normal(size=count)
        )
        return Reports(xy + sigma * error, stated, np.degrees(heading) % 360.0, stood)

    def wide_share(self, r68_m: float) -> float:
        """Return how many errors are outliers."""
        return OUTLIERS[r68_m]


def pushed(index: PlaceIndex, xy: Floats, r68_m: float, rng: np.random.Generator) -> Floats:
    """Return how far walls within 15 m push fixes towards the nearest street."""
    points = np.asarray(shapely.points(xy), dtype=object)
    _, wall_m = index.nearest_building(xy[:, 0].copy(), xy[:, 1].copy())
    row, street_m = index.nearest_street(xy[:, 0].copy(), xy[:, 1].copy())
    foot = shapely.get_coordinates(shapely.shortest_line(points, index.streets[row]))[1::2]
    push_m = np.minimum(np.abs(rng.normal(size=len(xy))) * 0.5 * r68_m, street_m)
    push_m *= wall_m < 15.0  # noqa: PLR2004
    return np.asarray((foot - xy) / np.maximum(street_m, 0.1)[:, None] * push_m[:, None])


def stand_matched(index: PlaceIndex, count: int, rng: np.random.Generator) -> Stood:
    """Return people 2-20 m straight before a facade, on open ground, every building as likely as any other."""
    return _until(index, count, rng, _before_matched)


def stand_harsh(index: PlaceIndex, count: int, rng: np.random.Generator) -> Stood:
    """Return people at doors, before facades at any angle up to 50 degrees, and indoors."""
    return _until(index, count, rng, _before_harsh)


MATCHED, HARSH = Generator(stand_matched, harsh=False), Generator(stand_harsh, harsh=True)


def _until(
    index: PlaceIndex,
    count: int,
    rng: np.random.Generator,
    some: Callable[[PlaceIndex, int, np.random.Generator], Stood],
) -> Stood:
    found: list[Stood] = []
    while sum(len(each.part) for each in found) < count:
        found.append(some(index, count, rng))
    whole = Stood(
        *(np.concatenate([getattr(each, name) for each in found]) for name in ("xy", "aim", "part"))
    )
    return whole.rows(np.arange(count))


def _facade_points(
    index: PlaceIndex, count: int, rng: np.random.Generator
) -> tuple[Floats, Floats, Integers]:
    """Return points of facades, the outward normals there and the parts: first a building, then a metre of its facade."""
    world, facades = index.world, index.facades
    length_m = facades.edges[:, 2] * facades.edges[:, 3]
    owner = np.repeat(np.arange(len(facades.building)), np.diff(world.parts.block_edge[world.parts.first]))
    of_building = np.bincount(facades.building[owner], weights=length_m)
    chance = length_m / np.maximum(of_building[facades.building[owner]], 1e-9)
    edge = rng.choice(len(length_m), count, p=chance / chance.sum())
    along = facades.edges[edge, :2]
    point = world.parts.edges[edge, :2] + along * (rng.random(count) * facades.edges[edge, 2])[:, None]
    return point, np.column_stack([along[:, 1], -along[:, 0]]), owner[edge]


def _outdoors(index: PlaceIndex, stood: Stood) -> Stood:
    _, wall_m = index.nearest_building(stood.xy[:, 0].copy(), stood.xy[:, 1].copy())
    held = index.containing(stood.xy[:, 0].copy(), stood.xy[:, 1].copy())
    return stood.rows((wall_m > 0.0) & (held >= 0))


def _seen(index: PlaceIndex, stood: Stood, point: Floats, normal: Floats) -> Stood:
    """Keep who sees the facade with no other wall in between."""
    near = point + 0.3 * normal
    lines = np.asarray(shapely.linestrings(np.stack([stood.xy, near], axis=1)), dtype=object)
    hidden, _ = shapely.STRtree(index.buildings).query(lines, predicate="intersects")
    free = np.ones(len(lines), dtype=np.bool_)
    free[hidden] = False
    return _outdoors(index, stood.rows(free))


def _before_matched(index: PlaceIndex, count: int, rng: np.random.Generator) -> Stood:
    point, normal, part = _facade_points(index, count, rng)
    xy = point + normal * rng.uniform(2.0, 20.0, count)[:, None]
    return _outdoors(index, Stood(xy, np.arctan2(-normal[:, 0], -normal[:, 1]), part))


def _before_harsh(index: PlaceIndex, count: int, rng: np.random.Generator) -> Stood:
    point, normal, part = _facade_points(index, count, rng)
    angle = np.arctan2(normal[:, 1], normal[:, 0]) + np.radians(rng.uniform(-50.0, 50.0, count))
    away_m = 2.0 + rng.gamma(2.0, 4.0, count)
    step = np.column_stack([np.cos(angle), np.sin(angle)]) * away_m[:, None]
    photo = _seen(index, Stood(point + step, np.arctan2(-step[:, 0], -step[:, 1]), part), point, normal)
    kinds = [photo, _indoors(index, count, rng), _at_doors(index, count, rng)]
    shares = [0.55, 0.15, 0.30 if len(kinds[2].part) else 0.0]
    whole = len(photo.part) / shares[0]
    kept = [
        each.rows(np.arange(min(int(share * whole), len(each.part))))
        for each, share in zip(kinds, shares, strict=True)
    ]
    mixed = Stood(*(np.concatenate([getattr(each, name) for each in kept]) for name in ("xy", "aim", "part")))
    return mixed.rows(rng.permutation(len(mixed.part)))


def _indoors(index: PlaceIndex, count: int, rng: np.random.Generator) -> Stood:
    part = rng.integers(0, len(index.facades.building), count)
    box = index.world.parts.boxes[part]
    xy = rng.uniform(box[:, :2], box[:, 2:])
    held = np.asarray(shapely.contains_xy(index.buildings[index.facades.building[part]], *xy.T))
    right = index.containing(xy[:, 0].copy(), xy[:, 1].copy()) == index.facades.cell[part]
    return Stood(xy, rng.uniform(-np.pi, np.pi, count), part).rows(held & right)


def _at_doors(index: PlaceIndex, count: int, rng: np.random.Generator) -> Stood:
    """Return people 0.5-4 m around a stairwell's door, looking at it; its part is the one next to it."""
    doors = shapely.get_coordinates(index.stairwells)
    if len(doors) == 0:
        return Stood(np.empty((0, 2)), np.empty(0), np.empty(0, dtype=np.int64))
    building = index.arrays.stairwell_building
    pairs = [np.flatnonzero(index.facades.building == each) for each in building]
    cell = index.containing(doors[:, 0].copy(), doors[:, 1].copy())
    part = np.array(
        [
            next((row for row in rows if index.facades.cell[row] == home), rows[0] if len(rows) else -1)
            for rows, home in zip(pairs, cell, strict=True)
        ]
    )
    which = rng.integers(0, len(doors), count)
    which = which[part[which] >= 0]
    angle = rng.uniform(-np.pi, np.pi, len(which))
    step = np.column_stack([np.sin(angle), np.cos(angle)]) * rng.uniform(0.5, 4.0, len(which))[:, None]
    return _outdoors(index, Stood(doors[which] + step, angle + np.pi, part[which]))


def without_heading(reports: Reports) -> Reports:
    """Return the same reports from phones that know no direction."""
    return replace(reports, heading_deg=np.full(len(reports.stated_m), np.nan))
