"""Calling people and vehicles together (应急集结): one act, in waves, until enough are coming.

A muster asks nobody's leave of their other work: who is called keeps their offers and tasks, a call takes none of their
capacity and is no offer. It is the one place where somebody is asked for two things at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import numpy as np

from gis.categories import SKILLS
from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.flows.locate import locate
from gis.flows.notify import notify
from gis.flows.sweeping import each
from gis.flows.work import OpenWork, Work
from gis.muster import waves
from gis.muster.waves import Called, Reachable
from gis.people.permissions import relations_or_not_found, require
from gis.store import cases, musters, teams
from gis.store.jobs import Task
from gis.store.musters import Able, Muster, NewMuster
from gis.words import Actor, Mode, Notice, Place, Position

EVERY_MINUTE = ("sweep_musters",)
MOST = 200
MOST_TITLE = 80
LOST_S = 60
LOOK_S = 6 * 3600
"""A muster that is short looks for so long for whoever comes on duty."""
SWEPT_AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class MusterDraft:
    """A muster as it is asked for; the place is a position or a case."""

    muster_id: UUID
    title: str
    people: int
    vehicles: int = 0
    position: Position | None = None
    case_id: UUID | None = None
    skills: tuple[str, ...] = ()
    off_duty: bool = False
    team_id: UUID | None = None
    """Only its members are called."""
    radius_m: float | None = None
    """How far off the first wave calls, each next one twice as far; None: everybody, the nearest first."""


async def call_muster(work: Work, actor: Actor, draft: MusterDraft) -> UUID:
    """Call people and vehicles to a place; the first wave is called at once. A repeat of the same id changes nothing.

    Parameters
    ----------
    work, actor
        Who calls.
    draft
        Whom, and where to.

    Raises
    ------
    InvalidInputError
        ``muster_nobody``, ``muster_too_many``, ``muster_place_missing``, ``skill_unknown``, ``team_unknown``.
    """
    require(actor, "muster")
    return await raise_muster(work, actor, draft)


async def raise_muster(work: Work, actor: Actor, draft: MusterDraft) -> UUID:
    """Call a muster; who may was checked. See ``call_muster``."""
    _check(draft)
    if draft.team_id is not None and not await teams.active(work.session, actor.community_id, draft.team_id):
        raise InvalidInputError("no such team", code="team_unknown", field="team")
    new = await _placed(work, actor, draft)
    if not await musters.add(work.session, actor.community_id, new):
        return draft.muster_id
    data = {"people": draft.people, "vehicles": draft.vehicles}
    await musters.tell(
        work.session,
        actor.community_id,
        draft.muster_id,
        "call",
        at=work.clock.now(),
        actor_id=actor.person_id,
        data=data,
    )
    muster = await held(work, actor.community_id, draft.muster_id)
    await call_wave(work, actor.community_id, muster, muster.wanted)
    return draft.muster_id


def _check(draft: MusterDraft) -> None:
    if draft.people < 0 or draft.vehicles < 0 or draft.people + draft.vehicles == 0:
        raise InvalidInputError("somebody must be wanted", code="muster_nobody", field="people")
    if draft.people + draft.vehicles > MOST:
        raise InvalidInputError(f"at most {MOST} at once", code="muster_too_many", field="people", limit=MOST)
    unknown = sorted(set(draft.skills) - set(SKILLS))
    if unknown:
        raise InvalidInputError(
            f"no such skill: {unknown[0]}", code="skill_unknown", field="skills", skill=unknown[0]
        )
    if draft.position is None and draft.case_id is None:
        raise InvalidInputError("a place or a case", code="muster_place_missing", field="lon")


async def _placed(work: Work, actor: Actor, draft: MusterDraft) -> NewMuster:
    """Return the muster with its place: the case's own, or where the position lies."""
    case = None
    if draft.case_id is not None:
        case = await cases.lock(work.session, actor.community_id, draft.case_id)
        relations_or_not_found(actor, case.facts if case else None)
    position = draft.position or (Position(case.lon, case.lat) if case else None)
    if position is None:
        raise AssertionError  # _check has raised
    atlas = await work.atlas.get(work.session, actor.community_id)
    place = locate(atlas, position, work.settings.snap)
    if place.community is None:
        raise InvalidInputError("the place lies outside", code="position_outside_community", field="lon")
    building = place.building.id if place.building else None
    return NewMuster(
        draft.muster_id,
        draft.title.strip()[:MOST_TITLE],
        draft.case_id,
        draft.people,
        draft.vehicles,
        tuple(dict.fromkeys(draft.skills)),
        draft.off_duty,
        position.lon,
        position.lat,
        building,
        place.as_json(),
        _name_of(place),
        place.grid.code if place.grid else None,
        actor.person_id,
        work.clock.now(),
        draft.team_id,
        draft.radius_m,
    )


