"""The live stream: which events a reader may hear of, and what is said of them."""

from __future__ import annotations

from typing import Any

from gis.store.event_reading import (
    Bookmark,
    StreamEvent,
    bookmark_now,
    events_after,
    settled_before,
)
from gis.words import Scope

__all__ = [
    "Bookmark",
    "StreamEvent",
    "bookmark_now",
    "event_json",
    "events_after",
    "may_hear",
    "parse_bookmark",
    "settled_before",
]

_LARGEST = 2**63 - 1


def may_hear(scope: Scope, event: StreamEvent) -> bool:
    """Tell whether an event's case lies inside a scope (the same doors as ``gis.store.reach``)."""
    if event.community_id != scope.community_id:
        return False
    return (
        scope.everything
        or event.grid_code in scope.grid_codes
        or event.micro_grid_code in scope.micro_grid_codes
        or (scope.agency_code is not None and scope.agency_code in event.agencies)
        or (scope.person_id is not None and scope.person_id in event.people)
    )


def event_json(event: StreamEvent) -> dict[str, Any]:
    """Return what listeners are told: no names, no words of people."""
    return {
        "id": event.event_id,
        "community_id": event.community_id,
        "case_id": str(event.case_id),
        "number": event.number,
        "verb": event.verb,
        "from": event.from_status,
        "to": event.to_status,
        "at": event.at.isoformat(),
        "grid_code": event.grid_code,
        "micro_grid_code": event.micro_grid_code,
        "lon": round(event.lon, 7),
        "lat": round(event.lat, 7),
        "category": event.category,
        "status": event.status,
    }


def parse_bookmark(text: str | None) -> Bookmark | None:
    """Return the bookmark of a ``Last-Event-ID``; None for none or one that isn't ours."""
    transaction, _, number = (text or "").partition("-")
    if not (transaction.isdecimal() and number.isdecimal()):
        return None
    bookmark = (int(transaction), int(number))
    return bookmark if max(bookmark) <= _LARGEST else None
