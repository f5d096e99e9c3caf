"""In which coordinates a file is written: any datum that positions may be stated in, and the projections in use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import shapely

from gis.crs import Geometries, from_wgs84, metric_crs
from gis.words import Datum


class OutputDatum(StrEnum):
    """What an export may be written in; longitude or easting always comes first in files."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"
    CGCS2000 = "cgcs2000"
    EPSG_4490 = "4490"
    """The same as ``cgcs2000``, by its number."""
    EPSG_4549 = "4549"
    METRIC = "metric"
    """The projection in which the community measures."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Coordinates of a file.

    Parameters
    ----------
    name
        Of the datum or projection.
    epsg
        None where no register knows it (GCJ-02 and BD-09): programs are told nothing rather than something wrong.
    move
        Turns geometries of EPSG:4326 into its own.
    digits
        Decimals that are worth writing: about a centimetre.
    """

    name: str
    epsg: int | None
    move: Callable[[Geometries], Geometries]
    digits: int


def frame_of(datum: OutputDatum, metric_srid: int) -> Frame:
    """Return the coordinates that go by a name.

    Parameters
    ----------
    datum
        As asked for.
    metric_srid
        EPSG number of the community's own projection.
    """
    if datum in (OutputDatum.EPSG_4549, OutputDatum.METRIC):
        srid = 4549 if datum is OutputDatum.EPSG_4549 else metric_srid
        return Frame(f"epsg{srid}", srid, metric_crs(srid).project_geometries, 3)
    if datum in (OutputDatum.CGCS2000, OutputDatum.EPSG_4490):
        return Frame("cgcs2000", 4490, _shifted(Datum.CGCS2000), 7)
    return Frame(datum.value, 4326 if datum is OutputDatum.WGS84 else None, _shifted(Datum(datum.value)), 7)


def _shifted(datum: Datum) -> Callable[[Geometries], Geometries]:
    def move(geometries: Geometries) -> Geometries:
        return np.asarray(
            shapely.transform(
                geometries, lambda at: np.column_stack(from_wgs84(at[:, 0].copy(), at[:, 1].copy(), datum))
            )
        )

    return move
