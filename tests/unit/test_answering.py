"""Places that are waited for: none is lost when somebody gives up in the moment in which they are given one."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

import pytest

from gis.errors import UnavailableError
from gis.store.answering import Answering


async def nothing() -> None:
    pass


@pytest.fixture
def answering() -> Answering:
    return Answering("postgresql://nobody@127.0.0.1:1/none", healed=nothing)


async def test_no_place_is_lost_at_the_end_of_patience(answering: Answering) -> None:
    places = asyncio.Semaphore(1)
    for _ in range(20):
        await answering.place(places, 1.0)
        waiting = [asyncio.create_task(answering.place(places, 0.01)) for _ in range(3)]
        await asyncio.sleep(0)
        # the loop is held up: patience ends, and the place is given back, before anybody is asked
        asyncio.get_running_loop().call_soon(places.release)
        _hold_up(0.02)
        for found in await asyncio.gather(*waiting, return_exceptions=True):
            if found is None:
                places.release()
            else:
                assert isinstance(found, UnavailableError)
        assert not places.locked()


async def test_no_place_is_lost_when_somebody_goes_away(answering: Answering) -> None:
    places = asyncio.Semaphore(1)
    await answering.place(places, 1.0)
    for turns in range(4):
        waiting = asyncio.create_task(answering.place(places, 1.0))
        await asyncio.sleep(0)
        places.release()
        for _ in range(turns):
            await asyncio.sleep(0)
        waiting.cancel()
        (found,) = await asyncio.gather(waiting, return_exceptions=True)
        if found is None:
            places.release()
        await asyncio.sleep(0.001)
        assert not places.locked(), turns
        await answering.place(places, 1.0)


@dataclass(eq=False)
class Line:
    """What is looked at of a connection."""

    closed: bool = False


async def test_nobody_is_asked_while_others_are_answered(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    answering = Answering("postgresql://nobody@127.0.0.1:1/none", healed=nothing, patience_s=0.2)

    async def asks(within_s: int) -> bool:
        asked.append(within_s)
        return True

    monkeypatch.setattr(answering, "_try", asks)
    monkeypatch.setattr("gis.store.answering.AGAIN_S", 0.01)
    slow = Line()
    answering.begin(slow)
    for closed, found in ((False, False), (True, True)):  # one that was cut is no answer
        asked.clear()
        for _ in range(25):
            answering.begin(other := Line())
            await asyncio.sleep(0.02)
            other.closed = closed
            answering.end(other)
        assert bool(asked) is found
    answering.end(slow)
    await answering.close()


def _hold_up(seconds: float) -> None:
    import time

    time.sleep(seconds)
