"""The words of the domain as types: shared by every room, importing none.

Every room imports them from here; they stand in files by theme. See the glossary in README.md for the Chinese terms.
"""

from __future__ import annotations

from gis.words.cases import (
    COUNTED_TO,
    SUB_DISTRICT,
    TOP_LEVEL,
    CaseFacts,
    CaseState,
    Decision,
    DecisionLevel,
    Offer,
    ReferralStatus,
    Relation,
    Status,
    Verb,
)
from gis.words.people import (
    Actor,
    Leave,
    Mode,
    Role,
    Scope,
)
from gis.words.places import (
    Candidate,
    Datum,
    Level,
    Place,
    PlaceRef,
    Position,
    PositionSource,
)
from gis.words.service import (
    Account,
    AccountKind,
    LedgerEntry,
    Notice,
)

__all__ = [
    "COUNTED_TO",
    "SUB_DISTRICT",
    "TOP_LEVEL",
    "Account",
    "AccountKind",
    "Actor",
    "Candidate",
    "CaseFacts",
    "CaseState",
    "Datum",
    "Decision",
    "DecisionLevel",
    "Leave",
    "LedgerEntry",
    "Level",
    "Mode",
    "Notice",
    "Offer",
    "Place",
    "PlaceRef",
    "Position",
    "PositionSource",
    "ReferralStatus",
    "Relation",
    "Role",
    "Scope",
    "Status",
    "Verb",
]
