"""Identifiers that stay the same when the same community is imported again."""

from __future__ import annotations

from uuid import UUID, uuid5

NAMESPACE = UUID("6f0c2c55-8d1e-5d0b-9a57-2f2f6a0e6b51")


def area_uuid(community_id: str, version: int, level: str, code: str) -> UUID:
    """Return the id of an area of one version."""
    return uuid5(NAMESPACE, f"{community_id}/area/{version}/{level}/{code}")


def place_uuid(community_id: str, kind: str, ref: str) -> UUID:
    """Return the id of a building, stairwell, segment or feature by its reference in the source."""
    return uuid5(NAMESPACE, f"{community_id}/{kind}/{ref}")