def _name_of(place: Place) -> str:
    named = (one.name for one in (place.building, place.street, place.micro_grid) if one and one.name)
    return next(named, "")


async def held(work: Work, community_id: str, muster_id: UUID) -> Muster:
    """Return a muster, held until the transaction ends.

    Raises
    ------
    NotFoundError
        ``muster_not_found``.
    """
    found = await musters.lock(work.session, community_id, muster_id)
    if found is None:
        raise NotFoundError("no such muster, or not one of yours", code="muster_not_found")
    return found


def require_calling(muster: Muster) -> None:
    """Refuse what comes after a muster was stood down.

    Raises
    ------
    ConflictError
        ``muster_over``.
    """
    if muster.status != "calling":
        raise ConflictError("the muster has been stood down", code="muster_over")


async def call_wave(work: Work, community_id: str, muster: Muster, missing: dict[str, int]) -> None:
    """Call the next wave of a held muster, if anybody is left, and look again when its time for an answer is over.

    Parameters
    ----------
    work, community_id, muster
        The muster.
    missing
        How many are short for each kind of seat.
    """
    now = work.clock.now()
    rules = work.settings.muster
    people = await musters.able(work.session, community_id, muster, now=now, fresh_s=rules.fresh_position_s)
    known = {
        one.person_id
        for one in await musters.calls(work.session, community_id, muster.muster_id)
        if one.status != "stood_down"
    }
    reachable = await _reachable(work, community_id, muster, people)
    inside = waves.near(reachable, muster.radius_m, muster.wave + 1)
    calls = waves.next_wave(missing, inside, known)
    grows = len(inside) < len(reachable)
    looking = now - muster.created_at < timedelta(seconds=LOOK_S)
    next_at = now + timedelta(seconds=rules.answer_s) if looking else None
    wave = muster.wave + 1 if calls or grows else muster.wave
    await musters.set_wave(work.session, community_id, muster.muster_id, wave, next_at)
    if next_at:
        await work.jobs.defer(
            work.session,
            "muster_wave",
            at=next_at,
            community_id=community_id,
            muster_id=str(muster.muster_id),
        )
    if not calls:
        return
    rows = [(one.person_id, one.seat, one.travel_s, one.distance_m) for one in calls]
    await musters.call(work.session, community_id, muster.muster_id, wave, rows, now=now)
    await musters.tell(
        work.session,
        community_id,
        muster.muster_id,
        "wave",
        at=now,
        data={"wave": wave, "called": len(calls)},
    )
    await tell_called(
        work, community_id, muster, "muster_called", [one.person_id for one in calls], turn=wave
    )


async def tell_called(
    work: Work, community_id: str, muster: Muster, kind: str, people: Sequence[UUID], *, turn: int
) -> None:
    """Tell those who were called: it passes quiet hours.

    Parameters
    ----------
    work, community_id, muster
        The muster.
    kind
        ``muster_called`` or ``muster_stood_down``.
    people
        Who.
    turn
        Tells two notices of the same kind to the same person apart.
    """
    data: dict[str, str | int | float] = {
        "muster_id": str(muster.muster_id),
        "title": muster.title,
        "people": muster.people,
        "vehicles": muster.vehicles,
    }
    notice = Notice(kind, people, muster.case_id, urgent=True, data=data, key=f"{muster.muster_id}:{turn}")
    await notify(work, community_id, notice)


