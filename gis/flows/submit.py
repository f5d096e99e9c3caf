"""Filing a report: snapped, stored durably, and offered to the closest available responder in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from gis.cases.categories import Category, category
from gis.cases.ladder import opening
from gis.dispatch.ranking import Ranking
from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.flows.atlas import CommunityAtlas
from gis.flows.attach_photo import store_photos
from gis.flows.clocks import climb_awaited
from gis.flows.comparing import Compared, Told, compare, likeness_for
from gis.flows.finding import Need, ask, ranked
from gis.flows.locate import locate
from gis.flows.locate_plate import locate_plate
from gis.flows.offer_case import answer_expected, asked_soon
from gis.flows.plates import PlatePlace
from gis.flows.texts import plain
from gis.flows.work import Work
from gis.intake import CleanPhoto
from gis.orders.windows import TimeWindow, moments
from gis.people.permissions import require
from gis.store import submission
from gis.store.claims import Ask, Claimed
from gis.store.jobs import Later
from gis.store.similar import Duplicate
from gis.store.submission import Looked, NewIds, NewReport, Stored
from gis.words import Actor, Offer, Place, Position

TRIES = 6
SUMMARY = 120
SOURCES = frozenset({"app", "form", "hotline", "visit", "patrol", "open311", "program", "order"})


@dataclass(frozen=True, slots=True)
class ReportDraft:
    """What a reporter sends.

    Parameters
    ----------
    id
        Made by the client; sent again, it changes nothing.
    category
        A code.
    description, detail
        Words; floor, unit or landmark.
    position
        From ``gis.crs.parse_position``.
    source
        One of ``SOURCES``.
    fixed_at
        The phone's own time; kept, not trusted.
    manifest
        SHA-256 of photos to come.
    photos
        That came with it, from ``prepare_photo``.
    plate
        From ``read_plate``: the report is exactly there, whatever the position says.
    same_as
        The open case that the reporter says it is about.
    separate
        The reporter says that it is another problem: it is never linked automatically.
    chosen_place
        Id of the building, or id or code of the micro-grid, where the reporter says that it is.
    window
        Of an ordered service: its case is due by it, and is opened together with others.
    not_to
        Who has another seat of the same order, and isn't asked.
    """

    id: UUID
    category: str
    description: str
    position: Position
    detail: str = ""
    source: str = "app"
    fixed_at: datetime | None = None
    manifest: tuple[str, ...] = ()
    photos: Sequence[CleanPhoto] = ()
    plate: PlatePlace | None = None
    same_as: UUID | None = None
    separate: bool = False
    chosen_place: str | None = None
    window: TimeWindow | None = None
    not_to: frozenset[UUID] = frozenset()


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a reporter is answered, the same for every repeat.

    ``linked``: the report joined a case that was open already, the first of ``duplicates``; nobody is asked again.
    """

    report_id: UUID
    number: str
    case_id: UUID
    place: Place
    offer: Offer | None
    duplicates: tuple[Duplicate, ...]
    replayed: bool
    linked: bool = False


@dataclass(frozen=True, slots=True)
class _Checked:
    """A draft whose words were checked, with what identifies it."""

    draft: ReportDraft
    kind: Category
    description: str
    detail: str
    manifest: tuple[str, ...]
    body_hash: bytes

    @property
    def told(self) -> Told:
        """What it is compared by with the cases around it."""
        draft = self.draft
        hashes = tuple(photo.perceptual_hash for photo in draft.photos)
        return Told(
            self.kind.code, draft.position, self.description, hashes, draft.same_as, separate=draft.separate
        )


@dataclass(frozen=True, slots=True)
class _Filing:
    """One attempt: the checked draft of somebody, snapped on what is known of the community."""

    actor: Actor
    checked: _Checked
    atlas: CommunityAtlas
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
            refused=self.checked.draft.not_to,
        )


