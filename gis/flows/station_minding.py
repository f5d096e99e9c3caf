"""Minding stations (暖心驿站): what they offer, when they are open, stock that is counted, faults that become cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID, uuid5

from gis.errors import InvalidInputError, NotAllowedError, NotFoundError
from gis.flows.notify import notify
from gis.flows.office.record import differences, record
from gis.flows.submit import ReportDraft, Submitted, submit
from gis.flows.texts import plain, required
from gis.flows.today import today_in
from gis.flows.work import Work
from gis.people.permissions import may, require
from gis.stations.hours import hours_of_week
from gis.stations.stock import checked_amenities, checked_amount, checked_item
from gis.store import notices, station_minding
from gis.store.session import ReadSession
from gis.store.station_minding import Fault, Item, Keeper
from gis.store.stations import StationRow, put_care, put_closed, stations_of
from gis.words import Actor, Notice, Position, PositionSource, Role

FAULTS = ("other", "power_cut", "water_leak", "fire_equipment", "rubbish", "elevator")
"""What may be wrong at a station, by category."""
LONGEST_CLOSED = timedelta(days=366)
NAMESPACE = UUID("6a3f9a52-8f0b-5a86-9d0c-0a9f6f7b2c11")


@dataclass(frozen=True, slots=True)
class MindedStation:
    """A station with all that is kept of it; ``minds``: the reader may count and change."""

    station: StationRow
    keepers: Sequence[Keeper]
    items: Sequence[Item]
    faults: Sequence[Fault]
    minds: bool


async def the_station(session: ReadSession, community_id: str, code: str) -> StationRow:
    """Return a station.

    Raises
    ------
    NotFoundError
        ``station_missing``.
    """
    found = await stations_of(session, community_id, code) if code.isprintable() else []
    if not found:
        raise NotFoundError("no such station", code="station_missing")
    return found[0]


async def minded_station(session: ReadSession, actor: Actor, code: str) -> MindedStation:
    """Return a station; its stock for who minds it and the office.

    Parameters
    ----------
    session, actor, code
        Who looks at which.

    Raises
    ------
    NotFoundError
        ``station_missing``.
    """
    station = await the_station(session, actor.community_id, code)
    minds = await _minds(session, actor, code)
    return MindedStation(
        station,
        await station_minding.keepers_of(session, actor.community_id, code),
        await station_minding.items_of(session, actor.community_id, code) if minds else (),
        await station_minding.open_faults(session, actor.community_id, code),
        minds,
    )


async def _minds(session: ReadSession, actor: Actor, code: str) -> bool:
    if may(actor, "mind_stations"):
        return True
    return code in await station_minding.minded_by(session, actor.community_id, actor.person_id)


async def _minded(work: Work, actor: Actor, code: str) -> StationRow:
    """Return a station that somebody minds, as they are charged now."""
    station = await the_station(work.session, actor.community_id, code)
    if not await _minds(work.session, actor, code):
        raise NotAllowedError("somebody else minds it", verb="mind_stations")
    return station


async def set_offer(
    work: Work, actor: Actor, code: str, amenities: Sequence[str], days: Sequence[str] | None
) -> None:
    """Say what a station offers and when it is open, instead of what its file says.

    Parameters
    ----------
    work, actor, code
        Who says it of which.
    amenities
        All that it offers.
    days
        The hours of each day, Monday first; None: as they were.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    InvalidInputError
        ``station_amenity``, ``station_hours``.
    """
    require(actor, "mind_stations")
    station = await the_station(work.session, actor.community_id, code)
    offered = checked_amenities(list(amenities), tuple(station.amenities))
    hours = None if days is None else hours_of_week(days)
    await put_care(
        work.session,
        actor.community_id,
        code,
        amenities=offered,
        opening_hours=hours,
        by=actor.person_id,
        at=work.clock.now(),
    )
    before = {"amenities": " ".join(station.amenities), "opening_hours": station.opening_hours}
    after = {"amenities": " ".join(offered), "opening_hours": hours or station.opening_hours}
    if changed := differences(before, after):
        await record(work, actor, "station", code, "changed", name=station.name, data=changed)


async def close_station(work: Work, actor: Actor, code: str, until: date | None, why: str = "") -> None:
    """Close a station from now on up to a day, whatever its hours say; None: open it again.

    Parameters
    ----------
    work, actor, code, until, why
        Who closes which, and why: shown to everybody.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    InvalidInputError
        ``station_closed_day``, ``reason_needed``.
    """
    station = await _minded(work, actor, code)
    said = ""
    if until is not None:
        said = required(why, "reason", limit=60)
        today = await today_in(work.session, work.clock, actor.community_id)
        if not today <= until <= today + LONGEST_CLOSED:
            raise InvalidInputError("gone, or far ahead", code="station_closed_day", field="until")
    await put_closed(
        work.session, actor.community_id, code, until, said, by=actor.person_id, at=work.clock.now()
    )
    told = {"closed_until": [str(station.closed_until or ""), str(until or "")], "reason": ["", said]}
    await record(work, actor, "station", code, "changed", name=station.name, data=told)


async def keep_in_stock(
    work: Work, actor: Actor, code: str, *, item_id: UUID, kind: str, name: str, least: int
) -> UUID:
    """Say what is to be kept in stock and how much at least; the same thing again changes the amount.

    Parameters
    ----------
    work, actor, code
        Who says it of which station.
    item_id, kind, name, least
        What: a name of its own only where the kind is ``other``.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    InvalidInputError
        ``station_item``, ``station_amount``.
    """
    require(actor, "mind_stations")
    await the_station(work.session, actor.community_id, code)
    what, called = checked_item(kind, plain(name, "name", limit=20))
    item = Item(item_id, code, what, called, checked_amount(least, "least"), None, None)
    return await station_minding.put_item(work.session, actor.community_id, item)


async def drop_from_stock(work: Work, actor: Actor, code: str, item_id: UUID) -> None:
    """Keep something in stock no longer.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    NotFoundError
        ``station_item_missing``.
    """
    require(actor, "mind_stations")
    await the_station(work.session, actor.community_id, code)
    if not await station_minding.drop_item(work.session, actor.community_id, code, item_id):
        raise NotFoundError("no such item", code="station_item_missing")


async def count_stock(
    work: Work, actor: Actor, code: str, counts: Mapping[UUID, int], counting_id: UUID
) -> int:
    """Enter what was counted; who minds the station and the desk are told of what fell below its least.

    Parameters
    ----------
    work, actor, code, counts
        Who counted what where: items and numbers.
    counting_id
        Made by the client: a repeat changes nothing.

    Returns
    -------
    int
        How many things fell below their least by this.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    InvalidInputError
        ``station_amount``.
    """
    station = await _minded(work, actor, code)
    counted = [
        (uuid5(counting_id, str(item)), item, checked_amount(number, f"count_{item}"))
        for item, number in sorted(counts.items())
    ]
    low = await station_minding.count(
        work.session, actor.community_id, code, counted, by=actor.person_id, at=work.clock.now()
    )
    if low:
        keepers = await station_minding.keepers_of(work.session, actor.community_id, code)
        desk = await notices.people_of(work.session, actor.community_id, role=Role.DESK)
        to = [
            one for one in dict.fromkeys([*(k.person_id for k in keepers), *desk]) if one != actor.person_id
        ]
        data: dict[str, str | int | float] = {"title": station.name, "station": code}
        await notify(work, actor.community_id, Notice("station_low", to, data=data, key=str(counting_id)))
    return len(low)


async def appoint_keeper(work: Work, actor: Actor, code: str, person_id: UUID) -> None:
    """Have somebody mind a station; again changes nothing.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "mind_stations")
    station = await the_station(work.session, actor.community_id, code)
    if await station_minding.add_keeper(work.session, actor.community_id, code, person_id, work.clock.now()):
        told = {"keeper": [None, str(person_id)]}
        await record(work, actor, "station", code, "changed", name=station.name, data=told)