async def _reachable(
    work: Work, community_id: str, muster: Muster, people: Sequence[Able]
) -> list[Reachable]:
    """Return everybody's way to the place, one search of the network for each way of moving."""
    if not people:
        return []
    atlas = await work.atlas.get(work.session, community_id)
    target = atlas.target(muster.lon, muster.lat, muster.building_id)
    x, y = atlas.metric.project(np.array([one.lon for one in people]), np.array([one.lat for one in people]))
    here = np.column_stack([x, y])
    found: list[Reachable] = []
    for mode in Mode:
        who = [row for row, one in enumerate(people) if one.mode == mode]
        if not who:
            continue
        seconds, metres = atlas.network.travel(mode, here[who], target)
        found += [
            Reachable(people[row].person_id, mode is Mode.CAR, float(second), float(metre))
            for row, second, metre in zip(who, seconds, metres, strict=True)
        ]
    return found


async def look_for_more(work: Work, community_id: str, muster: Muster, *, time_is_over: bool) -> None:
    """Call more where too few are coming; stand those down who haven't answered where enough are.

    Parameters
    ----------
    work, community_id, muster
        The muster, held.
    time_is_over
        Whether those who haven't answered are no longer waited for.
    """
    now = work.clock.now()
    calls = [
        Called(one.person_id, one.seat, one.status)
        for one in await musters.calls(work.session, community_id, muster.muster_id)
    ]
    coming = waves.short(muster.wanted, calls, waiting_counts=False)
    enough = [one.person_id for one in calls if one.status == "called" and not coming[one.seat]]
    if enough:
        await musters.set_calls(work.session, community_id, muster.muster_id, enough, "stood_down", now=now)
        await tell_called(work, community_id, muster, "muster_stood_down", enough, turn=muster.wave)
    silent = [one.person_id for one in calls if one.status == "called" and coming[one.seat]]
    if time_is_over and silent:
        await musters.set_calls(work.session, community_id, muster.muster_id, silent, "no_answer", now=now)
    missing = coming if time_is_over else waves.short(muster.wanted, calls, waiting_counts=True)
    if any(missing.values()):
        await call_wave(work, community_id, muster, missing)
    elif not any(coming.values()):
        await musters.set_wave(work.session, community_id, muster.muster_id, muster.wave, None)


async def wave_is_over(work: Work, community_id: str, muster_id: UUID) -> None:
    """Look whether the latest wave was answered by enough; late, early or twice it does no harm.

    Parameters
    ----------
    work, community_id, muster_id
        Which muster.
    """
    muster = await musters.lock(work.session, community_id, muster_id)
    now = work.clock.now()
    if (
        muster is None
        or muster.status != "calling"
        or muster.next_wave_at is None
        or muster.next_wave_at > now
    ):
        return
    await look_for_more(work, community_id, muster, time_is_over=True)


def bind_musters(open_work: OpenWork) -> dict[str, Task]:
    """Return the tasks for ``gis.store.jobs.JobRunner``.

    Parameters
    ----------
    open_work
        Opens a unit of work that is committed when its block ends without an error.
    """

    async def over(community_id: str, muster_id: str) -> None:
        async with open_work() as work:
            await wave_is_over(work, community_id, UUID(muster_id))

    async def sweep() -> None:
        async with open_work() as work:
            before = work.clock.now() - timedelta(seconds=LOST_S)
            late = await musters.late(work.session, before, SWEPT_AT_ONCE)
        await each(open_work, late, wave_is_over)

    return {"muster_wave": over, "sweep_musters": sweep}
