"""The words of the domain as types: shared by every room, importing none.

See the glossary in README.md for the Chinese terms.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class Datum(StrEnum):
    """Coordinate systems in which a position may be stated (坐标系)."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"
    CGCS2000 = "cgcs2000"


class Level(StrEnum):
    """Kinds of area."""

    COMMUNITY = "community"
    GRID = "grid"
    MICRO_GRID = "micro_grid"
    COURTYARD = "courtyard"


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


class PositionSource(StrEnum):
    """Where a position came from."""

    GNSS = "gnss"
    PIN = "pin"
    EXIF = "exif"
    PLATE = "plate"


class Status(StrEnum):
    """Statuses of a case; ``gis.cases.transitions`` holds the only table of changes between them."""

    OPEN = "open"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    ON_SITE = "on_site"
    REFERRED = "referred"
    DONE = "done"
    CLOSED = "closed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


class Verb(StrEnum):
    """Acts that change a case's status."""

    OFFER = "offer"
    EXPIRE = "expire"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    ACCEPT = "accept"
    ARRIVE = "arrive"
    DONE = "done"
    RELEASE = "release"
    REFER = "refer"
    RETURN = "return"
    VERIFY = "verify"
    REJECT = "reject"
    REOPEN = "reopen"
    CANCEL = "cancel"
    MERGE = "merge"
    PROGRESS = "progress"
    ASK_HELP = "ask_help"
    HAND_OVER = "hand_over"
    ACCEPT_HAND_OVER = "accept_hand_over"
    REFUSE_HAND_OVER = "refuse_hand_over"
    WITHDRAW_HAND_OVER = "withdraw_hand_over"
    DECIDE = "decide"
    PAUSE = "pause"
    APPROVE_PAUSE = "approve_pause"
    REFUSE_PAUSE = "refuse_pause"
    RESUME = "resume"
    CLASSIFY = "classify"
    SET_URGENT = "set_urgent"
    UNDO = "undo"


class Relation(StrEnum):
    """What an actor is to one case; the transition table says which relations may do what."""

    SERVICE = "service"
    DESK = "desk"
    GRID_WORKER = "grid_worker"
    WATCHER = "watcher"
    REPORTER = "reporter"
    """The only one who reported it."""
    CO_REPORTER = "co_reporter"
    """One of several: what is theirs together none of them calls off alone."""
    OFFEREE = "offeree"
    ASSIGNEE = "assignee"
    AGENCY = "agency"
    SUB_DISTRICT = "sub_district"
    """The sub-district's office (街道办), where the case is with it: an agency that may call departments."""
    CLAIMANT = "claimant"
    """A responder on duty who is near enough to an open case, or has reported it: may claim it."""
    ASKED = "asked"
    """A colleague who is asked to take the case over."""
    ASKING = "asking"
    """Who may withdraw that question: who has the case in hand, and the office."""


class Leave(StrEnum):
    """What becomes of the tasks of who goes off duty."""

    KEEP = "keep"
    """They are finished by who has them."""
    RELEASE = "release"
    """They are given back and offered to the next at once."""
    HAND_OVER = "hand_over"
    """A colleague is asked; until then they stay."""


class DecisionLevel(StrEnum):
    """Who decides on a case, from the doorstep up (三级)."""

    COURTYARD = "courtyard"
    COMMUNITY = "community"
    SUB_DISTRICT = "sub_district"


class Decision(StrEnum):
    """What a level decides."""

    SETTLE = "settle"
    """It is settled at this level."""
    RAISE = "raise"
    """It is passed up to the level above; from the community to the sub-district that is 街道吹哨."""


class ReferralStatus(StrEnum):
    """How a referral to an agency stands; the first three are open."""

    SENT = "sent"
    ACCEPTED = "accepted"
    DONE = "done"
    RETURNED = "returned"
    VERIFIED = "verified"
    WITHDRAWN = "withdrawn"
    PASSED_ON = "passed_on"


TOP_LEVEL = 4
"""The level of the ladder at which the sub-district is told."""
SUB_DISTRICT = "sub_district"
"""Code of the agency that is the sub-district's office, the same in every community."""


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """What permissions and transitions need to know of a case."""

    case_id: UUID
    status: Status
    revision: int
    category: str
    grid_code: str | None
    micro_grid_code: str | None
    reporter_id: UUID | None
    assignee_id: UUID | None
    agency_code: str | None
    reporter_ids: frozenset[UUID] = field(default_factory=frozenset)
    offeree_id: UUID | None = None
    asked_id: UUID | None = None
    """The colleague who is asked to take it over."""
    escalation: int = 0
    """How high it has climbed; at ``TOP_LEVEL`` it is the sub-district's to see."""


