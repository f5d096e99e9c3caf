"""Draw micro-grids and grids: contiguous, compact, with households alike, along streets, lanes and walls.

Everything is in metres. The caller projects, and rounds the answer's coordinates when it goes back to degrees.
"""

from gis.areas.delineation.households import households_of
from gis.areas.delineation.request import Delineation, DelineationReport, DelineationRequest, LevelReport
from gis.areas.delineation.run import delineate

__all__ = [
    "Delineation",
    "DelineationReport",
    "DelineationRequest",
    "LevelReport",
    "delineate",
    "households_of",
]
