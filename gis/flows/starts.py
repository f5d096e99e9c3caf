"""Where people meet the streets, remembered: most of those who are looked at stand where they stood a moment ago."""

from __future__ import annotations

from collections.abc import Sequence

from gis.crs import MetricCrs
from gis.streets import Start, StreetNetwork
from gis.words import Mode

REMEMBERED = 1024
"""So many places; whose they were isn't kept with them."""


class Starts:
    """Places of one community, by how one travels from there.

    Parameters
    ----------
    metric, network
        Its metres and its streets.
    """

    def __init__(self, metric: MetricCrs, network: StreetNetwork) -> None:
        self._metric = metric
        self._network = network
        self._known: dict[tuple[Mode, float, float], Start] = {}

    def of(self, mode: Mode, places: Sequence[tuple[float, float]]) -> list[Start]:
        """Return where places meet the network.

        Parameters
        ----------
        mode
            How one travels from there.
        places
            Longitude and latitude, EPSG:4326.
        """
        known, found = self._known, []
        for lon, lat in places:
            start = known.get((mode, lon, lat))
            if start is None:
                if len(known) >= REMEMBERED:
                    known.clear()
                start = known[mode, lon, lat] = self._network.start(mode, *self._metric.project(lon, lat))
            found.append(start)
        return found
