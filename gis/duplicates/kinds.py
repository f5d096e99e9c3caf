"""Which categories may be about the same thing, which are joined without asking, and which are nobody else's matter."""

from __future__ import annotations

from itertools import permutations

from gis.categories import CATEGORIES, Family

JOINED: frozenset[str] = frozenset(one.code for one in CATEGORIES if one.family is Family.HAZARD) | {"noise"}
"""Reports of these are linked without asking. Two lunches, two quarrels or two old people in one house are two cases."""

PERSONAL: frozenset[str] = frozenset(
    {
        "elderly_care",
        "dispute",
        "meal_delivery",
        "company_clinic",
        "shopping",
        "furniture",
        "lamp_change",
        "patrol_route",
    }
)
"""Open cases of these are not shown to other people nearby."""

# what one person calls the one and another person the other
_ALIKE: tuple[frozenset[str], ...] = (
    frozenset({"road_damage", "manhole"}),
    frozenset({"road_damage", "sewer"}),
    frozenset({"sewer", "manhole"}),
    frozenset({"sewer", "water_leak"}),
    frozenset({"power_cut", "street_lamp"}),
    frozenset({"power_cut", "elevator"}),
    frozenset({"blocked_exit", "illegal_parking"}),
    frozenset({"blocked_exit", "rubbish"}),
    frozenset({"blocked_exit", "fire_equipment"}),
)
_RELATED: dict[str, tuple[str, ...]] = {
    code: tuple(sorted({b for pair in _ALIKE for a, b in permutations(pair) if a == code}))
    for code in sorted({code for pair in _ALIKE for code in pair})
}
_RADIUS_M = {one.code: one.radius_m for one in CATEGORIES}


def related(category: str) -> tuple[str, ...]:
    """Return the categories that the same thing is also reported under, without the category itself.

    Parameters
    ----------
    category
        A code.
    """
    return _RELATED.get(category, ())


def extent_m(category: str) -> float:
    """Return how far from its middle a thing of this category is seen and reported, metres (one standard deviation).

    Parameters
    ----------
    category
        A code.
    """
    return max(2.0, _RADIUS_M.get(category, 10) / 6.0)


def reach_m(category: str, own_sigma_m: float) -> float:
    """Return how near open cases are shown to somebody about to report: the category's radius, or what a fix may err.

    Parameters
    ----------
    category
        A code.
    own_sigma_m
        Of the reporter's position, metres.
    """
    return max(float(_RADIUS_M.get(category, 10)), 2.0 * own_sigma_m)
