"""Where a position lies."""

from __future__ import annotations

from gis.flows.community_atlas import CommunityAtlas
from gis.settings import SnapSettings
from gis.snap import choose
from gis.snap import locate as snap_and_name
from gis.words import Place, Position


def locate(
    atlas: CommunityAtlas,
    position: Position,
    settings: SnapSettings | None = None,
    *,
    chosen_place: str | None = None,
) -> Place:
    """Return community, grid, micro-grid, courtyard, building and street of a position; stores nothing.

    Parameters
    ----------
    atlas, position, settings
        Where, and by which thresholds.
    chosen_place
        What a person says it is: id of a building, or id or code of a micro-grid.

    Raises
    ------
    InvalidInputError
        ``choice_unknown``, ``choice_too_far``.
    """
    found = snap_and_name(atlas.places, position, settings)
    if not chosen_place:
        return found
    return choose(atlas.places, position, found, chosen_place, settings)
