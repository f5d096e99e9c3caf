"""A case and what is done with it: statuses, acts, relations, decisions, referrals, offers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


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
COUNTED_TO = 10_000
"""So many of a list are counted at most: where it says ten thousand there may be more."""
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
class Offer:
    """One case offered to one responder until ``expires_at``."""

    offer_id: UUID
    case_id: UUID
    responder_id: UUID
    responder_name: str
    travel_s: float
    distance_m: float
    expires_at: datetime
