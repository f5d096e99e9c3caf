"""Residents as they are answered: to programs, and to templates."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from api.answers import Answer
from gis.flows.residents.opening import Record
from gis.flows.residents.reading import Card
from gis.residents.numbers import masked


class CardOut(Answer):
    """A resident in a list."""

    id: UUID = Field(validation_alias="resident_id")
    household: UUID = Field(validation_alias="household_id")
    name: str
    address: str
    unit: str
    flat: str
    relation: str
    flags: list[str]
    grid: str | None = Field(validation_alias="grid_code")
    micro_grid: str | None = Field(validation_alias="micro_grid_code")
    moved_out_on: date | None


class CardPage(Answer):
    """Part of a list of residents; `next` is the offset of the next part."""

    items: list[CardOut]
    next: int | None
    total: int


class ContactOut(Answer):
    """Somebody to call; the number without its middle, it is given when they are called."""

    name: str
    phone: str
    relation: str


class RecordOut(CardOut):
    """A record, as much of it as its reader may see."""

    phone: str
    id_number: str
    birth_year: int | None
    birth_day: str
    contacts: list[ContactOut]
    purpose: str
    source: str
    recorded_on: date
    revision: int
    changed_at: datetime
    sight: str
    building: UUID
    has_account: bool


class HouseholdOut(Answer):
    """A household."""

    id: UUID = Field(validation_alias="household_id")
    building: UUID = Field(validation_alias="building_id")
    address: str
    unit: str
    flat: str
    grid: str | None = Field(validation_alias="grid_code")
    micro_grid: str | None = Field(validation_alias="micro_grid_code")
    tenure: str
    purpose: str
    source: str
    recorded_on: date
    people: int


def record_out(found: Record) -> RecordOut:
    """Return a record as it is answered; telephone numbers without their middle."""
    person = found.person
    contacts = [
        ContactOut(name=one.name, phone=masked(one.phone), relation=one.relation) for one in person.contacts
    ]
    own = {name: getattr(found.card, name) for name in Card.__slots__}
    return RecordOut.model_validate(
        {
            **own,
            "phone": masked(person.phone),
            "id_number": person.id_number,
            "birth_year": person.birth_year,
            "birth_day": person.birth_day,
            "contacts": contacts,
            "purpose": found.purpose,
            "source": found.source,
            "recorded_on": found.recorded_on,
            "revision": found.revision,
            "changed_at": found.changed_at,
            "sight": found.sight.value,
            "building": found.building_id,
            "has_account": found.has_account,
        }
    )
