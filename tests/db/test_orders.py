"""Orders: one case a seat, opened once when its lead time begins, whoever keeps it at the same time; private stays private."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.flows.accept import accept
from gis.flows.arrive import arrive
from gis.flows.done import done
from gis.flows.order_cancelling import cancel_order
from gis.flows.order_keeping import bind_orders, keep_order
from gis.flows.orders import OrderDraft, place_order
from gis.flows.verify import verify
from gis.orders.rules import CONSENT_VERSION
from gis.views.orders import OrderFilters, behind_cases, order_detail, order_list
from gis.words import Position, PositionSource
from tests.factories import at
from tests.loop import Loop, some_photo

TODAY = date(2026, 6, 3)
HOUR = 3600


def draft(loop: Loop, starts_h: float = 4, **fields) -> OrderDraft:
    """Return an order of furniture moving: from so many hours after noon on, for an hour."""
    starts = loop.clock.at + timedelta(hours=starts_h)
    fields = {"category": "furniture", "summary": "抬一张沙发", "floor": "6", "note": "门铃坏了"} | fields
    return OrderDraft(
        fields.pop("order_id", uuid4()),
        position=Position(*at(50, 65), source=PositionSource.PLATE),
        starts_at=starts,
        ends_at=starts + timedelta(hours=1),
        **fields,
    )


async def order(loop: Loop, username: str = "resident", **fields) -> UUID:
    return await loop.act(place_order, loop.actor(username), draft(loop, **fields))


async def sweep(loop: Loop) -> None:
    await bind_orders(loop.work)["sweep_orders"]()


async def seats(loop: Loop, order_id: UUID) -> list:
    return await loop.rows(
        'SELECT s.day, s.seat, s.state, s.case_id, c.status FROM order_seat s LEFT JOIN "case" c USING (community_id, case_id)'
        " WHERE order_id = :order ORDER BY day, seat",
        order=order_id,
    )


async def test_it_is_not_offered_before_its_lead_time_and_due_by_its_window(loop: Loop) -> None:
    order_id = await order(loop)
    loop.wait(2 * HOUR - 1)
    await loop.on_duty("rider1", (40, 2))
    await sweep(loop)
    assert [one.state for one in await seats(loop, order_id)] == ["planned"]
    loop.wait(1)
    await sweep(loop)
    (seat,) = await seats(loop, order_id)
    assert (seat.state, seat.status) == ("opened", "offered")
    (case,) = await loop.rows('SELECT * FROM "case"')
    starts = datetime(2026, 6, 3, 8, tzinfo=UTC)
    assert (case.answer_due_at, case.resolve_due_at) == (starts, starts + timedelta(hours=1))
    assert case.on_site_due_at == starts + timedelta(minutes=30)
    assert await loop.value("SELECT source FROM report") == "order"
    await loop.act(accept, loop.actor("rider1"), seat.case_id)
    (case,) = await loop.rows('SELECT * FROM "case"')
    assert case.on_site_due_at == starts + timedelta(minutes=30)


async def test_hours_are_counted_from_the_window_on(loop: Loop) -> None:
    await loop.on_duty("rider1", (40, 2))
    order_id = await order(loop, starts_h=1)
    (seat,) = await seats(loop, order_id)
    await loop.act(accept, loop.actor("rider1"), seat.case_id)
    loop.wait(1.5 * HOUR)
    await loop.act(arrive, loop.actor("rider1"), seat.case_id)
    await loop.act(done, loop.actor("rider1"), seat.case_id, photos=[await some_photo(loop.settings)])
    await loop.act(verify, loop.actor("desk"), seat.case_id)
    assert await loop.value("SELECT hours FROM service") == pytest.approx(0.5)


async def test_each_seat_is_a_case_for_somebody_else(loop: Loop) -> None:
    for number in (1, 2, 3):
        await loop.on_duty(f"rider{number}", (40 + 5 * number, 2))
    order_id = await order(loop, starts_h=1, seats=3)
    offers = await loop.rows("SELECT case_id, responder_id FROM offer WHERE status = 'live'")
    assert len({one.case_id for one in offers}) == len({one.responder_id for one in offers}) == 3
    first = await loop.value(
        "SELECT case_id FROM offer WHERE responder_id = :id", id=loop.community.id("rider1")
    )
    await loop.act(accept, loop.actor("rider1"), first)
    other = next(one.case_id for one in offers if one.case_id != first)
    from gis.flows.decline import decline

    taker = next(name for name in ("rider2", "rider3") if any(
        one.case_id == other and one.responder_id == loop.community.id(name) for one in offers))  # fmt: skip
    await loop.act(decline, loop.actor(taker), other)
    asked = await loop.rows(
        "SELECT responder_id FROM offer WHERE case_id = :case AND status = 'live'", case=other
    )
    assert loop.community.id("rider1") not in {one.responder_id for one in asked}
    with pytest.raises(ConflictError) as refused:
        await loop.act(accept, loop.actor("rider1"), other)
    assert refused.value.code in {"order_seat_yours", "already_offered"}
    assert len(await seats(loop, order_id)) == 3


async def test_keepers_at_the_same_time_make_everything_once(loop: Loop) -> None:
    order_id = await order(loop, seats=2, repeat="daily", until=date(2026, 6, 30))
    assert len(await seats(loop, order_id)) == 2 * 15
    loop.wait(3 * HOUR)

    async def keep() -> None:
        await loop.act(keep_order, loop.community.community_id, order_id)

    await asyncio.gather(*(keep() for _ in range(6)))
    found = await seats(loop, order_id)
    assert [one.state for one in found[:2]] == ["opened", "opened"]
    assert await loop.value('SELECT count(*) FROM "case"') == 2
    loop.wait(24 * HOUR)
    await asyncio.gather(*(keep() for _ in range(6)))
    found = await seats(loop, order_id)
    assert len(found) == 2 * 16
    assert await loop.value('SELECT count(*) FROM "case"') == 4
    loop.wait(40 * 24 * HOUR)  # the service was off
    await sweep(loop)
    assert {one.state for one in (await seats(loop, order_id))[4:]} == {"missed"}
    assert await loop.value("SELECT next_at FROM service_order") is None
    assert await loop.value("SELECT count(*) FROM notice WHERE kind = 'order_missed'") > 0


async def test_the_same_id_again_changes_nothing_and_is_nobody_elses(loop: Loop) -> None:
    wanted = draft(loop)
    both = await asyncio.gather(
        *(loop.act(place_order, loop.actor("resident"), wanted) for _ in range(4)), return_exceptions=True
    )
    assert set(both) == {wanted.order_id}
    assert await loop.value("SELECT count(*) FROM order_seat") == 1
    with pytest.raises(ConflictError, match="another order"):
        await loop.act(place_order, loop.actor("desk"), wanted)


async def test_one_day_is_cancelled_and_who_accepted_is_told(loop: Loop) -> None:
    await loop.on_duty("rider1", (40, 2))
    order_id = await order(loop, starts_h=1, repeat="daily", until=date(2026, 7, 15))
    first = (await seats(loop, order_id))[0]
    await loop.act(accept, loop.actor("rider1"), first.case_id)
    await loop.act(cancel_order, loop.actor("desk"), order_id, "家里有人了", TODAY)
    await loop.act(cancel_order, loop.actor("desk"), order_id, "家里有人了", TODAY)
    assert await loop.status(first.case_id) == "cancelled"
    assert await loop.load("rider1") == 0
    told = {(one.kind, one.person_id) for one in await loop.rows("SELECT kind, person_id FROM notice")}
    assert ("cancelled", loop.community.id("rider1")) in told
    assert ("order_cancelled", loop.community.id("resident")) in told
    await loop.act(
        cancel_order, loop.actor("resident"), order_id, "出门", date(2026, 7, 10)
    )  # not planned yet
    states = {one.day: one.state for one in await seats(loop, order_id)}
    assert (states[TODAY], states[date(2026, 6, 4)], states[date(2026, 7, 10)]) == (
        "cancelled",
        "planned",
        "cancelled",
    )
    with pytest.raises(NotFoundError):
        await loop.act(cancel_order, loop.actor("resident"), order_id, "出门", date(2026, 8, 1))
    with pytest.raises(NotFoundError):
        await loop.act(cancel_order, loop.actor("watcher01-01"), order_id, "不是我的")
    await loop.act(cancel_order, loop.actor("resident"), order_id, "好了")
    assert "planned" not in {one.state for one in await seats(loop, order_id)}
    loop.wait(48 * HOUR)
    await sweep(loop)
    assert await loop.value('SELECT count(*) FROM "case"') == 1


async def test_who_is_there_already_is_not_sent_away(loop: Loop) -> None:
    await loop.on_duty("rider1", (40, 2))
    order_id = await order(loop, starts_h=0.5)
    (seat,) = await seats(loop, order_id)
    await loop.act(accept, loop.actor("rider1"), seat.case_id)
    await loop.act(arrive, loop.actor("rider1"), seat.case_id)
    with pytest.raises(ConflictError) as refused:
        await loop.act(cancel_order, loop.actor("resident"), order_id, "不要了", TODAY)
    assert refused.value.code == "order_under_way"
    await loop.act(cancel_order, loop.actor("resident"), order_id, "不要了")
    assert await loop.status(seat.case_id) == "on_site"


async def test_what_is_private_is_for_the_taker_while_it_is_theirs(loop: Loop) -> None:
    await loop.on_duty("rider1", (40, 2))
    order_id = await order(
        loop, starts_h=1, flat="602", for_name="王奶奶", consent_by="本人", consent_version=CONSENT_VERSION
    )
    (seat,) = await seats(loop, order_id)

    async def sees(username: str) -> str | None:
        async with loop.database.read() as session:
            found = await behind_cases(session, loop.actor(username), [seat.case_id])
        return found[seat.case_id].note if found else None

    everybody = ("resident", "desk", "rider1", "rider2", "grid01", "watcher01-01", "planner")
    assert [name for name in everybody if await sees(name)] == ["resident", "desk"]
    await loop.act(accept, loop.actor("rider1"), seat.case_id)
    assert [name for name in everybody if await sees(name)] == ["resident", "desk", "rider1"]
    async with loop.database.read() as session:
        item = await order_detail(session, loop.actor("rider1"), order_id, loop.clock.at)
        assert (item.row.flat, item.row.for_name) == ("602", "王奶奶")
        item = await order_detail(session, loop.actor("grid01"), order_id, loop.clock.at)
        assert (item.private, item.row.note, item.row.flat, item.row.for_name) == (False, "", "", "")
        for stranger in ("rider2", "watcher01-01", "grid02"):
            with pytest.raises(NotFoundError):
                await order_detail(session, loop.actor(stranger), order_id, loop.clock.at)
        page = await order_list(
            session, loop.actor("desk"), OrderFilters("active", TODAY, TODAY), now=loop.clock.at, today=TODAY
        )
        assert (page.total, page.items[0].row.note) == (1, "门铃坏了")
    told = [str(tuple(row)) for row in await loop.rows("SELECT data FROM notice")]
    told += [str(tuple(row)) for row in await loop.rows("SELECT data, reason FROM event")]
    told += [str(tuple(row)) for row in await loop.rows("SELECT description, detail FROM report")]
    assert not any(word in text for text in told for word in ("门铃", "602", "王奶奶"))
    await loop.act(arrive, loop.actor("rider1"), seat.case_id)
    await loop.act(done, loop.actor("rider1"), seat.case_id, photos=[await some_photo(loop.settings)])
    await loop.act(verify, loop.actor("desk"), seat.case_id)
    assert await sees("rider1") is None


async def test_refusals(loop: Loop) -> None:
    for fields, code in (
        ({"category": "gas_smell"}, "order_category"),
        ({"category": "nonsense"}, "category_unknown"),
        ({"seats": 11}, "order_seats"),
        ({"repeat": "daily"}, "order_without_end"),
    ):
        with pytest.raises(InvalidInputError) as refused:
            await order(loop, **fields)
        assert refused.value.code == code
    outside = OrderDraft(
        uuid4(), "furniture", Position(*at(9000, 50)), loop.clock.at, loop.clock.at + timedelta(hours=1)
    )
    with pytest.raises(InvalidInputError) as refused:
        await loop.act(place_order, loop.actor("resident"), outside)
    assert refused.value.code == "position_outside_community"


async def test_who_is_offered_something_is_told_and_told_when_it_is_withdrawn(loop: Loop) -> None:
    from gis.flows.withdraw import withdraw

    await loop.on_duty("rider1", (40, 2))
    filed = await loop.report()
    (told,) = await loop.rows("SELECT kind, person_id, case_id, silent, read_at FROM notice")
    assert tuple(told) == ("offered", loop.community.id("rider1"), filed.case_id, False, None)
    await loop.act(withdraw, loop.actor("desk"), filed.case_id)
    rows = await loop.rows("SELECT kind, read_at IS NULL AS unread FROM notice ORDER BY serial")
    assert [tuple(row) for row in rows] == [("offered", False), ("offer_withdrawn", True)]
