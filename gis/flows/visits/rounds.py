"""Rounds of visits: planned along the streets over doors where nobody was met for long, ticked off on the way."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

import numpy as np

from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.flows.community_atlas import CommunityAtlas
from gis.flows.naming import person_called
from gis.flows.notify import notify
from gis.flows.texts import plain
from gis.flows.today import today_in
from gis.flows.visits.draft import VisitDraft
from gis.flows.visits.homes import homes_of
from gis.flows.visits.placing import buildings_of
from gis.flows.visits.record import record_visit
from gis.flows.work import Work
from gis.people.permissions import may, require
from gis.rounds import Round, order_round
from gis.store import rounds
from gis.store.rounds import Goer, NewStop, RoundRow, StopRow
from gis.store.session import ReadSession
from gis.store.sessions import actor_of
from gis.visits.due import MOST_STOPS, Due, due
from gis.visits.kinds import Outcome, StopState, VisitKind
from gis.words import Actor, Mode, Notice, Position, Role

LONGEST_DAYS = 365
KEPT_DAYS = 30
"""Older rounds aren't shown any more: they name doors."""
SERVICE_S = 480.0
"""How long is stayed at a door."""


@dataclass(frozen=True, slots=True)
class RoundDraft:
    """What somebody wants to go round; the id is made by the client.

    Parameters
    ----------
    days
        Doors where nobody was met for so many days.
    most
        How many stops.
    start
        Where it begins; None: at the first door.
    """

    round_id: UUID
    days: int = 30
    most: int = 15
    start: Position | None = None
    name: str = ""
    campaign_id: UUID | None = None
    person: str = ""
    """Whose it is, by id, username or name; none: one's own."""


@dataclass(frozen=True, slots=True)
class TickDraft:
    """What became of a stop.

    Parameters
    ----------
    state
        done, not_home, skipped, or todo: once more.
    visit_id
        Of the entry that is written for it, made by the client.
    """

    state: str
    visit_id: UUID
    words: str = ""


async def plan_round(work: Work, actor: Actor, draft: RoundDraft) -> UUID:
    """Plan a round for oneself, or for a watcher or grid worker of one's areas; the same id again changes nothing.

    Parameters
    ----------
    work, actor, draft
        Who plans what.

    Raises
    ------
    InvalidInputError
        ``round_days``, ``round_stops``, ``text_too_long``, ``person_not_called``, ``person_unclear``, ``round_person``.
    NotAllowedError
        ``not_allowed``: for somebody else.
    ConflictError
        ``nobody_due``, ``round_id_reused``.
    """
    require(actor, "visit")
    if not 0 <= draft.days <= LONGEST_DAYS:
        raise InvalidInputError("how many days", code="round_days", field="days", limit=LONGEST_DAYS)
    if not 1 <= draft.most <= MOST_STOPS:
        raise InvalidInputError("how many stops", code="round_stops", field="most", limit=MOST_STOPS)
    if await rounds.round_rows(work.session, actor.community_id, actor.person_id, round_id=draft.round_id):
        return draft.round_id
    atlas = await work.atlas.get(work.session, actor.community_id)
    whose = await _whose(work, actor, atlas, draft.person)
    wanted = due(await homes_of(work, whose, atlas), work.clock.now(), draft.days, draft.most)
    if not wanted:
        raise ConflictError("nobody is due", code="nobody_due", field="days")
    start = draft.start or Position(wanted[0].home.lon, wanted[0].home.lat)
    ordered = await asyncio.to_thread(_order, atlas, start, wanted)
    await _store(work, actor, whose, draft, start, wanted, ordered)
    if whose.person_id != actor.person_id:
        data: dict[str, str | int | float] = {"name": actor.name, "round_id": str(draft.round_id)}
        await notify(work, actor.community_id, Notice("round_planned", [whose.person_id], data=data))
    return draft.round_id


async def _whose(work: Work, actor: Actor, atlas: CommunityAtlas, called: str) -> Actor:
    """Return whose a round is to be, with the role and areas that they have now."""
    if not called.strip():
        return actor
    found = await person_called(work, actor.community_id, called)
    if found.person_id == actor.person_id:
        return actor
    require(actor, "plan_rounds")
    whose = await actor_of(work.session, actor.community_id, found.person_id)
    if (
        whose is None
        or whose.role not in {Role.WATCHER, Role.GRID_WORKER}
        or not buildings_of(atlas, whose) & buildings_of(atlas, actor)
    ):
        raise InvalidInputError("not of one's areas", code="round_person", field="person")
    return whose


async def round_people(session: ReadSession, actor: Actor) -> list[Goer]:
    """Return for whom somebody may plan rounds: watchers and grid workers of their grids; nobody for a watcher.

    Parameters
    ----------
    session, actor
        Who plans.
    """
    if not may(actor, "plan_rounds"):
        return []
    grids = sorted(actor.grid_codes) if actor.role is Role.GRID_WORKER else None
    return await rounds.goers(session, actor.community_id, grids, but=actor.person_id)


