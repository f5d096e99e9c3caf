"""What is known of somebody on duty when responders are looked for: facts only, no judgement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from gis.words import Mode, Role


class OnDuty(NamedTuple):  # made two dozen times for every report: a third of a dataclass's cost
    """A responder on duty, seen from one case.

    Parameters
    ----------
    person_id, name, role, mode
        Who, and how they move.
    lon, lat
        Where they are, else where they are at home; None: neither is known. EPSG:4326.
    position_age_s
        Age of the position; None: it is the home of one who sent none lately.
    load, capacity
        Live offers and tasks, and how many they may have.
    skills, languages
        What they know and speak.
    micro_grids
        Codes of the micro-grids that are theirs.
    tasks_today
        Tasks they have taken since midnight.
    rested_s
        Time since their last task ended; None: none did.
    shift_left_s
        Time until their calendar takes them off duty; None: it doesn't, they went on duty by hand.
    refused
        They let an offer of this case pass a short while ago.
    straight_m
        Distance from the case as the crow flies; None without a place.
    """

    person_id: UUID
    name: str
    role: Role
    mode: Mode
    lon: float | None
    lat: float | None
    position_age_s: float | None
    load: int
    capacity: int
    skills: Sequence[str] = ()
    languages: Sequence[str] = ()
    micro_grids: Sequence[str] = ()
    tasks_today: int = 0
    rested_s: float | None = None
    shift_left_s: float | None = None
    refused: bool = False
    straight_m: float | None = None
