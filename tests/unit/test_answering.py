"""Places that are waited for: none is lost when somebody gives up in the moment in which they are given one."""

from __future__ import annotations

import asyncio

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


def _hold_up(seconds: float) -> None:
    import time

    time.sleep(seconds)
