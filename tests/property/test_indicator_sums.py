"""Sums kept up event by event are those of counting everything from what is stored, whatever happened in between."""

import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from gis.cases.ratings import Rating
from gis.errors import WeiwangError
from gis.flows.accept import accept
from gis.flows.count_indicators import count_indicators
from gis.flows.done import done
from gis.flows.merge import merge
from gis.flows.rate import rate
from gis.flows.reopen import reopen
from gis.flows.submit import Submitted
from gis.flows.verify import verify
from gis.indicators.times import bounds_s
from gis.store import indicators
from tests.loop import Loop, some_photo
from tests.property.test_case_walks import PEOPLE, acts

ZONE = ZoneInfo("Asia/Shanghai")
ANSWERS = ("accept", "accept_hand_over", "refer", "decide", "done", "reject")
ACTS = 140
Part = tuple[str, datetime, int, tuple[str, str] | None]
"""A measure, when, how much, and the only sum that it goes to."""


def of_the_case(case: Any, sources: set[str]) -> Iterator[Part]:
    """Say what a case counts as, in plain words."""
    merged, over = case.merged_into is not None, case.status == "closed"
    aside, dispute = case.status in ("rejected", "cancelled"), case.category == "dispute"
    in_time = over and (case.done_at or case.closed_at) <= case.resolve_due_at
    ended = case.closed_at and not merged and (over or aside)
    said = {
        "opened": (not merged, case.opened_at),
        "urgent": (not merged and case.urgent, case.opened_at),
        "hazards": (not merged and case.family == "hazard" and "patrol" in sources, case.opened_at),
        "disputes": (not merged and dispute, case.opened_at),
        "due": (not aside, case.resolve_due_at),
        "due_closed": (over, case.resolve_due_at),
        "due_on_time": (in_time, case.resolve_due_at),
        "hotline_due": (not aside and "hotline" in sources, case.resolve_due_at),
        "hotline_closed": (over and "hotline" in sources, case.resolve_due_at),
        "closed": (ended and over, case.closed_at),
        "set_aside": (ended and aside, case.closed_at),
        "disputes_ended": (ended and dispute, case.closed_at),
        "disputes_settled": (ended and dispute and over, case.closed_at),
    }
    yield from [(measure, at, 1, None) for measure, (counts, at) in said.items() if counts]
    if ended and over and case.assignee_id:
        yield "closed", case.closed_at, 1, ("person", str(case.assignee_id))


async def beside_it(loop: Loop, case: Any, reports: list[Any]) -> list[Part]:
    """Say what its reports, ratings, reopenings and booked hours count as."""
    given = {"case": case.case_id}
    found: list[Part] = []
    for one in reports:
        found += [
            ("reports", one.received_at, 1, None),
            ("reports", one.received_at, 1, ("source", one.source)),
        ]
    if case.reopened:
        again = await loop.rows("SELECT at FROM event WHERE case_id = :case AND verb = 'reopen'", **given)
        found += [("reopened", one.at, 1, None) for one in again]
    for one in await loop.rows("SELECT at, stars FROM rating WHERE case_id = :case", **given):
        found += [
            (name, one.at, 1, None) for name in (["rated", "satisfied"] if one.stars >= 4 else ["rated"])
        ]
    booked = await loop.rows(
        "SELECT s.person_id, s.hours, l.points, l.at, r.at AS back_at FROM service s JOIN ledger l USING (service_id)"
        " LEFT JOIN ledger r ON r.reverses = l.entry_id WHERE s.case_id = :case",
        **given,
    )
    for one in booked:
        for sign, at in ((1, one.at), (-1, one.back_at)):
            for only in (None, ("person", str(one.person_id))) if at else ():
                found += [
                    ("hours", at, sign * round(100 * one.hours), only),
                    ("points", at, sign * one.points, only),
                ]
    return found


async def durations(loop: Loop, case: Any) -> list[tuple[str, float]]:
    rows = await loop.rows("SELECT verb, at FROM event WHERE case_id = :case", case=case.case_id)
    firsts = [one.at for one in rows if one.verb in ANSWERS] if case.reopened else []
    answered = min([*firsts, *([case.answered_at] if case.answered_at else [])], default=None)
    found = []
    if answered and not case.merged_into:
        found.append(("answer", (answered - case.opened_at).total_seconds()))
    if case.status == "closed" and case.closed_at:
        found.append(("resolve", ((case.done_at or case.closed_at) - case.opened_at).total_seconds()))
    return found


async def counted(loop: Loop) -> tuple[dict[tuple[str, ...], int], list[tuple[str, float]]]:
    """Count one case after the other; durations as they were."""
    found: Counter[tuple[str, ...]] = Counter()
    times: list[tuple[str, float]] = []
    for case in await loop.rows('SELECT c.*, g.family FROM "case" c JOIN category g ON g.code = c.category'):
        reports = await loop.rows("SELECT source, received_at FROM report WHERE case_id = :c", c=case.case_id)
        parts = [
            *of_the_case(case, {one.source for one in reports}),
            *await beside_it(loop, case, reports),
        ]
        cells = {"all": "", "category": case.category, "grid": case.grid_code}
        cells["micro_grid"] = case.micro_grid_code
        for measure, at, amount, only in parts:
            for kind, key in [only] if only else cells.items():
                if key is not None:
                    found[kind, key, at.astimezone(ZONE).date().isoformat(), measure] += amount
        times += await durations(loop, case)
    return {key: amount for key, amount in found.items() if amount}, times


