"""Checks of each area by itself: coordinates, kind of geometry, validity, parts, slivers, vertices."""

from __future__ import annotations

import re

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from gis.areas.checks.finding import Finding, Kind, severity_of
from gis.areas.checks.subject import HALF_TURN, POLYGONAL, Subject, wider

_PLACE = re.compile(r"\[(\S+) (\S+?)\]")


def check_shapes(subject: Subject) -> list[Finding]:
    """Return the faults of single areas."""
    return [
        *_unmeasurable(subject),
        *_invalid(subject),
        *_stray_parts(subject),
        *_slivers(subject),
        *_heavy(subject),
        *_heights(subject),
    ]


def _unmeasurable(subject: Subject) -> list[Finding]:
    found = []
    for row in np.setdiff1d(np.arange(len(subject.rows)), subject.sound).tolist():
        shape = subject.rows.geometry[row]
        west, south, east, north = (float(value) for value in shapely.bounds(shape))
        if shapely.get_type_id(shape) not in POLYGONAL or shapely.is_empty(shape):
            found.append(
                subject.finding(Kind.NOT_POLYGON, [row], note="" if shape is None else shape.geom_type)
            )
        elif max(-west, east) <= HALF_TURN and max(-south, north) <= HALF_TURN / 2.0:
            found.append(subject.finding(Kind.ANTIMERIDIAN, [row]))
        else:
            found.append(subject.finding(Kind.OUT_OF_RANGE, [row]))
    return found


def _invalid(subject: Subject) -> list[Finding]:
    """Return the areas that cross themselves, each at the place where it does."""
    geometry = subject.rows.geometry
    found = []
    for row in subject.sound[~shapely.is_valid(geometry[subject.sound])].tolist():
        reason = str(shapely.is_valid_reason(geometry[row]))
        named = _PLACE.search(reason)
        at = (float(named[1]), float(named[2])) if named else tuple(shapely.get_coordinates(geometry[row])[0])
        note = reason.split("[", maxsplit=1)[0].strip()
        severity = severity_of(Kind.INVALID, subject.level)
        codes = (subject.rows.code[row],)
        point: BaseGeometry = shapely.Point(at)
        found.append(
            Finding(
                Kind.INVALID,
                severity,
                subject.level,
                codes,
                (str(row + 1),),
                float(at[0]),
                float(at[1]),
                point,
                float(shapely.area(subject.shapes[row])),
                "m2",
                note=note,
            )
        )
    return found


def _stray_parts(subject: Subject) -> list[Finding]:
    """Return the parts of cells that are apart from the largest one: a cell is one piece."""
    parts, owner = shapely.get_parts(subject.shapes, return_index=True)
    several = np.flatnonzero(np.bincount(owner, minlength=len(subject.rows))[owner] > 1)
    found = []
    for row in np.unique(owner[several]).tolist():
        mine = parts[owner == row]
        order = np.argsort(-shapely.area(mine), kind="stable")
        found += [subject.finding(Kind.STRAY_PART, [row], shape=mine[each]) for each in order[1:]]
    return found


def _slivers(subject: Subject) -> list[Finding]:
    filled = np.flatnonzero(~shapely.is_empty(subject.shapes))
    thin = filled[~wider(subject.shapes[filled], subject.limits.sliver_m)]
    return [subject.finding(Kind.SLIVER, [row], shape=subject.shapes[row]) for row in thin.tolist()]


def _heavy(subject: Subject) -> list[Finding]:
    parts, row = shapely.get_parts(subject.rows.geometry[subject.sound], return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    most = np.zeros(len(subject.sound))
    np.maximum.at(most, row[part], shapely.get_num_coordinates(rings))
    heavy = np.flatnonzero(most > subject.limits.vertices)
    return [
        subject.finding(Kind.HEAVY, [row], shape=subject.shapes[row], size=float(vertices), unit="vertices")
        for row, vertices in zip(subject.sound[heavy].tolist(), most[heavy].tolist(), strict=True)
    ]


def _heights(subject: Subject) -> list[Finding]:
    """Return the areas that came with heights, in one finding: nothing of it is a fault, but it is not kept."""
    rows = list(subject.rows.had_heights)
    return (
        [subject.finding(Kind.HEIGHTS, rows, shape=shapely.union_all(subject.shapes[rows]))] if rows else []
    )
