"""From areas with faults to a proposal in which no border moves by more than a stated tolerance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import shapely

from gis.areas.checks import Limits, check_areas
from gis.areas.checks.subject import Geometries, Subject, polygonal, polygons_in
from gis.areas.columns import AreaRows
from gis.areas.repair.cover import cover
from gis.areas.repair.movement import Borders, differences
from gis.areas.repair.proposal import Change, RepairProposal
from gis.areas.repair.vertices import alike, restored
from gis.crs import MetricCrs
from gis.errors import InvalidInputError
from gis.words import Level

TOLERANCE_M = 0.2
"""Files carry centimetres of rounding and decimetres of drawing by hand: so much is repaired without asking."""
LARGEST_TOLERANCE_M = 20.0
FINEST_FIRST = (Level.MICRO_GRID, Level.GRID, Level.COMMUNITY)


def propose_repair(
    areas: Sequence[AreaRows], metric: MetricCrs, *, tolerance_m: float = TOLERANCE_M, unite: bool = True
) -> RepairProposal:
    """Return how areas could be repaired; nothing is changed by it.

    Self-crossing shapes are made valid, overlaps and gaps go to the neighbour with the longest common border, parts
    apart from their area alike, and common borders get the same vertices. Nested levels stay nested: a coarser level
    becomes the union of the finer one.

    Parameters
    ----------
    areas
        One element a level; EPSG:4326.
    metric
        The community's metric coordinates.
    tolerance_m
        No border moves farther than this; what would need more is left as it is and found in ``remaining``.
    unite
        False: each level is repaired by itself.

    Raises
    ------
    InvalidInputError
        ``tolerance_out_of_range``.
    """
    if not 0.0 < tolerance_m <= LARGEST_TOLERANCE_M:
        raise InvalidInputError(
            f"the tolerance lies between 0 and {LARGEST_TOLERANCE_M:.0f} m",
            code="tolerance_out_of_range",
            field="tolerance_m",
            most=LARGEST_TOLERANCE_M,
        )
    steps = {rows.level: _Step(rows, []) for rows in areas}
    whole = next((rows for rows in areas if rows.level is Level.COMMUNITY and len(rows) == 1), None)
    finer: AreaRows | None = None
    for level in FINEST_FIRST:
        if level not in steps or not len(steps[level].rows):
            continue
        rows = steps[level].rows
        united = None if finer is None or not unite else _unions(rows, finer, metric, tolerance_m)
        steps[level] = united or _covered(rows, whole, metric, tolerance_m)
        finer = steps[level].rows
    if Level.COURTYARD in steps:
        steps[Level.COURTYARD] = _valid(steps[Level.COURTYARD].rows, metric, tolerance_m)
    after = tuple(steps[rows.level].rows for rows in areas)
    changes = tuple(change for rows in areas for change in steps[rows.level].changes)
    return RepairProposal(
        areas=after,
        changes=changes,
        moved_m2=_changed_hands(changes, metric),
        largest_move_m=max((change.moved_m for change in changes), default=0.0),
        remaining=check_areas(after, metric),
        tolerance_m=tolerance_m,
    )


@dataclass(frozen=True, slots=True)
class _Step:
    """A level as repaired, with what changed in it."""

    rows: AreaRows
    changes: list[Change]


def _step(old: AreaRows, geometry: Geometries, metric: MetricCrs, tolerance_m: float) -> _Step | None:
    """Return a level with new shapes; None where a border would move too far after all."""
    new = replace(old, geometry=geometry)
    changes = _changes(old, new, metric)
    if any(change.moved_m > tolerance_m for change in changes):
        return None
    return _Step(new, changes)


def _covered(rows: AreaRows, whole: AreaRows | None, metric: MetricCrs, tolerance_m: float) -> _Step:
    """Return a level as a coverage of the community; one that has no fault comes back as it is."""
    if rows.level is Level.COMMUNITY:
        return _valid(rows, metric, tolerance_m)
    subject = Subject(rows, metric, Limits())
    among = [rows] if whole is None else [whole, replace(rows, parent_code=[None] * len(rows))]
    faults = [one for one in check_areas(among, metric) if one.level is rows.level]
    if len(subject.sound) == 0 or not faults:
        return _Step(rows, [])
    outline = None if whole is None else Subject(whole, metric, Limits()).whole
    known = None if outline is None or shapely.is_empty(outline) else outline
    new = cover(subject.shapes[subject.sound], tolerance_m, known, lambda shapes: _degrees(subject, shapes))
    return _usable(subject, new, tolerance_m)


def _valid(rows: AreaRows, metric: MetricCrs, tolerance_m: float) -> _Step:
    """Return a level whose shapes are made valid one by one."""
    subject = Subject(rows, metric, Limits())
    if bool(np.all(shapely.is_valid(rows.geometry[subject.sound]))):
        return _Step(rows, [])
    return _usable(subject, _degrees(subject, subject.shapes[subject.sound]), tolerance_m)


def _degrees(subject: Subject, new_m: Geometries) -> Geometries:
    stored = subject.rows.geometry[subject.sound]
    return restored(stored, subject.metric.project_geometries(stored), new_m, subject.metric)


def _usable(subject: Subject, new: Geometries, tolerance_m: float) -> _Step:
    """Return a level with new shapes, but for those that became invalid on the way back to degrees."""
    stored = subject.rows.geometry[subject.sound]
    usable = shapely.is_valid(new) & ~shapely.is_empty(new) & ~alike(stored, new)
    geometry = subject.rows.geometry.copy()
    geometry[subject.sound[usable]] = new[usable]
    return _step(subject.rows, geometry, subject.metric, tolerance_m) or _Step(subject.rows, [])


def _unions(rows: AreaRows, finer: AreaRows, metric: MetricCrs, tolerance_m: float) -> _Step | None:
    """Return a level as the unions of the finer one, None where that isn't what the level was meant to be."""
    codes = {code: row for row, code in enumerate(rows.code)}
    if len(codes) != len(rows):
        return None
    owner = [0 if rows.level is Level.COMMUNITY else codes.get(code or "", -1) for code in finer.parent_code]
    if set(owner) != set(range(len(rows))) or not shapely.coverage_is_valid(finer.geometry):
        return None
    groups = [finer.geometry[np.array(owner) == row] for row in range(len(rows))]
    united = np.array([shapely.coverage_union_all(group) for group in groups], dtype=object)
    if bool(np.all(shapely.is_valid(rows.geometry))):
        kept = np.where(shapely.equals(rows.geometry, united), rows.geometry, united)
        united = kept if shapely.coverage_is_valid(kept) else united
    return _step(rows, united, metric, tolerance_m)


def _changes(old: AreaRows, new: AreaRows, metric: MetricCrs) -> list[Change]:
    rows = np.array(
        [row for row in range(len(old)) if old.geometry[row] is not new.geometry[row]], dtype=np.int64
    )
    if len(rows) == 0:
        return []
    before = polygonal(metric.project_geometries(old.geometry[rows]))
    after = polygonal(metric.project_geometries(new.geometry[rows]))
    difference = differences(before, after)
    borders = Borders(before)
    moved = [borders.move_m(place, each) for place, each in enumerate(difference)]
    drawn = metric.unproject_geometries(difference)
    return [
        Change(
            old.level,
            old.code[row],
            float(shapely.area(difference[place])),
            moved[place],
            drawn[place],
        )
        for place, row in enumerate(rows.tolist())
    ]


def _changed_hands(changes: Sequence[Change], metric: MetricCrs) -> float:
    """Return the area that any area of the finest level changed gains or loses, counted once, m2."""
    finest = next((level for level in FINEST_FIRST if any(change.level is level for change in changes)), None)
    parts = polygons_in([change.difference for change in changes if change.level is finest])
    if len(parts) == 0:
        return 0.0
    return float(shapely.area(shapely.union_all(polygonal(metric.project_geometries(parts)))))
