"""Acts on residents' records from the fields of a body or a form: what the interface and the pages have in common."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4

from api.forms import parse
from api.models.residents import (
    ConsentBody,
    DecisionBody,
    HouseholdBody,
    PersonBody,
    SuggestionBody,
)
from api.parts import Parts
from gis.errors import InvalidInputError
from gis.flows.residents.access import present
from gis.flows.residents.approving import approve_all
from gis.flows.residents.consents import record_consent
from gis.flows.residents.households import HouseholdDraft, add_household, change_household
from gis.flows.residents.keeping import sealed_of, the_record
from gis.flows.residents.records import add_resident, change_resident
from gis.flows.residents.suggestions import Outcome, decide, suggest_change, suggest_resident
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.residents.records import Grounds
from gis.words import Actor

Fields = dict[str, Any]


async def keep_household(
    work: Work, actor: Actor, fields: Fields, household_id: UUID | None = None
) -> tuple[UUID, bool]:
    """Record a household, or change one; return its id, and whether anything was changed."""
    given = parse(HouseholdBody, fields)
    grounds = given.grounds(await today_in(work.session, work.clock, actor.community_id))
    if household_id is None and given.building is None:
        raise InvalidInputError("in which building?", code="field_missing", field="building")
    building = given.building or UUID(int=0)
    key = household_id or given.id or uuid4()
    draft = HouseholdDraft(key, building, given.unit, given.flat, given.tenure, given.note, grounds)
    if household_id is None:
        return await add_household(work, actor, draft), True
    return household_id, await change_household(work, actor, household_id, draft)


async def new_person(work: Work, actor: Actor, household_id: UUID, fields: Fields) -> UUID:
    """Record somebody who lives in a household."""
    given = parse(PersonBody, fields)
    grounds = given.grounds(await today_in(work.session, work.clock, actor.community_id))
    return await add_resident(work, actor, given.id or uuid4(), household_id, given.person(), grounds)


async def changed_person(work: Work, actor: Actor, resident_id: UUID, fields: Fields) -> bool:
    """Change a record; an empty identity number leaves the one that is recorded."""
    given = parse(PersonBody, fields)
    actor = await present(work.session, actor)
    person = given.person()
    if not person.id_number:
        row = await the_record(work, actor, resident_id)
        person = replace(person, id_number=sealed_of(work, actor.community_id).person(row).id_number)
    grounds: Grounds | None = None
    if given.has_grounds:
        grounds = given.grounds(await today_in(work.session, work.clock, actor.community_id))
    return await change_resident(work, actor, resident_id, person, grounds=grounds, revision=given.revision)


async def suggested(work: Work, actor: Actor, fields: Fields) -> bool:
    """Propose a change of a record, or somebody who isn't recorded; False when nothing would change."""
    given = parse(SuggestionBody, fields)
    key = given.id or uuid4()
    if given.resident is not None:
        return await suggest_change(work, actor, key, given.resident, given.person())
    if given.household is None:
        raise InvalidInputError("of whom, or where?", code="field_missing", field="resident")
    await suggest_resident(work, actor, key, given.household, given.person())
    return True


async def decided(parts: Parts, actor: Actor, fields: Fields) -> Outcome:
    """Approve or decline suggestions; all that waited at a moment are approved some at a time."""
    given = parse(DecisionBody, fields)
    if given.all_before is not None and given.act == "approve":
        return await approve_all(parts.work, actor, given.all_before)
    async with parts.work() as work:
        return await decide(work, actor, given.ids, approve=given.act == "approve", reason=given.reason)


async def consented(work: Work, actor: Actor, resident_id: UUID, fields: Fields) -> None:
    """Write down that somebody agrees, or no longer does."""
    given = parse(ConsentBody, fields)
    today = await today_in(work.session, work.clock, actor.community_id)
    await record_consent(work, actor, resident_id, given.draft(given.id or uuid4(), today))
