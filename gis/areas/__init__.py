"""Read, check, repair and publish areas: communities, grids, micro-grids, courtyards."""

from gis.areas.columns import AreaRows, area_rows
from gis.areas.coverage import TOLERANCE_M, Fault, Finding, check_coverage, tidy
from gis.areas.read_vector import read_vector

__all__ = [
    "TOLERANCE_M",
    "AreaRows",
    "Fault",
    "Finding",
    "area_rows",
    "check_coverage",
    "read_vector",
    "tidy",
]
