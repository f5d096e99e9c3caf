"""Read the table of facts into plain records."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scripts.demo.shapes import Box, Tags

Rows = list[str]


@dataclass(frozen=True)
class Street:
    """A main street on one line of the plan."""

    name: str
    name_en: str
    axis: str
    at: float
    half_width: float
    highway: str
    lanes: int


@dataclass(frozen=True)
class Lane:
    """A lane inside a block."""

    name: str
    name_en: str
    axis: str
    at: float
    start: float
    end: float
    highway: str


@dataclass(frozen=True)
class Courtyard:
    """A walled compound with its slabs and gates."""

    code: str
    plot: Box
    grid: str
    street: str
    number: str
    sides: dict[str, str]
    columns: list[Rows]
    gates: list[str]
    wall: str

    @property
    def name(self) -> str:
        """The address of the courtyard as people say it."""
        return f"{self.street}{self.number}号院"


@dataclass(frozen=True)
class Part:
    """A building or an area of a plot, placed from the plot's inner corner."""

    box: Box
    tags: Tags


@dataclass(frozen=True)
class Plot:
    """A piece of a block without dwellings."""

    key: str
    box: Box
    grid: str
    tags: Tags
    gates: list[tuple[str, float, float, str]]
    walks: list[list[tuple[float, float]]]
    buildings: list[Part]
    areas: list[Part]


@dataclass(frozen=True)
class Facts:
    """The whole table; what is only copied stays in raw."""

    raw: dict[str, Any]
    streets: list[Street]
    lanes: list[Lane]
    courtyards: list[Courtyard]
    plots: list[Plot]
    seed: str = field(default="")

    def street(self, name: str) -> Street:
        """Return the street of that name."""
        return next(s for s in self.streets if s.name == name)


def _box(numbers: list[float]) -> Box:
    return Box(*(float(n) for n in numbers))


def _courtyard(row: dict[str, Any]) -> Courtyard:
    street, number = row["address"]
    return Courtyard(
        code=row["code"],
        plot=_box(row["plot"]),
        grid=row["grid"],
        street=street,
        number=number,
        sides=row["sides"],
        columns=row["columns"],
        gates=row["gates"],
        wall=row["wall"],
    )


def _plot(row: dict[str, Any]) -> Plot:
    return Plot(
        key=row["key"],
        box=_box(row["box"]),
        grid=row["grid"],
        tags=row["tags"],
        gates=[(g[0], g[1], g[2], g[3]) for g in row.get("gates", [])],
        walks=[[(p[0], p[1]) for p in walk] for walk in row.get("walks", [])],
        buildings=[Part(_box(p["box"]), p["tags"]) for p in row.get("building", [])],
        areas=[Part(_box(p["box"]), p["tags"]) for p in row.get("area", [])],
    )


def _lane(row: dict[str, Any]) -> Lane:
    return Lane(row["name"], row["name_en"], row["axis"], row["at"], row["from"], row["to"], row["highway"])


def read_facts(path: Path) -> Facts:
    """Return the table of facts as records."""
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    return Facts(
        raw=raw,
        streets=[Street(**row) for row in raw["street"]],
        lanes=[_lane(row) for row in raw["lane"]],
        courtyards=[_courtyard(row) for row in raw["courtyard"]],
        plots=[_plot(row) for row in raw["plot"]],
        seed=raw["seed"],
    )
