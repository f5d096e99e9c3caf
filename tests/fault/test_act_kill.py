"""kill -9 at every step of reporting, taking, closing and redeeming: what was begun is there wholly, or not at all."""

from __future__ import annotations

from contextlib import suppress
from uuid import UUID

import pytest

from gis.errors import IllegalTransitionError
from tests.fault.acts import ACTS, BACK, MOST_STEPS, world, wrong
from tests.fault.mortal import die
from tests.fault.steps import IN_ACT, Steps
from tests.fault.workers import Mortals, Order
from tests.loop import Loop

pytestmark = pytest.mark.fault
WRITTEN = [
    "before a photo's file or folder is opened",
    "in the middle of a photo",
    "before a photo is on the disk",
    "before a photo has its name",
]
THEN = ["before a photo is on the disk", "before a statement"]
"""Their folder, and only then the database."""


async def test_a_photo_is_on_the_disk_before_anything_names_it(loop: Loop) -> None:
    """A kill alone can't show it: what was written stays in the machine's memory. So the order of the steps is looked at."""
    await world(loop)
    steps = Steps(0, die)
    with steps.watched():
        token = IN_ACT.set(True)
        await ACTS["submit"].do(loop, await ACTS["submit"].prepare(loop))
        IN_ACT.reset(token)
    wanted = WRITTEN * 3 + THEN
    begun = steps.names.index("in the middle of a photo") - 1
    assert steps.names[begun : begun + len(wanted)] == wanted


@pytest.mark.parametrize("name", ACTS)
async def test_killed_at_every_step_of_an_act(
    loop: Loop, database_url: str, mortals: Mortals, name: str
) -> None:
    await world(loop)
    act, seen, whole, at = ACTS[name], set(), 0, 0
    for _ in range(MOST_STEPS):
        at += 1
        subject = await act.prepare(loop)
        given = Order(database_url, loop.settings.state, loop.clock.at, at, name, subject, loop.community)
        end = mortals.work(given)
        where, left = f"{name}, step {at}: {end.step}", await loop.value(act.traces, id=UUID(subject))
        assert left in {0, 1}, where
        assert await wrong(loop) == [], where
        if end.how == "done":
            assert left == 1
            if whole:
                break
            at = max(0, at - BACK)  # it had fewer steps than those before: its last ones are yet to be seen
            continue
        assert end.how == "killed", where
        seen.add(end.step)
        whole += left
        with suppress(*([IllegalTransitionError] if left else [])):  # it is told what the case has become
            await act.do(loop, subject)  # the phone tries again, with another worker
        assert await loop.value(act.traces, id=UUID(subject)) == 1, where
    else:
        raise AssertionError("it never came to its end")
    assert await wrong(loop) == []
    assert whole >= 1  # killed after the commit, before the answer
    assert seen >= {"before a statement"} | (
        set(WRITTEN) if act.files else {"before a commit", "after a commit"}
    )
    await loop.photos.sweep(age_s=0)
    named = {row.sha256 for row in await loop.rows("SELECT sha256 FROM photo")}
    assert set(await loop.photos.older_than("test", 0)) == named
    assert not list(loop.photos.folder.glob("*/*/*.part"))
