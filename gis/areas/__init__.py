"""Read, check, repair, edit and delineate areas: communities, grids, micro-grids, courtyards."""

from gis.areas.columns import AreaRows, area_rows
from gis.areas.read_vector import read_vector

__all__ = ["AreaRows", "area_rows", "read_vector"]
