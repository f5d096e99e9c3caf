"""The pictures of a simulation: drawn and prepared once, used by many reports."""

from __future__ import annotations

from dataclasses import dataclass, field

from gis.flows.simulation.people import Behaviour
from gis.flows.simulation.scenes import draw_scene
from gis.intake import CleanPhoto, prepare_photo
from gis.settings import PhotoSettings

OF_EACH = 5


@dataclass(slots=True)
class Album:
    """Pictures by category, number, and whether the work was done."""

    limits: PhotoSettings
    behaviour: Behaviour
    _kept: dict[tuple[str, int, bool], CleanPhoto] = field(default_factory=dict)

    async def picture(self, code: str, *, settled: bool, another: bool = False) -> CleanPhoto:
        """Return a picture of a category, before or after the work; ``another``: one that was never used."""
        number = OF_EACH + len(self._kept) if another else self.behaviour.photo_number(OF_EACH)
        key = (code, number, settled)
        if key not in self._kept:
            drawn = draw_scene(code, key[1], settled=settled)
            self._kept[key] = await prepare_photo(drawn, self.limits)
        return self._kept[key]
