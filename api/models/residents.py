"""What programs and forms may send of households and residents."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from api.models.fields import MOST_ITEMS, Body, Sentence, Word
from gis.flows.residents.consents import ConsentDraft
from gis.flows.residents.flags import FlagDraft
from gis.residents.records import Contact, Grounds, Person

Year = Annotated[int, Field(ge=0, le=9999)]


class ContactBody(Body):
    """Somebody to call."""

    name: Word = ""
    phone: Word = ""
    relation: Word = Field("", examples=["女儿"])


class GroundsBody(Body):
    """What something is recorded for, from whom, and when they said it."""

    purpose: Word = Field("", description="care, safety or service", examples=["care"])
    source: Word = Field("", examples=["本人口述"])
    recorded_on: date | None = Field(None, description="by default today")

    def grounds(self, today: date) -> Grounds:
        """Return the grounds that are meant."""
        return Grounds(self.purpose, self.source, self.recorded_on or today)


class HouseholdBody(GroundsBody):
    """A household: in which building, behind which door. A repeat of the same `id` changes nothing."""

    id: UUID | None = None
    building: UUID | None = None
    unit: Word = Field("", description="number of the stairwell", examples=["2"])
    flat: Word = Field("", examples=["301"])
    tenure: Word = Field("unknown", description="owner, tenant, other or unknown")
    note: Sentence = ""


class PersonBody(GroundsBody):
    """A resident; contacts as a list, or in the fields of a form. A repeat of the same `id` changes nothing."""

    id: UUID | None = None
    name: Word = Field("", examples=["王秀英"])
    phone: Word = ""
    id_number: Word = Field("", description="empty leaves the one that is recorded")
    birth_year: Year | None = Field(None, examples=[1946])
    birth_day: Word = Field("", description="MM-DD", examples=["03-05"])
    relation: Word = Field("other", description="to the head of the household")
    flags: list[Word] = Field(default_factory=list, max_length=40)
    contacts: list[ContactBody] = Field(default_factory=list, max_length=10)
    contact1_name: Word = ""
    contact1_phone: Word = ""
    contact1_relation: Word = ""
    contact2_name: Word = ""
    contact2_phone: Word = ""
    contact2_relation: Word = ""
    contact3_name: Word = ""
    contact3_phone: Word = ""
    contact3_relation: Word = ""
    moved_out_on: date | None = None
    revision: Annotated[int, Field(ge=1, le=2**31 - 1)] | None = Field(
        None, description="the one that was looked at; refused when it is another by now"
    )

    def person(self) -> Person:
        """Return the person that is meant."""
        typed = [
            Contact(*(getattr(self, f"contact{number}_{part}") for part in ("name", "phone", "relation")))
            for number in (1, 2, 3)
        ]
        listed = [Contact(one.name, one.phone, one.relation) for one in self.contacts]
        return Person(
            self.name,
            self.phone,
            self.id_number,
            self.birth_year,
            self.birth_day,
            self.relation,
            self.flags,
            listed or [one for one in typed if one.name or one.phone or one.relation],
            self.moved_out_on,
        )

    @property
    def has_grounds(self) -> bool:
        """Whether it says why somebody is recorded."""
        return bool(self.purpose or self.source or self.recorded_on)


class SuggestionBody(PersonBody):
    """A change that a watcher proposes; of a person who isn't recorded yet, with their household."""

    resident: UUID | None = None
    household: UUID | None = None


class DecisionBody(Body):
    """Which suggestions are approved or declined; declining needs a reason."""

    ids: list[UUID] = Field(default_factory=list, max_length=200)
    act: Literal["approve", "decline"] = "approve"
    reason: Word = ""
    all_before: AwareDatetime | None = Field(
        None, description="instead of `ids`, to approve what waited in one's areas at this moment"
    )


class ConsentBody(Body):
    """Consent to a purpose, given or withdrawn."""

    id: UUID | None = None
    purpose: Word = Field("", description="care, safety or service")
    given: bool
    how: Word = Field("", description="written, spoken or online")
    said_by: Word = Field("", description="self, family or guardian")
    said_on: date | None = Field(None, description="by default today")

    def draft(self, consent_id: UUID, today: date) -> ConsentDraft:
        """Return the consent that is meant."""
        said_on = self.said_on or today
        return ConsentDraft(consent_id, self.purpose, self.given, self.how, self.said_by, said_on)


class WhyBody(Body):
    """Why a whole number is needed."""

    why: Sentence = ""


class CallBody(Body):
    """Who is called: 0 the resident, 1 the first contact, and so on."""

    whom: Annotated[int, Field(ge=0, le=20)] = 0


class EraseBody(Body):
    """Who asked that a record be erased, and why."""

    reason: Sentence = ""


class FlagBody(Body):
    """A care flag of the office's own."""

    code: Word = Field("", examples=["chronic"])
    name: Word = Field("", examples=["慢性病"])
    name_en: Word = ""
    for_watchers: bool = False
    active: bool = False

    def draft(self) -> FlagDraft:
        """Return the flag that is meant."""
        return FlagDraft(self.code, self.name, self.name_en, self.for_watchers, self.active)


class AccountBody(Body):
    """With which account a resident signs in; empty: none."""

    username: Word = ""


class ResidentQuery(Body):
    """Whom to look for, and which part of the list."""

    q: Word = Field("", description="name as written or as it sounds, first letters, flat, whole number")
    flag: Word = ""
    gone: bool = Field(False, description="those who have moved away")
    offset: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    limit: Annotated[int, Field(ge=1, le=MOST_ITEMS)] = 30
