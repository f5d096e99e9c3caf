"""Who may pass: OpenStreetMap's access tags to walking, riding an e-bike, driving.

Sources: OSM wiki, Key:access, Key:barrier, OSM tags for routing/Access restrictions. The most special key decides: an
e-bike looks at ``electric_bicycle``, ``bicycle``, ``vehicle``, ``access`` in this order.

A way that is ``private`` is taken as passable: responders go into compounds, and it is the gate that lets them in or
not. A gate that is ``private`` or locked is closed to every mode that no tag of its own lets through.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from gis.streets.extract import AGAINST, ALONG, BOTH

Tags = Mapping[str, str]

KEYS = {
    "walk": ("foot", "access"),
    "e_bike": ("electric_bicycle", "bicycle", "vehicle", "access"),
    "car": ("motorcar", "motor_vehicle", "vehicle", "access"),
}
REFUSED = frozenset({"no", "agricultural", "forestry", "military", "use_sidepath", "dismount", "unknown"})
NOT_FOR_STRANGERS = frozenset({"private", "residents", "permit"})

DRIVEN = frozenset(
    {
        *("primary", "secondary", "tertiary", "trunk"),
        *("primary_link", "secondary_link", "tertiary_link", "trunk_link"),
        *("unclassified", "residential", "living_street", "service", "road"),
    }
)
MOTORWAYS = frozenset({"motorway", "motorway_link"})
RIDDEN = DRIVEN | {"cycleway", "path", "track"} - {"trunk", "trunk_link"}
WALKED = DRIVEN | {"cycleway", "path", "track", "footway", "pedestrian", "steps", "corridor", "bridleway"}
PATHS = frozenset({"footway", "path", "steps", "cycleway", "track", "corridor", "bridleway"})
"""Kinds that are no streets by themselves: a sidewalk drawn on its own is one of them."""

OPEN_TUNNELS = frozenset({"", "no", "building_passage", "passage", "avalanche_protector"})
"""Values of ``tunnel`` with which a way runs on the surface all the same, if under a roof."""


class Way(NamedTuple):
    """Directions in which each mode may pass: 0 none, 1 along, 2 against, 3 both."""

    walk: int
    e_bike: int
    car: int


class Gate(NamedTuple):
    """Modes that pass."""

    walk: bool
    e_bike: bool
    car: bool


OPEN_GATE = Gate(walk=True, e_bike=True, car=True)
NO_CARS = Gate(walk=True, e_bike=True, car=False)
ONLY_WALKERS = Gate(walk=True, e_bike=False, car=False)
CLOSED = Gate(walk=False, e_bike=False, car=False)

GATES = {
    "gate": OPEN_GATE,
    "lift_gate": OPEN_GATE,
    "swing_gate": OPEN_GATE,
    "sliding_gate": OPEN_GATE,
    "hampshire_gate": OPEN_GATE,
    "entrance": OPEN_GATE,
    "toll_booth": OPEN_GATE,
    "border_control": OPEN_GATE,
    "bollard": NO_CARS,
    "rising_bollard": NO_CARS,
    "cycle_barrier": NO_CARS,
    "motorcycle_barrier": NO_CARS,
    "block": NO_CARS,
    "chain": NO_CARS,
    "jersey_barrier": NO_CARS,
    "planter": NO_CARS,
    "log": NO_CARS,
    "bus_trap": NO_CARS,
    "wicket_gate": NO_CARS,
    "kissing_gate": ONLY_WALKERS,
    "turnstile": ONLY_WALKERS,
    "full-height_turnstile": ONLY_WALKERS,
    "stile": ONLY_WALKERS,
    "step": ONLY_WALKERS,
    "debris": ONLY_WALKERS,
    "wall": CLOSED,
    "fence": CLOSED,
}
"""What stands in the way, and who passes where no tag says more. Others (kerbs, cattle grids) stop nobody."""


def _stated(tags: Tags, mode: str) -> str | None:
    """Return the value of the most special access key there is."""
    return next((tags[key] for key in KEYS[mode] if key in tags), None)


def _is_stated_for(tags: Tags, mode: str) -> bool:
    """Tell whether a key speaks of this mode itself, not of everybody."""
    return any(key in tags for key in KEYS[mode] if key != "access")


def _allowed(tags: Tags, mode: str, *, usual: bool) -> bool:
    value = _stated(tags, mode)
    if value in REFUSED:
        return False
    # a general "access=yes" doesn't let cars onto a footway; a key of the mode's own does
    return usual or (value is not None and _is_stated_for(tags, mode))


def is_underground(tags: Tags) -> bool:
    """Tell whether a way runs in a tunnel or inside a building, so that it divides nothing on the surface."""
    tunnel = tags.get("tunnel", "") not in OPEN_TUNNELS
    return tunnel or tags.get("location") == "underground" or tags.get("indoor", "no") != "no"


def way_access(tags: Tags) -> Way:
    """Return in which directions each mode may pass a way with these tags; all 0: no street at all."""
    kind = tags.get("highway", "")
    if kind not in WALKED and kind not in MOTORWAYS:
        return Way(0, 0, 0)
    walk = _allowed(tags, "walk", usual=kind in WALKED)
    e_bike = _allowed(tags, "e_bike", usual=kind in RIDDEN)
    car = _allowed(tags, "car", usual=kind in DRIVEN or kind in MOTORWAYS)
    return Way(
        walk=_walking_direction(tags) if walk else 0,
        e_bike=_riding_direction(tags) if e_bike and kind != "steps" else 0,
        car=_driving_direction(tags) if car and kind != "steps" else 0,
    )


def _direction(value: str | None) -> int:
    if value in {"-1", "reverse"}:
        return AGAINST
    return ALONG if value in {"yes", "true", "1"} else BOTH


def _driving_direction(tags: Tags) -> int:
    value = tags.get("oneway:motor_vehicle", tags.get("oneway"))
    ring = tags.get("junction") in {"roundabout", "circular"} or tags.get("highway") == "motorway"
    return ALONG if value is None and ring else _direction(value)


def _riding_direction(tags: Tags) -> int:
    if "oneway:bicycle" in tags:
        return _direction(tags["oneway:bicycle"])
    if any(
        tags.get(f"cycleway{side}", "").startswith("opposite") for side in ("", ":left", ":right", ":both")
    ):
        return BOTH
    return _driving_direction(tags)


def _walking_direction(tags: Tags) -> int:
    return _direction(tags.get("oneway:foot"))


def gate_access(tags: Tags) -> Gate | None:
    """Return who passes a node with these tags, None where nothing stands in the way."""
    usual = GATES.get(tags.get("barrier", ""))
    if usual is None:
        return None
    shut = tags.get("locked") == "yes"
    return Gate(*(_passes(tags, mode, usual=was and not shut) for mode, was in usual._asdict().items()))


def _passes(tags: Tags, mode: str, *, usual: bool) -> bool:
    value = _stated(tags, mode)
    if value in REFUSED or value in NOT_FOR_STRANGERS:
        return False
    return usual or (value is not None and _is_stated_for(tags, mode))
