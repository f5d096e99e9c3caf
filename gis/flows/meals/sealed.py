"""What is sealed of who eats: opened only by the flows whose reader needs it."""

from __future__ import annotations

from uuid import UUID

from gis.flows.sealing import vault_of
from gis.flows.work import Work
from gis.meals.diets import Diet
from gis.meals.subscribing import Contact
from gis.settings import Settings

CONTACT, DIET = "meal_subscription.contact", "meal_subscription.diet"


def seal_contact(work: Work, community_id: str, subscription_id: UUID, contact: Contact) -> bytes:
    """Return who eats and where they live as it is stored."""
    return vault_of(work.settings).seal(community_id, f"{CONTACT}:{subscription_id}", contact.as_text())


def seal_diet(work: Work, community_id: str, subscription_id: UUID, diet: Diet) -> bytes | None:
    """Return what somebody may not eat as it is stored; None where they eat what everybody does."""
    if not diet.special:
        return None
    return vault_of(work.settings).seal(community_id, f"{DIET}:{subscription_id}", diet.as_text())


def open_contact(settings: Settings, community_id: str, subscription_id: UUID, sealed: bytes) -> Contact:
    """Return who eats and where they live."""
    text = vault_of(settings).open(community_id, f"{CONTACT}:{subscription_id}", sealed)
    return Contact.from_text(text)


def open_diet(settings: Settings, community_id: str, subscription_id: UUID, sealed: bytes | None) -> Diet:
    """Return what somebody may not eat."""
    if sealed is None:
        return Diet()
    return Diet.from_text(vault_of(settings).open(community_id, f"{DIET}:{subscription_id}", sealed))