async def dismiss_keeper(work: Work, actor: Actor, code: str, person_id: UUID) -> None:
    """Have somebody mind a station no longer: they can count and close it no more.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    NotFoundError
        ``station_keeper_missing``.
    """
    require(actor, "mind_stations")
    station = await the_station(work.session, actor.community_id, code)
    if not await station_minding.remove_keeper(work.session, actor.community_id, code, person_id):
        raise NotFoundError("they don't mind it", code="station_keeper_missing")
    await record(
        work, actor, "station", code, "changed", name=station.name, data={"keeper": [str(person_id), None]}
    )


async def report_fault(
    work: Work, actor: Actor, code: str, *, report_id: UUID, category: str, words: str
) -> Submitted:
    """Report a fault of a station by the ordinary filing, exactly there and with its name.

    Parameters
    ----------
    work, actor, code
        Who reports it of which.
    report_id, category, words
        As for every report.

    Raises
    ------
    InvalidInputError
        ``station_fault``, ``text_needed``; as ``submit``.
    NotFoundError
        ``station_missing``.
    """
    station = await the_station(work.session, actor.community_id, code)
    if category not in FAULTS:
        raise InvalidInputError("what is wrong?", code="station_fault", field="category")
    said = required(words, "words", limit=500)
    draft = ReportDraft(
        id=report_id,
        category=category,
        description=f"{station.name}: {said}",
        position=Position(station.lon, station.lat, source=PositionSource.PLATE),
        source="form",
    )
    filed = await submit(work, actor, draft)
    await station_minding.add_fault(
        work.session,
        actor.community_id,
        code,
        report_id=filed.report_id,
        case_id=filed.case_id,
        at=work.clock.now(),
    )
    return filed
