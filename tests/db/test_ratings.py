"""Ratings: who may say what of which work, what comes of "not solved", and what a repeat changes."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from gis.cases.ratings import RATED_FOR, Rating
from gis.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from gis.flows.accept import accept
from gis.flows.done import done
from gis.flows.rate import rate
from gis.flows.reopen import reopen
from gis.flows.verify import verify
from tests.loop import Loop, some_photo


async def finished(loop: Loop, *, closed: bool = True, **fields: Any) -> tuple[UUID, UUID]:
    """File a report as a resident, have it done by the watcher of its micro-grid, and closed by the desk."""
    found = await loop.report(**fields)
    watcher = loop.actor("watcher01-01")
    await loop.on_duty("watcher01-01", (30, 20))
    await loop.act(accept, watcher, found.case_id)
    await loop.act(done, watcher, found.case_id, "", [await some_photo(loop.settings, 1)])
    if closed:
        await loop.act(verify, loop.actor("desk"), found.case_id)
    return found.report_id, found.case_id


async def stored(loop: Loop) -> list[tuple[int, bool, str]]:
    return [tuple(row) for row in await loop.rows("SELECT stars, solved, words FROM rating")]


async def test_what_is_solved_is_rated_and_stays_closed(loop: Loop) -> None:
    report_id, case_id = await finished(loop)
    resident = loop.actor("resident")
    state = await loop.act(rate, resident, report_id, Rating(4, solved=True, words=" 修得很快 "))
    assert (state.case_id, state.status) == (case_id, "closed")
    assert await stored(loop) == [(4, True, "修得很快")]
    again = await loop.act(rate, resident, report_id, Rating(4, solved=True, words="修得很快"))
    assert again == state
    await loop.act(rate, resident, report_id, Rating(5, solved=True))
    assert await stored(loop) == [(5, True, "")]
    assert (await loop.verbs(case_id))[-3:] == ["verify", "rate", "rate"]
    assert await loop.value("SELECT data->>'words' FROM event WHERE verb = 'rate' LIMIT 1") is None


@pytest.mark.parametrize("closed", [False, True], ids=["done", "closed"])
async def test_what_is_not_solved_opens_the_case_again_once(loop: Loop, *, closed: bool) -> None:
    report_id, case_id = await finished(loop, closed=closed)
    resident = loop.actor("resident")
    with pytest.raises(InvalidInputError) as refused:
        await loop.act(rate, resident, report_id, Rating(1, solved=False, words="  "))
    assert (refused.value.code, refused.value.field) == ("rating_words_needed", "words")
    results = await asyncio.gather(
        *(loop.act(rate, resident, report_id, Rating(1, solved=False, words="还在漏")) for _ in range(3))
    )
    assert {one.status for one in results} <= {"open", "offered"}
    assert (await loop.verbs(case_id)).count("reopen") == 1
    assert await loop.value("SELECT reason FROM event WHERE verb = 'reopen'") == "还在漏"
    taken_back = await loop.value("SELECT count(*) FROM ledger WHERE reverses IS NOT NULL")
    assert taken_back == int(closed)
    with pytest.raises(ConflictError) as early:
        await loop.act(rate, resident, report_id, Rating(5, solved=True))
    assert early.value.code == "rating_not_done"


async def test_the_same_word_on_work_done_again_counts_again(loop: Loop) -> None:
    report_id, case_id = await finished(loop)
    resident, watcher = loop.actor("resident"), loop.actor("watcher01-01")
    await loop.act(rate, resident, report_id, Rating(2, solved=False, words="没修好"))
    loop.wait(30)
    await loop.act(accept, watcher, case_id)
    await loop.act(done, watcher, case_id, "", [await some_photo(loop.settings, 2)])
    await loop.act(rate, resident, report_id, Rating(2, solved=False, words="没修好"))
    assert (await loop.verbs(case_id)).count("reopen") == 2


async def test_nobody_rates_for_others_their_own_work_or_too_late(loop: Loop) -> None:
    report_id, case_id = await finished(loop)
    for stranger in ("rider1", "desk", "watcher01-01"):
        with pytest.raises(NotFoundError):
            await loop.act(rate, loop.actor(stranger), report_id, Rating(5, solved=True))
    own, _ = await finished(loop, username="watcher01-01", where=(40, 25), category="tree")
    with pytest.raises(NotAllowedError) as refused:
        await loop.act(rate, loop.actor("watcher01-01"), own, Rating(5, solved=True))
    assert refused.value.code == "own_work"
    loop.wait((RATED_FOR + timedelta(minutes=1)).total_seconds())
    resident = loop.actor("resident")
    with pytest.raises(ConflictError) as late:
        await loop.act(rate, resident, report_id, Rating(5, solved=True))
    assert late.value.code == "rating_too_late"
    with pytest.raises(ConflictError) as shut:
        await loop.act(reopen, resident, case_id, "又坏了")
    assert shut.value.code == "reopen_too_late"
    assert (await loop.act(reopen, loop.actor("desk"), case_id, "复查")).status in {"open", "offered"}


@pytest.mark.parametrize("stars", [0, 6, -1, 2**40])
async def test_stars_outside_their_range(loop: Loop, stars: int) -> None:
    report_id, _ = await finished(loop)
    with pytest.raises(InvalidInputError) as refused:
        await loop.act(rate, loop.actor("resident"), report_id, Rating(stars, solved=True))
    assert refused.value.code == "stars_out_of_range"


async def test_reporters_are_asked_once_the_case_is_closed(loop: Loop) -> None:
    report_id, case_id = await finished(loop)
    asked = await loop.rows(
        "SELECT person_id, case_id, data->>'report_id' AS report FROM notice WHERE kind = 'to_rate'"
    )
    assert [(one.person_id, one.case_id, one.report) for one in asked] == [
        (loop.community.id("resident"), case_id, str(report_id))
    ]
