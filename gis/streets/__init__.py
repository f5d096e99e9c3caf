"""OpenStreetMap to a routable graph: gates, compounds, travel times, nearest segment."""

from gis.streets.extract import Buildings, Features, Gates, OsmExtract, Segments, Stairwells
from gis.streets.modes import NetworkArrays
from gis.streets.network import StreetNetwork
from gis.streets.read_osm import read_osm

__all__ = [
    "Buildings",
    "Features",
    "Gates",
    "NetworkArrays",
    "OsmExtract",
    "Segments",
    "Stairwells",
    "StreetNetwork",
    "read_osm",
]