async def stored(loop: Loop) -> list[tuple[Any, ...]]:
    rows = await loop.rows(
        "SELECT kind, key, day::text, measure, bucket, amount FROM indicator_day WHERE amount <> 0 ORDER BY 1, 2, 3, 4, 5"
    )
    found = [tuple(row) for row in rows]
    days = [row for row in found if not row[0].endswith("/month")]
    months: Counter[tuple[Any, ...]] = Counter()
    for kind, key, on, measure, bucket, amount in days:
        months[f"{kind}/month", key, f"{on[:7]}-01", measure, bucket] += amount
    assert {row[:5]: row[5] for row in found if row not in days} == {key: n for key, n in months.items() if n}
    return days


def tries(
    loop: Loop, filed: list[Submitted], one: Submitted, status: str, number: int
) -> list[Callable[[], Awaitable[object]]]:
    """Return what is tried besides the acts of the walk, so that work gets done, verified and rated."""
    desk = loop.actor("desk")
    if number == ACTS - 20:
        return [lambda: loop.act(merge, desk, filed[3].case_id, str(filed[0].case_id), "一回事")]
    if number in {70, 90, 110}:
        return [lambda: loop.act(reopen, desk, filed[4].case_id, "又坏了")]
    if number % 3:
        return []
    if status == "done":
        said = Rating(1 + number % 5, solved=True, words="不行")
        resident = loop.actor("resident")
        return [
            lambda: loop.act(rate, resident, one.report_id, said),
            lambda: loop.act(verify, desk, one.case_id),
        ]
    if status in {"accepted", "on_site"}:
        return [lambda: finish(loop, one.case_id, number)]
    return [lambda: take(loop, one.case_id)] if status in {"open", "offered"} else []


async def skip() -> None:
    """Do nothing."""


async def close(loop: Loop, case_id: UUID) -> None:
    """Bring a case to its end, whatever the walk has left it in."""
    desk = loop.actor("desk")
    for number in range(8):
        await loop.run_due_jobs()  # offers that nobody has answered run out
        status = await loop.status(case_id)
        with suppress(WeiwangError):
            if status in {"open", "offered"}:
                await take(loop, case_id)
            elif status in {"accepted", "on_site"}:
                await finish(loop, case_id, 500 + number)
            else:
                await (
                    loop.act(verify, desk, case_id)
                    if status == "done"
                    else loop.act(reopen, desk, case_id, "再办")
                )
        if status == "done":
            return


async def take(loop: Loop, case_id: UUID) -> None:
    """Have who is asked take a case, or the grid worker where nobody is."""
    asked = await loop.rows(
        "SELECT responder_id FROM offer WHERE case_id = :case AND status = 'live'", case=case_id
    )
    people = {each.person_id: each for each in loop.community.people.values()}
    await loop.act(accept, people[asked[0].responder_id] if asked else loop.actor("grid01"), case_id)


async def finish(loop: Loop, case_id: UUID, number: int) -> None:
    person = await loop.value('SELECT assignee_id FROM "case" WHERE case_id = :case', case=case_id)
    actor = next((each for each in loop.community.people.values() if each.person_id == person), None)
    photo = await some_photo(loop.settings, seed=90_000 + number)
    await loop.act(done, actor or loop.actor("water"), case_id, "", [photo])


@pytest.mark.parametrize("seed", range(2))
async def test_sums_kept_up_are_those_of_counting_everything(loop: Loop, seed: int) -> None:
    choose = random.Random(seed)
    for username in ("watcher01-01", "watcher01-02"):
        await loop.on_duty(username)
    await loop.on_duty("rider1", (60, 0))
    filed = [
        await loop.report(username, category=category, source=source, where=where, separate=True)
        for username, category, source, where in (
            ("resident", "sewer", "app", (35, 20)),
            ("resident", "dispute", "visit", (35, 50)),
            ("desk", "water_leak", "hotline", (70, 30)),
            ("rider1", "rubbish", "patrol", (20, 20)),
            ("resident", "noise", "app", (40, 40)),
            ("desk", "dispute", "hotline", (60, 60)),
        )
    ]
    for number in range(ACTS):
        loop.wait(choose.choice((5, 40, 900, 20_000)))
        photo = await some_photo(loop.settings, seed=1000 * seed + number)
        one = choose.choice(filed)  # the last ones don't walk: they are closed in the end
        walk = acts(loop, loop.actor(choose.choice(PEOPLE)), one.case_id, photo, choose.choice(PEOPLE))
        wanted = tries(loop, filed, one, await loop.status(one.case_id), number)
        with suppress(WeiwangError):
            await choose.choice(wanted or (walk if one in filed[:4] else [skip]))()
        if choose.random() < 0.3:
            await loop.act(count_indicators, "test", most=choose.choice((1, 3, 1000)))
    with suppress(WeiwangError):
        await loop.act(reopen, loop.actor("desk"), filed[5].case_id, "又坏了")
    for each in filed[4:]:
        await close(loop, each.case_id)
    while await loop.act(count_indicators, "test", most=7):
        pass
    rows = await stored(loop)
    expected, times = await counted(loop)
    assert {row[:4]: row[5] for row in rows if not row[4]} == expected
    assert {key[3] for key in expected} >= {"opened", "due", "due_on_time", "closed", "reports"}
    kept = sorted((row[3], row[4]) for row in rows if row[0] == "all" and row[4] for _ in range(row[5]))
    for (name, bucket), (wanted_name, seconds) in zip(kept, sorted(times), strict=True):
        low, high = bounds_s(bucket)
        assert name == wanted_name
        assert low * 0.999 <= max(seconds, 1) <= high * 1.001
    async with loop.work() as work:
        await indicators.forget(work.session, "test")
    while await loop.act(count_indicators, "test", most=50):
        pass
    assert await stored(loop) == rows