async def _store(  # noqa: PLR0917 - who plans whose round, where it begins, over which doors, in which order
    work: Work,
    actor: Actor,
    whose: Actor,
    draft: RoundDraft,
    start: Position,
    wanted: Sequence[Due],
    ordered: Round,
) -> None:
    order = [*ordered.order, *ordered.unreachable]
    arrive = [*ordered.arrive_s, *([0.0] * len(ordered.unreachable))]
    stops = [_stop(wanted[row - 1], arrive_s) for row, arrive_s in zip(order, arrive, strict=True)]
    row = RoundRow(
        draft.round_id,
        whose.person_id,
        whose.name,
        draft.campaign_id,
        await today_in(work.session, work.clock, actor.community_id),
        plain(draft.name, "name", limit=40),
        start.lon,
        start.lat,
        ordered.travel_s,
        work.clock.now(),
        len(stops),
        0,
        len(stops),
        actor.person_id,
        actor.name,
    )
    if not await rounds.add_round(work.session, actor.community_id, row, stops):
        raise ConflictError("this id stands for another round", code="round_id_reused")


def _stop(one: Due, arrive_s: float) -> NewStop:
    home = one.home
    reason = "never" if one.days is None else str(one.days)
    return NewStop(
        home.building_id, home.household_id, home.flat, home.label, reason, home.lon, home.lat, arrive_s
    )


def _order(atlas: CommunityAtlas, start: Position, wanted: Sequence[Due]) -> Round:
    """Return the order of the visits on foot, by the ways of the streets with their gates."""
    lon = [start.lon, *(one.home.lon for one in wanted)]
    lat = [start.lat, *(one.home.lat for one in wanted)]
    xy = np.column_stack(atlas.metric.project(np.array(lon), np.array(lat)))
    seconds = atlas.network.travel_many(Mode.WALK, xy, xy)[0].T
    return order_round(seconds, 0, None, SERVICE_S)


async def stops_of(work: Work, actor: Actor, round_id: UUID) -> tuple[RoundRow, list[StopRow]]:
    """Return one's own round, or one that one planned, with the stops at doors that one still looks after.

    Raises
    ------
    NotFoundError
        ``round_not_found``.
    """
    require(actor, "visit")
    since = await today_in(work.session, work.clock, actor.community_id) - timedelta(days=KEPT_DAYS)
    found = await rounds.round_rows(
        work.session, actor.community_id, actor.person_id, round_id=round_id, since=since
    )
    if not found:
        raise NotFoundError("no such round, or not yours", code="round_not_found")
    atlas = await work.atlas.get(work.session, actor.community_id)
    mine = buildings_of(atlas, actor)
    stops = await rounds.stop_rows(work.session, actor.community_id, round_id)
    return found[0], [one for one in stops if one.building_id in mine]


async def tick_stop(work: Work, actor: Actor, round_id: UUID, n: int, draft: TickDraft) -> StopRow:
    """Tick a stop off: who was met or not is written into the watch log; said again, nothing changes.

    Parameters
    ----------
    work, actor, round_id, n, draft
        Who has been where, and what became of it.

    Raises
    ------
    NotFoundError
        ``round_not_found``, ``stop_not_found``.
    InvalidInputError
        ``stop_state``.
    ConflictError
        ``stop_done``: somebody was met there already.
    """
    if draft.state not in set(StopState):
        raise InvalidInputError("done, not_home, skipped or todo", code="stop_state", field="state")
    row, stops = await stops_of(work, actor, round_id)
    if row.person_id != actor.person_id:
        raise NotFoundError("somebody else goes it", code="round_not_found")
    stop = next((one for one in stops if one.n == n), None)
    if stop is None:
        raise NotFoundError("no such stop", code="stop_not_found")
    visited = draft.state in {StopState.DONE, StopState.NOT_HOME}
    if stop.state == StopState.DONE and stop.visit_id != draft.visit_id:
        raise ConflictError("somebody was met there already", code="stop_done")
    if visited:
        await record_visit(work, actor, _entry(row, stop, draft))
    at = work.clock.now() if draft.state != StopState.TODO else None
    visit_id = draft.visit_id if visited else None
    await rounds.tick(work.session, actor.community_id, round_id, n, draft.state, visit_id, at)
    _, after = await stops_of(work, actor, round_id)
    return next(one for one in after if one.n == n)


def _entry(row: RoundRow, stop: StopRow, draft: TickDraft) -> VisitDraft:
    outcome = Outcome.DONE if draft.state == StopState.DONE else Outcome.NOT_HOME
    return VisitDraft(
        draft.visit_id,
        VisitKind.VISIT.value,
        outcome.value,
        building_id=stop.building_id,
        household_id=stop.household_id,
        flat=stop.flat,
        words=draft.words,
        campaign_id=row.campaign_id,
        round_id=row.round_id,
    )


async def my_rounds(work: Work, actor: Actor) -> tuple[date, list[RoundRow]]:
    """Return the community's day, and the rounds of late that are one's own or that one planned.

    Parameters
    ----------
    work, actor
        Whose.
    """
    require(actor, "visit")
    today = await today_in(work.session, work.clock, actor.community_id)
    since = today - timedelta(days=KEPT_DAYS)
    return today, await rounds.round_rows(work.session, actor.community_id, actor.person_id, since=since)
