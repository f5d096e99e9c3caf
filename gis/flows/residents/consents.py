"""Consent: given or withdrawn, when, how, by whom; written down as it was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from gis.errors import InvalidInputError
from gis.flows.residents.access import present
from gis.flows.residents.keeping import sealed_of, the_record, write_down
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.people.residents import Sight, require_sight, sight_of
from gis.residents.words import HOW, PURPOSES, SAID_BY
from gis.store import resident_consents
from gis.store.resident_consents import NewConsent
from gis.words import Actor


@dataclass(frozen=True, slots=True)
class ConsentDraft:
    """A consent as it is stated."""

    consent_id: UUID
    purpose: str
    given: bool
    how: str
    said_by: str
    said_on: date


async def record_consent(work: Work, actor: Actor, resident_id: UUID, draft: ConsentDraft) -> None:
    """Write down that somebody agrees, or no longer does; a repeat of the same id changes nothing.

    Who has an account says so themselves, online.

    Parameters
    ----------
    work, actor, resident_id, draft
        Who writes down what of whom.

    Raises
    ------
    InvalidInputError
        ``purpose_unknown``, ``how_unknown``, ``said_by_unknown``, ``day_in_future``.
    NotFoundError, NotAllowedError
        ``resident_not_found``; ``not_allowed``.
    """
    actor = await present(work.session, actor)
    row = await the_record(work, actor, resident_id, full=False)
    own = sight_of(actor, row.grid_code, row.micro_grid_code, row.account_id) is Sight.OWN
    if not own:
        require_sight(sight_of(actor, row.grid_code, row.micro_grid_code), full=True)
    today = await today_in(work.session, work.clock, actor.community_id)
    for value, known, code, name in (
        (draft.purpose, PURPOSES, "purpose_unknown", "purpose"),
        (draft.how, HOW, "how_unknown", "how"),
        (draft.said_by, SAID_BY, "said_by_unknown", "said_by"),
    ):
        if value not in known:
            raise InvalidInputError("not one of those", code=code, field=name)
    if draft.said_on > today:
        raise InvalidInputError("in the future", code="day_in_future", field="said_on")
    new = NewConsent(
        draft.consent_id,
        resident_id,
        draft.purpose,
        draft.given,
        "online" if own else draft.how,
        "self" if own else draft.said_by,
        today if own else draft.said_on,
        actor.person_id,
        work.clock.now(),
    )
    if await resident_consents.add(work.session, actor.community_id, new):
        sealed = sealed_of(work, actor.community_id)
        said = {draft.purpose: [None, "given" if draft.given else "withdrawn"]}
        await write_down(work, actor, sealed, "consent", row.household_id, resident_id, said)
