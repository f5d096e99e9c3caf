"""Where a position lies."""

from __future__ import annotations

from gis.flows.atlas import CommunityAtlas
from gis.settings import SnapSettings
from gis.snap import locate as snap_and_name
from gis.words import Place, Position


def locate(atlas: CommunityAtlas, position: Position, settings: SnapSettings | None = None) -> Place:
    """Return community, grid, micro-grid, courtyard, building and street of a position; stores nothing."""
    return snap_and_name(atlas.places, position, settings)