async def submit(work: Work, actor: Actor, draft: ReportDraft) -> Submitted:
    """File a report.

    Parameters
    ----------
    work
        Unit of work; what is answered is durable once it is committed.
    actor
        The reporter.
    draft
        What they sent.

    Raises
    ------
    InvalidInputError
        ``category_unknown``, ``source_unknown``, ``text_too_long``, ``too_many_photos``, ``same_as_or_separate``,
        ``same_as_too_far``, ``choice_unknown``, ``choice_too_far``, ``choice_with_plate``.
    ConflictError
        ``report_id_reused``: the id stands for another report. ``same_as_not_open``.
    NotFoundError
        ``case_not_found``: there is no such case to be the same as.
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "submit")
    checked = _check(work, draft)
    atlas = work.atlas.peek(actor.community_id) or await work.atlas.get(work.session, actor.community_id)
    for _ in range(TRIES):
        filing = _Filing(actor, checked, atlas, _located(work, atlas, checked.draft), uuid4())
        looked = await _look(work, filing)
        if looked.stored is not None:
            return _replay(actor, checked, looked.stored)
        if (looked.area_version, looked.network_version) != (atlas.area_version, atlas.network_version):
            atlas = await work.atlas.get(work.session, actor.community_id)
            continue
        found = compare(work.settings.duplicates, atlas, actor, checked.told, looked.nearby, work.clock.now())
        submitted = await (_link if found.link else _write)(work, filing, looked, found)
        if submitted is not None:
            await store_photos(work, submitted.case_id, draft.id, "before", draft.photos, actor)
            return submitted
    raise ConflictError("the boundaries keep changing", code="changed_meanwhile")


def _located(work: Work, atlas: CommunityAtlas, draft: ReportDraft) -> Place:
    if draft.plate is not None:
        return locate_plate(atlas, draft.plate, work.settings.snap)
    return locate(atlas, draft.position, work.settings.snap, chosen_place=draft.chosen_place)


def _check(work: Work, draft: ReportDraft) -> _Checked:
    kind = category(draft.category)
    if draft.source not in SOURCES:
        raise InvalidInputError("unknown source", code="source_unknown", field="source")
    description = plain(draft.description, "description")
    detail = plain(draft.detail, "detail", limit=200)
    manifest = tuple(dict.fromkeys([*draft.manifest, *(photo.sha256 for photo in draft.photos)]))
    limit = work.settings.photo.max_per_report
    if len(manifest) > limit:
        raise InvalidInputError(f"at most {limit} photos", code="too_many_photos", field="photo", limit=limit)
    at, plate = draft.position, draft.plate
    stated: tuple[object, ...]
    if plate is None:
        stated = (
            at.stated_datum,
            at.stated_lon,
            at.stated_lat,
            at.lon,
            at.lat,
            at.accuracy_m,
            at.heading_deg,
        )
    else:  # not its position, which may be another when the boundaries have changed
        stated, at = (plate.plate.kind, plate.plate.place_id), plate.position(at)
        draft = replace(draft, position=at)
    fixed_at = draft.fixed_at.isoformat() if draft.fixed_at else None
    if draft.same_as and draft.separate:
        raise InvalidInputError(
            "either the same or another problem", code="same_as_or_separate", field="separate"
        )
    if draft.chosen_place and plate is not None:
        raise InvalidInputError("the plate says where", code="choice_with_plate", field="chosen_place")
    body = [draft.category, description, detail, draft.source, fixed_at, sorted(manifest), at.source, stated]
    if draft.same_as or draft.separate:
        body.append(str(draft.same_as or "separate"))
    if draft.chosen_place:
        body.append(["chosen_place", draft.chosen_place])
    digest = hashlib.sha256(json.dumps(body, ensure_ascii=False).encode()).digest()
    return _Checked(draft, kind, description, detail, manifest, digest)


async def _look(work: Work, filing: _Filing) -> Looked:
    draft = filing.checked.draft
    actor, at = filing.actor, draft.position
    likeness = likeness_for(work.settings.duplicates, filing.checked.told, work.clock.now())
    looked = await submission.look(
        work.session, actor.community_id, actor.person_id, draft.id, lon=at.lon, lat=at.lat, likeness=likeness
    )
    if looked is None:
        raise NotFoundError("no such community", code="community_not_found")
    return looked


def _replay(actor: Actor, checked: _Checked, stored: Stored) -> Submitted:
    if stored.reporter_id != actor.person_id or stored.body_hash != checked.body_hash:
        raise ConflictError("this id stands for another report", code="report_id_reused")
    offer = _offer(stored.case_id, stored.offer)
    linked = stored.link_score is not None
    return Submitted(
        checked.draft.id,
        stored.number,
        stored.case_id,
        stored.place,
        offer,
        stored.duplicates,
        replayed=True,
        linked=linked,
    )


async def _link(work: Work, filing: _Filing, looked: Looked, found: Compared) -> Submitted | None:
    """Put the report into the case that is there already: no second case, nobody is asked again."""
    if found.link is None:
        return None
    joining = replace(filing, case_id=found.link.case_id)
    new = _new_report(joining, looked, found, work.clock.now())
    number = await submission.write_linked(work.session, new, found.link.score, found.link.how)
    if number is None:
        return None
    return Submitted(
        new.report_id,
        number,
        new.case_id,
        new.place,
        None,
        new.duplicates,
        replayed=False,
        linked=True,
    )


async def _write(work: Work, filing: _Filing, looked: Looked, found: Compared) -> Submitted | None:
    now, place, case_id = work.clock.now(), filing.place, filing.case_id
    ranking = Ranking(())
    if place.micro_grid is not None:  # what lies outside is kept for the desk
        ranking = await _ranking(work, filing, now)
    wanted = ask(ranking, filing.checked.kind, now)
    explanation = ranking.explain(None) if place.micro_grid else None
    new = _new_report(filing, looked, found, now)
    ids = NewIds()
    later = _later(new, wanted, ids)
    by_statement = work.jobs.by_statement
    last = by_statement and not filing.checked.draft.photos and filing.checked.draft.window is None
    written = await submission.write(
        work.session, new, wanted, explanation, ids, later if by_statement else (), last=last
    )
    if written is None:
        return None
    if written.claimed is not None:
        work.rosters.taken(new.community_id, written.claimed.responder_id)
    for one in () if by_statement else later:
        if one.offered == (written.claimed is not None):
            await work.jobs.defer(work.session, one.task, at=one.at, **one.args)
    offer = _offer(case_id, written.claimed)
    report_id = filing.checked.draft.id
    return Submitted(report_id, written.number, case_id, place, offer, new.duplicates, replayed=False)


async def _ranking(work: Work, filing: _Filing, now: datetime) -> Ranking:
    """Return whom to ask; that nobody is there is believed only of a roster that was read for it."""
    community_id, rules, need = filing.actor.community_id, work.settings.dispatch, filing.need
    roster = await work.rosters.get(work.session, community_id, now)
    ranking = ranked(filing.atlas, roster, rules, need, now)
    if not ranking.ranked:
        renewed = await work.rosters.renewed(work.session, community_id, now, roster)
        ranking = ranking if renewed is roster else ranked(filing.atlas, renewed, rules, need, now)
    return ranking


def _later(new: NewReport, wanted: Ask, ids: NewIds) -> tuple[Later, ...]:
    """Return what has to be done later: an offer runs out, others were claiming the same people, or nobody was there."""
    community_id, case_id = new.community_id, new.case_id
    if wanted.responder_ids:
        expected = answer_expected(community_id, ids.offer_id, wanted.expires_at)
        return expected, asked_soon(community_id, new.received_at)
    climb_at = new.moments["climb_at"]
    return () if climb_at is None else (climb_awaited(community_id, case_id, climb_at),)


def _new_report(filing: _Filing, looked: Looked, found: Compared, now: datetime) -> NewReport:
    checked, draft, kind = filing.checked, filing.checked.draft, filing.checked.kind
    clock = filing.atlas.calendar.clock(kind)
    return NewReport(
        community_id=filing.actor.community_id,
        report_id=draft.id,
        case_id=filing.case_id,
        reporter_id=filing.actor.person_id,
        category=kind.code,
        urgent=kind.urgent,
        description=checked.description,
        summary=checked.description.partition("\n")[0][:SUMMARY],
        source=draft.source,
        detail=checked.detail,
        position=draft.position,
        place=filing.place,
        area_version=looked.area_version,
        fixed_at=draft.fixed_at,
        received_at=now,
        moments=moments(draft.window, now) if draft.window else opening(kind, now, clock),
        starts_at=draft.window.starts_at if draft.window else None,
        ends_at=draft.window.ends_at if draft.window else None,
        body_hash=checked.body_hash,
        manifest=checked.manifest,
        duplicates=found.duplicates,
        recurrence_of=found.recurrence_of,
    )


def _offer(case_id: UUID, claimed: Claimed | None) -> Offer | None:
    if claimed is None:
        return None
    return Offer(
        claimed.offer_id,
        case_id,
        claimed.responder_id,
        claimed.responder_name,
        claimed.travel_s,
        claimed.distance_m,
        claimed.expires_at,
    )
