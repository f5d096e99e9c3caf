"""All checks over all levels of a proposed set of areas."""

from __future__ import annotations

from collections.abc import Sequence

from shapely.geometry.base import BaseGeometry

from gis.areas.checks.buildings import check_courtyards, check_cuts
from gis.areas.checks.coverage import check_coverage, find_overlaps
from gis.areas.checks.finding import Finding, Kind, in_order, severity_of
from gis.areas.checks.names import check_names
from gis.areas.checks.nesting import check_nesting
from gis.areas.checks.shapes import check_shapes
from gis.areas.checks.subject import BuildingFacts, Limits, Subject
from gis.areas.columns import AreaRows
from gis.crs import MetricCrs
from gis.words import Level

_ABOVE = {
    Level.GRID: (Level.COMMUNITY,),
    Level.MICRO_GRID: (Level.GRID, Level.COMMUNITY),
    Level.COURTYARD: (Level.COMMUNITY,),
}


def check_areas(
    areas: Sequence[AreaRows],
    metric: MetricCrs,
    *,
    buildings: BuildingFacts | None = None,
    limits: Limits | None = None,
) -> tuple[Finding, ...]:
    """Return everything that is wrong with a proposed set of areas, in one order: errors first.

    Parameters
    ----------
    areas
        One element a level; levels that are not there are not checked. EPSG:4326.
    metric
        The community's metric coordinates, in which everything is measured.
    buildings
        For borders that cut buildings; None: not checked.
    limits
        From where on a fault is one; the defaults where None.

    Returns
    -------
    tuple of Finding
        Empty when nothing is wrong. A set with an error is not published.
    """
    chosen = limits or Limits()
    levels = {rows.level: Subject(rows, metric, chosen) for rows in areas if len(rows)}
    found: list[Finding] = []
    if Level.COMMUNITY in levels and len(levels[Level.COMMUNITY].rows) != 1:
        found.append(_no_community(levels[Level.COMMUNITY]))
    outline = levels[Level.COMMUNITY].whole if Level.COMMUNITY in levels else None
    for level, subject in levels.items():
        found += [*check_shapes(subject), *check_names(subject), *_among_themselves(subject, outline, levels)]
        above = next((levels[one] for one in _ABOVE.get(level, ()) if one in levels), None)
        if above is not None:
            found += check_nesting(subject, above)
    if buildings is not None and len(buildings):
        found += _buildings(levels, buildings)
    return in_order(found)


def _among_themselves(
    subject: Subject, outline: BaseGeometry | None, levels: dict[Level, Subject]
) -> list[Finding]:
    if subject.level is Level.COMMUNITY:
        return []
    if subject.level is Level.COURTYARD:
        return find_overlaps(subject)[0]
    if outline is None and subject.level is Level.MICRO_GRID and Level.GRID in levels:
        outline = levels[Level.GRID].whole
    return check_coverage(subject, outline)


def _buildings(levels: dict[Level, Subject], buildings: BuildingFacts) -> list[Finding]:
    found = []
    if Level.MICRO_GRID in levels:
        found += check_cuts(levels[Level.MICRO_GRID], buildings)
    if Level.COURTYARD in levels:
        found += check_courtyards(levels[Level.COURTYARD], buildings)
    return found


def _no_community(subject: Subject) -> Finding:
    several = tuple(subject.rows.code)
    severity = severity_of(Kind.NO_COMMUNITY, subject.level)
    features = tuple(str(row + 1) for row in range(len(several)))
    return Finding(Kind.NO_COMMUNITY, severity, subject.level, several, features)
