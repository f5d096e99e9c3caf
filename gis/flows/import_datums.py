"""Whether the files of an import are in the datum that they are said to be in: compared with known streets and buildings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import shapely

from gis.areas import read_vector
from gis.areas.datum_fit import DOUBTFUL, propose_datum
from gis.crs import Geometries, choose_metric_srid, from_wgs84, metric_crs
from gis.errors import InvalidInputError
from gis.flows.import_areas import DrawnAreas
from gis.flows.import_request import ImportRequest, SourceFile
from gis.streets import read_osm
from gis.words import Datum

AROUND_DEG = 0.02
"""Farther than any of the datums is off."""


@dataclass(frozen=True, slots=True)
class FileDatum:
    """How well one file fits in each datum."""

    file: str
    stated: str
    best: str
    margin: float  # by which the best one fits better than the stated one
    scores: Mapping[str, float]

    @property
    def doubtful(self) -> bool:
        """Whether another datum fits somewhat better, too little to refuse the file."""
        return self.margin >= DOUBTFUL


def check_datums(request: ImportRequest, drawn: DrawnAreas) -> tuple[FileDatum, ...]:
    """Return how well the files of an import fit in the datum stated; nothing outside China, where all are one.

    Raises
    ------
    InvalidInputError
        ``datum_doubtful``: another datum fits clearly better, unless the request says to trust the stated one.
    """
    files = list(_files(request, drawn))
    if not files:
        return ()
    bounds = np.array([shapely.total_bounds(shapes) for _, shapes, _ in files])
    west, south = bounds[:, :2].min(axis=0) - AROUND_DEG
    east, north = bounds[:, 2:].max(axis=0) + AROUND_DEG
    lon, lat = float(west + east) / 2.0, float(south + north) / 2.0
    if from_wgs84(lon, lat, Datum.GCJ02) == (lon, lat):
        return ()
    try:
        known = read_osm(request.osm, shapely.box(west, south, east, north))
    except InvalidInputError:
        return ()  # nothing is known around; reading on says what is wrong
    metric = metric_crs(choose_metric_srid(lon, lat))
    found = []
    for source, shapes, are_buildings in files:
        fit = propose_datum(
            shapes,
            known.buildings.geometry,
            known.segments.geometry,
            metric,
            stated=source.datum,
            are_buildings=are_buildings,
        )
        if fit.proposal is not None and not request.trust_datum:
            raise InvalidInputError(
                f"{source.path.name} fits {fit.proposal} ({fit.scores[fit.proposal]:.2f}) better than {source.datum} "
                f"(by {fit.margin:.2f}); --trust-datum takes it as stated",
                code="datum_doubtful",
                file=source.path.name,
                declared=source.datum.value,
                proposed=fit.proposal.value,
            )
        scores = {datum.value: score for datum, score in fit.scores.items()}
        found.append(
            FileDatum(source.path.name, source.datum.value, fit.best.value, round(fit.margin, 4), scores)
        )
    return tuple(found)


def _files(request: ImportRequest, drawn: DrawnAreas) -> Iterator[tuple[SourceFile, Geometries, bool]]:
    """Yield the files whose place can be checked: source, polygons, whether they are buildings."""
    pairs = (
        (request.community, drawn.community),
        (request.grids, drawn.grids),
        (request.micro_grids, drawn.micro_grids),
        (request.courtyards, drawn.courtyards),
    )
    for source, rows in pairs:
        if source is not None and rows is not None:
            yield source, shapely.make_valid(rows.geometry), False
    if request.buildings is not None:
        source = request.buildings
        frame = read_vector(source.path, source.layer, source.datum)
        yield source, shapely.make_valid(frame.geometry.to_numpy()), True
