"""Areas from an office's files: read as they are, checked beside what is in force, with a repair that could be made."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import shapely

from gis.areas import area_rows, read_vector
from gis.areas.checks import Finding, check_areas, errors_of
from gis.areas.columns import AreaRows
from gis.areas.repair import TOLERANCE_M, RepairProposal, propose_repair
from gis.crs import geodesic_m, metric_crs
from gis.flows.boundaries.loading import LEVELS, head_of, housed_buildings, with_levels_in_force
from gis.people.permissions import require
from gis.store.session import ReadSession
from gis.words import Actor, Level


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong with areas, and what a repair would change; None where nothing has to be repaired."""

    cells: Mapping[Level, int]
    findings: tuple[Finding, ...]
    proposal: RepairProposal | None
    away_m: float = 0.0
    """How far the files lie from the community; 0 where they meet it."""


def read_files(files: Mapping[Level, Path], datum: str) -> list[AreaRows]:
    """Return areas from files, one element a level, faults and all: work for a thread.

    Parameters
    ----------
    files
        A file for each level that is given.
    datum
        What their coordinates are in.

    Raises
    ------
    InvalidInputError
        As ``gis.areas.read_vector``.
    """
    return [
        area_rows(read_vector(files[level], None, datum), level, files[level].name, strict=False)
        for level in LEVELS
        if level in files
    ]


async def check_upload(
    session: ReadSession, actor: Actor, areas: Sequence[AreaRows], *, tolerance_m: float = TOLERANCE_M
) -> Checked:
    """Return everything that is wrong with areas, other levels as they are in force; nothing is stored.

    Parameters
    ----------
    session, actor
        Whose community.
    areas
        One element a level; EPSG:4326.
    tolerance_m
        Of the repair that is proposed.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    InvalidInputError
        ``tolerance_out_of_range``.
    """
    require(actor, "edit_boundaries")
    head = await head_of(session, actor.community_id)
    levels = await with_levels_in_force(session, actor.community_id, head.area_version, areas)
    buildings = (await housed_buildings(session, actor.community_id)).facts
    metric = metric_crs(head.metric_srid)
    findings = await asyncio.to_thread(check_areas, levels, metric, buildings=buildings)
    proposal = None
    if errors_of(findings):
        proposal = await asyncio.to_thread(propose_repair, levels, metric, tolerance_m=tolerance_m)
    away_m = _away_m(areas, levels)
    return Checked({rows.level: len(rows) for rows in areas}, findings, proposal, away_m)


def _away_m(areas: Sequence[AreaRows], levels: Sequence[AreaRows]) -> float:
    """Return how far the frame of the files is from that of the grids in force; a file in another place is soon seen."""
    known = next(rows for rows in levels if rows.level is Level.COMMUNITY).geometry
    frames = [
        shapely.box(*shapely.total_bounds(shapes))
        for shapes in (known, np.concatenate([rows.geometry for rows in areas]))
    ]
    here, there = (shapely.centroid(frame) for frame in frames)
    if shapely.intersects(*frames):
        return 0.0
    return float(geodesic_m(here.x, here.y, there.x, there.y))
