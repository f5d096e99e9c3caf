"""Figures for the first page and for a person: counts, deadlines passed, hours and points, offers and duty."""

from __future__ import annotations

from gis.store.boards import late_count, status_counts
from gis.store.community_facts import (
    Address,
    CategoryFacts,
    CommunityFacts,
    CommunityName,
    Named,
    addresses,
    agencies,
    categories,
    communities,
    community_facts,
    grids,
    has_demo_people,
)
from gis.store.health import DatabaseState, database_state, newest_migration
from gis.store.offer_reading import Duty, LiveOffer, duty_of, live_offers
from gis.store.page_frame import PageFrame, page_frame
from gis.store.photo_reading import PhotoFacts, photo_facts
from gis.store.statements import Points, points_of

__all__ = [
    "Address",
    "CategoryFacts",
    "CommunityFacts",
    "CommunityName",
    "DatabaseState",
    "Duty",
    "LiveOffer",
    "Named",
    "PageFrame",
    "PhotoFacts",
    "Points",
    "addresses",
    "agencies",
    "categories",
    "communities",
    "community_facts",
    "database_state",
    "duty_of",
    "grids",
    "has_demo_people",
    "late_count",
    "live_offers",
    "newest_migration",
    "page_frame",
    "photo_facts",
    "points_of",
    "status_counts",
]
