"""The Nth statement, commit or call on a file fails, for every N of an act: it was done wholly, or not at all."""

from __future__ import annotations

import errno
from contextlib import suppress
from uuid import UUID

import pytest

from gis.errors import IllegalTransitionError, StorageFullError, UnavailableError
from tests.fault.acts import ACTS, BACK, MOST_STEPS, Act, world, wrong
from tests.fault.steps import IN_ACT, Step, Steps, cut
from tests.loop import Loop

pytestmark = pytest.mark.fault


def broken(step: Step) -> None:
    """Lose the connection, or have a call on a file refused for want of room or for another reason."""
    if step.connection is not None:
        cut(step)
        return
    full = "middle" in step.name or "opened" in step.name
    raise OSError(errno.ENOSPC if full else errno.EIO, "broken on purpose")


async def failing(loop: Loop, act: Act, subject: str, at: int) -> tuple[Steps, Exception | None]:
    """Do an act whose step of that number fails."""
    steps = Steps(at, broken)
    token = IN_ACT.set(True)
    error: Exception | None = None
    with steps.watched():
        try:
            await act.do(loop, subject)
        except Exception as raised:  # noqa: BLE001 - which it is, is what is looked at
            error = raised
        finally:
            IN_ACT.reset(token)
    return steps, error


@pytest.mark.parametrize("name", ACTS)
async def test_wherever_it_fails_it_is_told_and_done_wholly_or_not_at_all(loop: Loop, name: str) -> None:
    await world(loop)
    act = ACTS[name]
    whole = at = 0
    for _ in range(MOST_STEPS):
        at += 1
        subject = await act.prepare(loop)
        before = await loop.value(act.traces, id=UUID(subject))
        steps, error = await failing(loop, act, subject, at)
        if steps.count < at:
            assert error is None
            if whole:
                break
            at = max(
                0, at - BACK
            )  # this one had fewer steps than those before: its last ones are yet to be seen
            continue
        where = f"{name}, step {at}: {steps.name}"
        # a connection that is lost before anything was asked on it is replaced without a word
        assert error is None or isinstance(error, (UnavailableError, StorageFullError)), f"{where}: {error!r}"
        left = await loop.value(act.traces, id=UUID(subject)) - before
        assert left in {0, 1}, where
        assert error is not None or left == 1, where
        whole += left
        assert await wrong(loop) == [], where
        with suppress(*([IllegalTransitionError] if left else [])):  # it is told what the case has become
            await act.do(loop, subject)  # the phone tries again
        assert await loop.value(act.traces, id=UUID(subject)) - before == 1, where
    else:
        raise AssertionError("it never came to its end")
    assert at > 5
    assert whole >= 1  # an answer that was lost after all was done
    assert await wrong(loop) == []
    assert not list(loop.photos.folder.glob("*/*/*.part"))
