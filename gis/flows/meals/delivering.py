"""Bringing a round: each stop brought or nobody at home; who doesn't open is looked after at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from gis.addresses import address
from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.flows.done import done
from gis.flows.meals.kitchen import the_kitchen
from gis.flows.meals.rounds import NAMESPACE
from gis.flows.meals.sealed import open_contact
from gis.flows.submit import ReportDraft, submit
from gis.flows.tour_line import tour_line
from gis.flows.urgency import set_urgent
from gis.flows.verify import verify
from gis.flows.work import Work
from gis.meals.prices import age_on
from gis.meals.subscribing import Contact
from gis.people.permissions import may, require
from gis.store import meal_rounds, orders, servings
from gis.store.access_log import log_access
from gis.store.meal_rounds import RoundRow, StopRow
from gis.words import Actor, Mode, Position, PositionSource, Status

IN_HAND = frozenset({Status.ACCEPTED, Status.ON_SITE})
OUTCOMES = {"delivered": ("ordered", "not_home"), "not_home": ("ordered",)}
"""What a deliverer may say of a stop, and what it must have been before."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop as its deliverer sees it: a door and a name, the box's number; never what is in the box, or why."""

    row: StopRow
    building: str
    contact: Contact


@dataclass(frozen=True, slots=True)
class DeliveryRound:
    """A round with its stops; ``mine``: the reader has it in hand."""

    row: RoundRow
    stops: Sequence[Stop]
    mine: bool


async def open_round(work: Work, actor: Actor, round_id: UUID) -> DeliveryRound:
    """Return a round for who has it in hand now, or the office; the look is recorded.

    Parameters
    ----------
    work, actor, round_id
        Who looks at which.

    Raises
    ------
    NotFoundError
        ``meal_round_missing``: none, not yours, or brought and handed in.
    """
    row = await _theirs(work, actor, round_id)
    rows = await meal_rounds.stops_of(work.session, actor.community_id, round_id)
    await _looked(work, actor, "meal_round", round_id)
    stops = [_stop(work, actor.community_id, one) for one in rows]
    return DeliveryRound(row, stops, _in_hand(actor, row))


async def way_of_round(work: Work, actor: Actor, found: DeliveryRound) -> list[tuple[float, float]]:
    """Return the line over what is left of a round, by e-bike: from the kitchen, or from the last door that was called at.

    Parameters
    ----------
    work, actor, found
        Whose, as it was opened.
    """
    doors = [(one.row.lon, one.row.lat, one.row.state) for one in found.stops]
    placed = [(lon, lat, state) for lon, lat, state in doors if lon is not None and lat is not None]
    left = [(lon, lat) for lon, lat, state in placed if state == "ordered"]
    if not left:
        return []
    kitchen = await the_kitchen(work.session, actor.community_id)
    start = next(
        ((lon, lat) for lon, lat, state in reversed(placed) if state != "ordered"), (kitchen.lon, kitchen.lat)
    )
    atlas = await work.atlas.get(work.session, actor.community_id)
    return await asyncio.to_thread(tour_line, atlas, Mode.E_BIKE, [start, *left])


async def answer_stop(
    work: Work, actor: Actor, round_id: UUID, subscription_id: UUID, *, outcome: str, say: str
) -> None:
    """Say that a box was handed over, or that nobody opened. Said again it changes nothing.

    Who doesn't open is looked after: a case of care at their door, urgent for the old, offered to somebody near. With the
    last stop the round's case is done.

    Parameters
    ----------
    work, actor, round_id, subscription_id
        Who says it of which stop.
    outcome
        ``delivered`` or ``not_home``.
    say
        The sentence of the case; it names nobody.

    Raises
    ------
    NotFoundError
        ``meal_round_missing``, ``meal_stop_missing``.
    InvalidInputError
        ``meal_outcome``.
    ConflictError
        ``meal_answered``: it was answered otherwise.
    """
    if outcome not in OUTCOMES:
        raise InvalidInputError("delivered or not_home", code="meal_outcome", field="outcome")
    if await _said_by(work, actor, round_id, subscription_id, outcome):
        return
    row = await _theirs(work, actor, round_id)
    stops = await meal_rounds.stops_of(work.session, actor.community_id, round_id)
    stop = next((one for one in stops if one.subscription_id == subscription_id), None)
    if stop is None or stop.contact is None:
        raise NotFoundError("no such stop, or erased since", code="meal_stop_missing")
    changed = await servings.answer(
        work.session,
        actor.community_id,
        row.day,
        subscription_id,
        outcome,
        before=OUTCOMES[outcome],
        by=actor.person_id,
        at=work.clock.now(),
    )
    if not changed:
        await said_already(work, actor.community_id, row.day, subscription_id, outcome)
        return
    if outcome == "not_home":
        await _look_after(work, actor, row, stop, say)
    left = [one for one in stops if one.state == "ordered" and one.subscription_id != subscription_id]
    if not left and row.case_id is not None and _in_hand(actor, row):
        await done(work, actor, row.case_id)


