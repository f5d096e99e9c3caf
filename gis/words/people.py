"""Who acts: roles, ways to move, the actor and what a reader may see."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class Role(StrEnum):
    """What a person is to the service; one each."""

    RESIDENT = "resident"
    RIDER = "rider"
    WATCHER = "watcher"
    GRID_WORKER = "grid_worker"
    DESK = "desk"
    PLANNER = "planner"
    AGENCY = "agency"
    ADMIN = "admin"


class Mode(StrEnum):
    """How a responder moves."""

    WALK = "walk"
    E_BIKE = "e_bike"
    CAR = "car"


class Leave(StrEnum):
    """What becomes of the tasks of who goes off duty."""

    KEEP = "keep"
    """They are finished by who has them."""
    RELEASE = "release"
    """They are given back and offered to the next at once."""
    HAND_OVER = "hand_over"
    """A colleague is asked; until then they stay."""


@dataclass(frozen=True, slots=True)
class Actor:
    """The person on whose behalf something happens, with everything a permission check needs."""

    community_id: str
    person_id: UUID
    username: str
    name: str
    role: Role
    language: str = "zh"
    grid_codes: frozenset[str] = field(default_factory=frozenset)
    micro_grid_codes: frozenset[str] = field(default_factory=frozenset)
    agency_code: str | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Which cases a reader may see: everything, or what any of the other fields reaches."""

    community_id: str
    everything: bool = False
    grid_codes: frozenset[str] = field(default_factory=frozenset)
    micro_grid_codes: frozenset[str] = field(default_factory=frozenset)
    person_id: UUID | None = None
    agency_code: str | None = None