@dataclass(frozen=True, slots=True)
class CaseState:
    """What every act on a case answers."""

    case_id: UUID
    status: Status
    revision: int


@dataclass(frozen=True, slots=True)
class Position:
    """A checked WGS-84 position (EPSG:4326, degrees) with what was stated of it."""

    lon: float
    lat: float
    accuracy_m: float | None = None
    heading_deg: float | None = None
    source: PositionSource = PositionSource.GNSS
    stated_datum: Datum = Datum.WGS84
    stated_lon: float | None = None
    stated_lat: float | None = None


@dataclass(frozen=True, slots=True)
class PlaceRef:
    """One place that a position was snapped to."""

    id: UUID
    code: str
    name: str
    distance_m: float
    probability: float


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of the likely places, shown when the snap is ambiguous."""

    micro_grid: PlaceRef
    building: PlaceRef | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where a position lies, as answered by ``locate`` and stored with a case."""

    community: PlaceRef | None
    grid: PlaceRef | None = None
    micro_grid: PlaceRef | None = None
    courtyard: PlaceRef | None = None
    building: PlaceRef | None = None
    street: PlaceRef | None = None
    ambiguous: bool = False
    candidates: tuple[Candidate, ...] = ()
    suggestion: Datum | None = None
    chosen: UUID | None = None
    """The building or micro-grid that a person named; then ``candidates`` is what was estimated."""

    def as_json(self) -> dict[str, Any]:
        """Return what is answered and stored: every level as an object or null."""
        found: dict[str, Any] = {level: _ref_json(getattr(self, level)) for level in _LEVELS}
        found["ambiguous"] = self.ambiguous
        found["candidates"] = [
            {"micro_grid": _ref_json(one.micro_grid), "building": _ref_json(one.building)}
            for one in self.candidates
        ]
        found["suggestion"] = self.suggestion.value if self.suggestion else None
        found["chosen"] = str(self.chosen) if self.chosen else None
        return found

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Place:
        """Return the place that ``as_json`` was made from."""
        levels = {level: _ref(stored.get(level)) for level in _LEVELS}
        candidates = tuple(
            Candidate(
                PlaceRef(**{**one["micro_grid"], "id": UUID(one["micro_grid"]["id"])}), _ref(one["building"])
            )
            for one in stored.get("candidates", ())
        )
        suggestion, chosen = stored.get("suggestion"), stored.get("chosen")
        return cls(
            **levels,
            ambiguous=bool(stored.get("ambiguous")),
            candidates=candidates,
            suggestion=Datum(suggestion) if suggestion else None,
            chosen=UUID(chosen) if chosen else None,
        )


_LEVELS = ("community", "grid", "micro_grid", "courtyard", "building", "street")


def _ref_json(ref: PlaceRef | None) -> dict[str, Any] | None:
    if ref is None:
        return None
    return {
        "id": str(ref.id),
        "code": ref.code,
        "name": ref.name,
        "distance_m": ref.distance_m,
        "probability": ref.probability,
    }


def _ref(stored: Mapping[str, Any] | None) -> PlaceRef | None:
    return None if stored is None else PlaceRef(**{**stored, "id": UUID(stored["id"])})


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


@dataclass(frozen=True, slots=True)
class Offer:
    """One case offered to one responder until ``expires_at``."""

    offer_id: UUID
    case_id: UUID
    responder_id: UUID
    responder_name: str
    travel_s: float
    distance_m: float
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """Points that leave one account for another; a reversal names what it takes back."""

    entry_id: UUID
    from_account: UUID
    to_account: UUID
    points: int
    memo: str = ""
    reverses: UUID | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that people are told of; the sentence is made in their language, of ``kind`` and ``data``.

    Nobody is told twice of the same kind, case and key. Without a ``key`` the data are the key, so what may happen
    to a case again states something that differs: the offer, the level, the revision.
    """

    kind: str
    to: Sequence[UUID]
    case_id: UUID | None = None
    urgent: bool = False
    """Passes quiet hours."""
    data: Mapping[str, str | int | float] = field(default_factory=dict)
    key: str = ""