async def _said_by(work: Work, actor: Actor, round_id: UUID, subscription_id: UUID, outcome: str) -> bool:
    """Tell whether who brought a round has said just that: with its last stop it left their hands, its answer may be lost."""
    row = await meal_rounds.find_round(work.session, actor.community_id, round_id)
    if row is None or row.assignee_id != actor.person_id or row.status in IN_HAND:
        return False
    stops = await meal_rounds.stops_of(work.session, actor.community_id, round_id)
    return any(one.subscription_id == subscription_id and one.state == outcome for one in stops)


async def said_already(work: Work, community_id: str, day: date, subscription_id: UUID, state: str) -> None:
    """Refuse to say otherwise what has been said of a serving; the same again is no harm.

    Raises
    ------
    ConflictError
        ``meal_answered``.
    """
    found = await servings.servings_of(work.session, community_id, [subscription_id], day, day)
    if not found or found[0].state != state:
        raise ConflictError("answered otherwise already", code="meal_answered")


async def _look_after(work: Work, actor: Actor, row: RoundRow, stop: StopRow, say: str) -> None:
    """File the case of who didn't open, in the name of who sent the round; urgent for who is old or frail."""
    if stop.lon is None or stop.lat is None:
        raise NotFoundError("no such door", code="meal_stop_missing")
    kitchen = await the_kitchen(work.session, actor.community_id)
    office = await orders.orderer(work.session, actor.community_id, row.created_by)
    draft = ReportDraft(
        id=uuid5(NAMESPACE, f"{actor.community_id}/{row.day}/{stop.subscription_id}"),
        category="elderly_care",
        description=say,
        position=Position(stop.lon, stop.lat, source=PositionSource.PLATE),
        source="visit",
        separate=True,
    )
    filed = await submit(work, office, draft)
    await servings.set_case(work.session, actor.community_id, row.day, stop.subscription_id, filed.case_id)
    old = age_on(row.day, stop.birth_year) >= kitchen.urgent_age
    if (old or stop.frail) and may(office, "run_kitchen"):
        await set_urgent(work, office, filed.case_id, urgent=True)


async def open_check(work: Work, actor: Actor, case_id: UUID) -> Stop:
    """Return who didn't open, for who has the case of it in hand now, or the office; the look is recorded.

    Parameters
    ----------
    work, actor, case_id
        Who looks.

    Raises
    ------
    NotFoundError
        ``meal_stop_missing``.
    """
    found = await meal_rounds.stop_of_case(work.session, actor.community_id, case_id)
    if found is None or not (may(actor, "run_kitchen") or found.keeper_id == actor.person_id):
        raise NotFoundError("none, or not yours", code="meal_stop_missing")
    await _looked(work, actor, "meal_check", case_id)
    return _stop(work, actor.community_id, found)


async def verify_rounds(work: Work, actor: Actor, day: date) -> int:
    """Close the rounds of a day that are brought, by somebody else than who brought them: hours and points are booked.

    Parameters
    ----------
    work, actor, day
        Who closes which day's.

    Returns
    -------
    int
        How many were closed.
    """
    require(actor, "run_kitchen")
    rows = await meal_rounds.rounds_on(work.session, actor.community_id, day)
    ready = [
        one
        for one in rows
        if one.status == Status.DONE and one.case_id is not None and one.assignee_id != actor.person_id
    ]
    for one in ready:
        if one.case_id is not None:
            await verify(work, actor, one.case_id)
    return len(ready)


async def _theirs(work: Work, actor: Actor, round_id: UUID) -> RoundRow:
    row = await meal_rounds.find_round(work.session, actor.community_id, round_id)
    if row is None or not (_in_hand(actor, row) or may(actor, "run_kitchen")):
        raise NotFoundError("none, or not yours", code="meal_round_missing")
    return row


def _in_hand(actor: Actor, row: RoundRow) -> bool:
    return row.assignee_id == actor.person_id and row.status in IN_HAND


def _stop(work: Work, community_id: str, row: StopRow) -> Stop:
    contact = Contact("")
    if row.contact is not None:
        contact = open_contact(work.settings, community_id, row.subscription_id, row.contact)
    return Stop(row, address(row.street, row.housenumber) or row.building, contact)


async def _looked(work: Work, actor: Actor, kind: str, subject: UUID) -> None:
    await log_access(
        work.session,
        actor.community_id,
        at=work.clock.now(),
        person_id=actor.person_id,
        kind=kind,
        subject_id=str(subject),
    )
