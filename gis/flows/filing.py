"""One round of filing reports of a community: snapped and looked up together, ranked one after the other, written together.

A report alone and a batch of them go the same way; ``gis.flows.submit`` says who goes alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from gis.cases.ladder import opening
from gis.dispatch.explaining import noted
from gis.dispatch.ranking import Ranking
from gis.errors import ConflictError, NotFoundError
from gis.flows.attach_photo import photo_row
from gis.flows.clocks import climb_awaited
from gis.flows.community_atlas import CommunityAtlas
from gis.flows.comparing import Compared, likeness_for
from gis.flows.finding import Need, ask, ranked
from gis.flows.offer_case import answer_expected, asked_soon
from gis.flows.report_draft import Checked, Submitted
from gis.flows.work import Work
from gis.orders.windows import moments
from gis.store import submission, submission_look
from gis.store.claims import Ask
from gis.store.jobs import Later
from gis.store.photo_rows import PhotoTarget
from gis.store.submission import InForce, NewCase, NewReport, Written
from gis.store.submission_look import Asked, Looked, Stored
from gis.words import Actor, Place

SUMMARY = 120


@dataclass(frozen=True, slots=True)
class Filing:
    """The checked draft of somebody, snapped on what is known of the community."""

    actor: Actor
    checked: Checked
    place: Place
    case_id: UUID

    @property
    def need(self) -> Need:
        """What dispatch looks for."""
        place, at = self.place, self.checked.draft.position
        return Need(
            self.actor.community_id,
            self.case_id,
            self.checked.kind,
            at.lon,
            at.lat,
            place.grid.code if place.grid else None,
            place.micro_grid.code if place.micro_grid else None,
            place.building.id if place.building else None,
            (self.actor.person_id,),
            languages=(self.actor.language,),
            companions=self.checked.draft.not_to,
        )


def in_force(looked: Looked, atlas: CommunityAtlas) -> bool:
    """Tell whether what is in memory is what the database has."""
    return (looked.area_version, looked.network_version) == (atlas.area_version, atlas.network_version)


async def look(work: Work, filings: Sequence[Filing]) -> list[Looked]:
    """Return what is known of reports of one community before they are written.

    Parameters
    ----------
    work, filings
        Unit of work, and the reports.

    Raises
    ------
    NotFoundError
        ``community_not_found``.
    """
    rules, now = work.settings.duplicates, work.clock.now()
    asked = [
        Asked(
            one.checked.draft.id,
            one.actor.person_id,
            one.checked.draft.position.lon,
            one.checked.draft.position.lat,
            likeness_for(rules, one.checked.told, now),
        )
        for one in filings
    ]
    looked = await submission_look.look(work.session, filings[0].actor.community_id, asked)
    if not looked:
        raise NotFoundError("no such community", code="community_not_found")
    return looked


def replay(filing: Filing, stored: Stored) -> Submitted:
    """Return what was answered the first time.

    Parameters
    ----------
    filing, stored
        What was sent, and what is there under its id.

    Raises
    ------
    ConflictError
        ``report_id_reused``.
    """
    if stored.reporter_id != filing.actor.person_id or stored.body_hash != filing.checked.body_hash:
        raise ConflictError("this id stands for another report", code="report_id_reused")
    return Submitted(
        filing.checked.draft.id,
        stored.number,
        stored.case_id,
        stored.place,
        stored.offer.offer(stored.case_id) if stored.offer else None,
        stored.duplicates,
        replayed=True,
        linked=stored.link_score is not None,
    )


async def join(work: Work, atlas: CommunityAtlas, filing: Filing, found: Compared) -> Submitted | None:
    """Put a report into the case that is there already: no second case, nobody is asked again.

    Parameters
    ----------
    work, atlas, filing
        The report.
    found
        With the case.

    Returns
    -------
    Submitted or None
        None when nothing was written: something has changed meanwhile.
    """
    if found.link is None:
        raise ValueError("nothing to be joined")
    held = InForce(filing.actor.community_id, atlas.area_version, work.clock.now())
    new = _new_report(atlas, replace(filing, case_id=found.link.case_id), found, held.now)
    number = await submission.write_linked(
        work.session, held, new, found.link.score, found.link.how, last=_is_last(work, filing)
    )
    answer = _answer(filing, new, Written(number) if number else None)
    return answer and replace(answer, linked=True)


async def open_cases(
    work: Work, atlas: CommunityAtlas, filings: Sequence[tuple[Filing, Compared]]
) -> list[Submitted | None]:
    """Write reports that open a case each, with an offer to the first who is free.

    Each is ranked in the order they came, on what those before it leave of people's time.

    Parameters
    ----------
    work, atlas
        Unit of work and community.
    filings
        The reports, and what they were compared with.

    Returns
    -------
    list of Submitted or None
        None where nothing was written: something has changed meanwhile.
    """
    community_id = atlas.community_id
    held = InForce(community_id, atlas.area_version, work.clock.now())
    mark = work.rosters.mark()
    new = [await _new_case(work, atlas, one, found, held, mark) for one, found in filings]
    last = all(_is_last(work, one) for one, _ in filings)
    written: dict[UUID, Written] = {}
    try:
        written = await submission.write(work.session, held, new, last=last)
    finally:
        for one in new:
            done = written.get(one.report.report_id)
            work.rosters.settle(community_id, _first(one.ask), done.asked if done else None)
    if not work.jobs.by_statement:
        await _defer(work, [(written[one.report.report_id], one, held) for one in new])
    return [
        _answer(filing, one.report, written.get(one.report.report_id))
        for (filing, _), one in zip(filings, new, strict=True)
    ]


async def _defer(work: Work, cases: Sequence[tuple[Written, NewCase, InForce]]) -> None:
    for done, case, held in cases:
        for one in _later(case.report, case.ask, case.offer_id, held):
            if one.offered == (done.claimed is not None):
                await work.jobs.defer(work.session, one.task, at=one.at, **one.args)


def _is_last(work: Work, filing: Filing) -> bool:
    """Tell whether nothing else belongs to the unit of work: what waits in a simulation, or another seat of an order."""
    return work.jobs.by_statement and filing.checked.draft.window is None


async def _new_case(  # noqa: PLR0917 - a report, where and when
    work: Work, atlas: CommunityAtlas, filing: Filing, found: Compared, held: InForce, mark: float
) -> NewCase:
    ranking = Ranking(())
    inside = filing.place.micro_grid is not None  # what lies outside is kept for the desk
    if inside:
        ranking = await _ranking(work, atlas, filing.need, held.now, mark)
    wanted = ask(ranking, filing.checked.kind, held.now)
    work.rosters.expect(atlas.community_id, _first(wanted))
    report = _new_report(atlas, filing, found, held.now)
    case = NewCase(report, wanted, noted(ranking) if inside else None)
    return replace(case, later=_later(report, wanted, case.offer_id, held) if work.jobs.by_statement else ())


def _first(wanted: Ask) -> UUID | None:
    return wanted.responder_ids[0] if wanted.responder_ids else None


async def _ranking(work: Work, atlas: CommunityAtlas, need: Need, now: datetime, mark: float) -> Ranking:
    """Return whom to ask; that nobody is there is believed only of a roster that was read since the mark."""
    rules, rosters = work.settings.dispatch, work.rosters
    roster = await rosters.get(work.session, need.community_id, now)
    ranking = ranked(atlas, roster, rules, need, now)
    if not ranking.ranked:
        renewed = await rosters.renewed(work.session, need.community_id, now, mark=mark)
        ranking = ranking if renewed is roster else ranked(atlas, renewed, rules, need, now)
    return ranking


def _later(new: NewReport, wanted: Ask, offer_id: UUID, held: InForce) -> tuple[Later, ...]:
    """Return what has to be done later: an offer runs out, others were claiming the same people, or nobody was there."""
    if wanted.responder_ids:
        expected = answer_expected(held.community_id, offer_id, wanted.expires_at)
        return expected, asked_soon(held.community_id, held.now)
    climb_at = new.moments["climb_at"]
    return () if climb_at is None else (climb_awaited(held.community_id, new.case_id, climb_at),)


def _new_report(atlas: CommunityAtlas, filing: Filing, found: Compared, now: datetime) -> NewReport:
    checked, draft, kind = filing.checked, filing.checked.draft, filing.checked.kind
    clock, at = atlas.calendar.clock(kind), draft.position
    target = PhotoTarget(filing.case_id, draft.id, at.lon, at.lat, atlas.metric.srid)
    return NewReport(
        report_id=draft.id,
        case_id=filing.case_id,
        reporter_id=filing.actor.person_id,
        category=kind.code,
        urgent=kind.urgent,
        description=checked.description,
        summary=checked.description.partition("\n")[0][:SUMMARY],
        source=draft.source,
        detail=checked.detail,
        position=at,
        place=filing.place,
        fixed_at=draft.fixed_at,
        moments=moments(draft.window, now) if draft.window else opening(kind, now, clock),
        starts_at=draft.window.starts_at if draft.window else None,
        ends_at=draft.window.ends_at if draft.window else None,
        body_hash=checked.body_hash,
        manifest=checked.manifest,
        duplicates=found.duplicates,
        photos=[photo_row(filing.actor, target, photo, now) for photo in checked.photos],
        recurrence_of=found.recurrence_of,
    )


def _answer(filing: Filing, new: NewReport, done: Written | None) -> Submitted | None:
    if done is None:
        return None
    offer = done.claimed.offer(new.case_id) if done.claimed else None
    return Submitted(
        new.report_id, done.number, new.case_id, filing.place, offer, new.duplicates, replayed=False
    )
