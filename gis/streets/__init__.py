"""OpenStreetMap to a routable graph: gates, compounds, travel times, nearest segment."""

from gis.streets.extract import Buildings, Features, Gates, OsmExtract, Segments, Stairwells
from gis.streets.modes import CAR_M_S, E_BIKE_M_S, WALK_M_S, NetworkArrays
from gis.streets.network import Start, StreetNetwork
from gis.streets.read_osm import read_osm
from gis.streets.search import Found
from gis.words import Mode

__all__ = [
    "SPEEDS_M_S",
    "Buildings",
    "Features",
    "Found",
    "Gates",
    "NetworkArrays",
    "OsmExtract",
    "Segments",
    "Stairwells",
    "Start",
    "StreetNetwork",
    "read_osm",
]

SPEEDS_M_S = {Mode.WALK: WALK_M_S, Mode.E_BIKE: E_BIKE_M_S, Mode.CAR: CAR_M_S}
"""On ways where the mode may pass."""
