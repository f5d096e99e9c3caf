"""How many households a building holds, by a rule that can be told to an office."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from gis.areas.delineation.request import Floats

RESIDENTIAL_KINDS = frozenset(
    {
        "apartments",
        "bungalow",
        "detached",
        "dormitory",
        "farm",
        "house",
        "residential",
        "semidetached_house",
        "static_caravan",
        "terrace",
    }
)
"""OpenStreetMap's values of ``building`` in which people live."""

UNKNOWN_KINDS = frozenset({"", "yes"})
"""Says only that there is a building."""

M2_PER_FLAT = 85.0
"""Gross floor area of one flat with its share of stairs and walls."""


def households_of(
    kind: Sequence[str | None],
    flats: ArrayLike,
    levels: ArrayLike,
    footprint_m2: ArrayLike,
    office_table: ArrayLike | None = None,
    *,
    m2_per_flat: float = M2_PER_FLAT,
    unknown_is_residential: bool = False,
    assumed_levels: float | None = None,
) -> Floats:
    """Households of every building.

    The first that is known counts: the number of flats; for residential kinds, levels x footprint / ``m2_per_flat``
    (at least 1); the office's own table. Otherwise 0. Flats given for a building that is not residential (over
    shops) count, too; levels of such a building don't.

    Parameters
    ----------
    kind
        Value of ``building`` in OpenStreetMap.
    flats, levels, footprint_m2, office_table
        One value a building; ``nan`` where unknown.
    m2_per_flat
        Gross floor area of one flat.
    unknown_is_residential
        Take buildings of unknown kind for residential: right where a map has ``building=yes`` throughout.
    assumed_levels
        Levels of residential buildings that state none; without it they wait for the office's table.

    Returns
    -------
    Floats
        Households, never negative, never ``nan``.
    """
    size = len(kind)
    residential_kinds = RESIDENTIAL_KINDS | (UNKNOWN_KINDS if unknown_is_residential else frozenset())
    residential = np.fromiter(((name or "") in residential_kinds for name in kind), np.bool_, size)
    known_flats = np.asarray(flats, dtype=np.float64)
    known_levels = np.asarray(levels, dtype=np.float64)
    if assumed_levels is not None:
        known_levels = np.where(np.isnan(known_levels), assumed_levels, known_levels)
    from_levels = np.maximum(1.0, np.round(known_levels * np.asarray(footprint_m2, np.float64) / m2_per_flat))
    from_levels = np.where(residential & (known_levels > 0), from_levels, np.nan)
    table = np.full(size, np.nan) if office_table is None else np.asarray(office_table, dtype=np.float64)
    households = np.where(np.isnan(known_flats), from_levels, known_flats)
    households = np.where(np.isnan(households), table, households)
    return np.asarray(np.maximum(0.0, np.nan_to_num(households)), dtype=np.float64)
