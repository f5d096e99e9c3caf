"""Writing an entry into the watch log; what is wrong becomes a problem, and a case at once where that is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid5

from gis.cases.categories import category
from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.flows.subject_photos import add_photos
from gis.flows.texts import plain, required
from gis.flows.visits.checklists import ensure_checklists
from gis.flows.visits.draft import SHORT, FindingDraft, VisitDraft, check, digest_of
from gis.flows.visits.findings import transfer
from gis.flows.visits.placing import VisitPlace, place_of
from gis.flows.work import Work
from gis.people.permissions import require
from gis.store import campaigns, checklists, visits
from gis.store.visits import NewFinding, NewVisit
from gis.visits.checklists import Item, lists_of
from gis.visits.kinds import PHOTO_SUBJECT, Checked, FindingState
from gis.visits.questions import Question, checked_answers
from gis.words import Actor


@dataclass(frozen=True, slots=True)
class VisitRecorded:
    """What is answered, the same for every repeat."""

    visit_id: UUID
    replayed: bool


async def record_visit(work: Work, actor: Actor, draft: VisitDraft) -> VisitRecorded:
    """Write down a visit; a repeat of the same id changes nothing.

    Parameters
    ----------
    work, actor, draft
        Who writes what.

    Raises
    ------
    InvalidInputError
        ``visit_kind``, ``visit_outcome``, ``visit_time``, ``visit_empty``, ``check_unknown``, ``finding_then``,
        ``too_many_findings``, those of ``place_of`` and ``checked_answers``, ``text_too_long``, ``too_many_photos``.
    NotAllowedError
        ``not_allowed``, ``visit_outside_area``.
    NotFoundError
        ``campaign_not_found``.
    ConflictError
        ``visit_id_reused``, ``campaign_over``.
    """
    require(actor, "visit")
    session, community_id = work.session, actor.community_id
    digest = digest_of(draft)
    there = await visits.kept(session, community_id, draft.visit_id)
    if there is not None:
        return _same(actor, there, draft, digest)
    check(draft, work.clock.now())
    place = await place_of(work, actor, draft.building_id, draft.position)
    answers = await _answers(work, actor, draft, place)
    items = await _items(work, actor, draft)
    new = _row(work, actor, draft, place, answers, digest)
    if not await visits.add_visit(session, community_id, new):
        there = await visits.kept(session, community_id, draft.visit_id)
        return _same(actor, there, draft, digest)
    await add_photos(work, actor, PHOTO_SUBJECT, draft.visit_id, draft.photos, place.position)
    await _find(work, actor, draft, place, items)
    return VisitRecorded(draft.visit_id, replayed=False)


def _same(actor: Actor, there: visits.Kept | None, draft: VisitDraft, digest: bytes) -> VisitRecorded:
    if there is None or there.person_id != actor.person_id or there.body_hash != digest:
        raise ConflictError("this id stands for another visit", code="visit_id_reused")
    return VisitRecorded(draft.visit_id, replayed=True)


async def _answers(work: Work, actor: Actor, draft: VisitDraft, place: VisitPlace) -> dict[str, str]:
    """Return the checked answers to the campaign that the visit belongs to."""
    if draft.campaign_id is None:
        if draft.answers:
            raise InvalidInputError("of which campaign?", code="answer_unknown", field="campaign")
        return {}
    found = await campaigns.get(work.session, actor.community_id, draft.campaign_id)
    if found is None:
        raise NotFoundError("no such campaign", code="campaign_not_found")
    if found.ended_at is not None:
        raise ConflictError("it has been ended", code="campaign_over", field="campaign")
    if found.grid_codes and place.grid_code not in found.grid_codes:
        raise InvalidInputError("it isn't held there", code="campaign_elsewhere", field="campaign")
    questions = [Question.from_json(one) for one in found.questions]
    return checked_answers(questions, draft.answers or {})


async def _items(work: Work, actor: Actor, draft: VisitDraft) -> dict[UUID, Item]:
    """Return the items that were looked at."""
    if not draft.checks:
        return {}
    await ensure_checklists(work.session, actor.community_id)
    lists = lists_of(await checklists.item_rows(work.session, actor.community_id))
    known = {item.item_id: item for one in lists for item in one.items}
    if any(one not in known for one in draft.checks):
        raise InvalidInputError("no such item", code="check_unknown", field="checks")
    return {each: known[each] for each in draft.checks}


async def _find(
    work: Work, actor: Actor, draft: VisitDraft, place: VisitPlace, items: Mapping[UUID, Item]
) -> None:
    """Write down what is wrong, and hand on what becomes a case at once."""
    wrong = [item for each, item in items.items() if (draft.checks or {})[each] == Checked.WRONG]
    note = plain(draft.words, "words")
    found = [
        FindingDraft(
            "：".join(filter(None, (f"✗ {item.words}", note))),
            item.category,
            draft.then,
            item_id=item.item_id,
        )
        for item in wrong
    ]
    found += draft.findings
    rows = [_finding(work, actor, draft, place, one, number) for number, one in enumerate(found)]
    await visits.add_findings(work.session, actor.community_id, rows)
    for row, one in zip(rows, found, strict=True):
        if one.then == FindingState.TRANSFERRED:
            await transfer(work, actor, row.finding_id, photos=draft.photos)


def _finding(  # noqa: PLR0917 - what was found where, by whom
    work: Work, actor: Actor, draft: VisitDraft, place: VisitPlace, one: FindingDraft, number: int
) -> NewFinding:
    category(one.category)
    now, solved = work.clock.now(), one.then == FindingState.ON_SPOT
    return NewFinding(
        finding_id=uuid5(draft.visit_id, f"{number}"),
        visit_id=draft.visit_id,
        n=number,
        campaign_id=draft.campaign_id,
        item_id=one.item_id,
        category=one.category,
        words=required(one.words, "problem"),
        state=FindingState.ON_SPOT.value if solved else FindingState.OPEN.value,
        answer=plain(one.answer, "answer") if solved else "",
        answered_at=now if solved else None,
        answered_by=actor.person_id if solved else None,
        found_by=actor.person_id,
        found_at=draft.visited_at or now,
        recorded_at=now,
        building_id=place.building_id,
        flat=plain(draft.flat, "flat", limit=SHORT),
        place_text=place.text,
        grid_code=place.grid_code,
        micro_grid_code=place.micro_grid_code,
        lon=place.lon,
        lat=place.lat,
    )


def _row(  # noqa: PLR0917 - a visit, where it was and what was said
    work: Work, actor: Actor, draft: VisitDraft, place: VisitPlace, answers: Mapping[str, str], digest: bytes
) -> NewVisit:
    now = work.clock.now()
    return NewVisit(
        visit_id=draft.visit_id,
        kind=draft.kind,
        outcome=draft.outcome,
        person_id=actor.person_id,
        visited_at=draft.visited_at or now,
        recorded_at=now,
        building_id=place.building_id,
        household_id=draft.household_id,
        flat=plain(draft.flat, "flat", limit=SHORT),
        words=plain(draft.words, "words"),
        checks={str(each): state for each, state in (draft.checks or {}).items()},
        answers=answers,
        campaign_id=draft.campaign_id,
        round_id=draft.round_id,
        place_text=place.text,
        grid_code=place.grid_code,
        micro_grid_code=place.micro_grid_code,
        segment_id=place.segment_id,
        lon=place.lon,
        lat=place.lat,
        body_hash=digest,
    )
