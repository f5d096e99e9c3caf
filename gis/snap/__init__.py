"""From positions to micro-grid, grid, building and street segment, with probabilities."""

from gis.snap.choice import choose
from gis.snap.index import Areas, Named, PlaceArrays, PlaceIndex
from gis.snap.places import locate, locate_all, place_at
from gis.snap.snapped import Snapped
from gis.snap.snapping import snap

__all__ = [
    "Areas",
    "Named",
    "PlaceArrays",
    "PlaceIndex",
    "Snapped",
    "choose",
    "locate",
    "locate_all",
    "place_at",
    "snap",
]
