"""The acts whose every step is cut off: what stands before each, the act itself, and what it must have left behind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from gis.flows.accept import accept
from gis.flows.arrive import arrive
from gis.flows.done import done
from gis.flows.service.hours import Hours, enter_hours
from gis.flows.service.keeping import change_stock, put_reward
from gis.flows.service.redeeming import redeem
from gis.flows.verify import verify
from gis.intake import decode_photo
from gis.store.rewards import Reward
from scripts.faults.checks import CHECKS
from tests.loop import Loop, draft_at, some_jpeg, some_photo

REWARD = UUID(int=99)
COST = 1
WHERE = (40.0, 20.0)
MOST_STEPS = 80
BACK = 3
"""A photo whose folder is there already takes fewer steps than one whose folder is new."""
LOOK = " UNION ALL ".join(
    f"SELECT {place} AS place, ({query}) AS n" for place, query in enumerate(CHECKS.values())
)


async def submit_one(loop: Loop, subject: str) -> Any:
    """File a report with a photo of its own."""
    # decoded here and not by the decoders, whom each process that is killed would have to begin anew
    photo = decode_photo(some_jpeg(UUID(subject).int % 2**31), loop.settings.photo)
    draft = draft_at(WHERE, report_id=UUID(subject), photos=(photo,), separate=True)
    return await loop.together().submit(loop.actor("resident"), draft)


async def accept_one(loop: Loop, subject: str) -> Any:
    """Take the case that one was asked for."""
    return await loop.act(accept, loop.actor("rider1"), UUID(subject))


async def close_one(loop: Loop, subject: str) -> Any:
    """Have somebody's work verified: the case is closed, hours and points are booked."""
    return await loop.act(verify, loop.actor("desk"), UUID(subject), hours=1.0)


async def redeem_one(loop: Loop, subject: str) -> Any:
    """Pay for a reward with points."""
    return await loop.act(redeem, loop.actor("rider1"), UUID(subject), REWARD)


async def _new(_: Loop) -> str:
    return str(uuid4())


async def _offered(loop: Loop) -> str:
    filed = await loop.report(where=WHERE, separate=True)
    assert filed.offer is not None
    return str(filed.case_id)


async def _done(loop: Loop) -> str:
    subject = await _offered(loop)
    rider, case_id = loop.actor("rider1"), UUID(subject)
    await loop.act(accept, rider, case_id)
    await loop.act(arrive, rider, case_id)
    await loop.act(done, rider, case_id, photos=(await some_photo(loop.settings, seed=case_id.int % 2**31),))
    return subject


@dataclass(frozen=True)
class Act:
    """One act.

    Parameters
    ----------
    prepare
        Gives its subject: an id of something new, or of what it is done to.
    do
        Does it; again, it changes nothing more.
    traces
        How many rows tell that it was done; with the subject as ``:id``.
    """

    prepare: Callable[[Loop], Awaitable[str]]
    do: Callable[[Loop, str], Awaitable[Any]]
    traces: str
    files: bool = False


ACTS = {
    "submit": Act(_new, submit_one, "SELECT count(*) FROM photo WHERE report_id = :id", files=True),
    "accept": Act(_offered, accept_one, "SELECT count(*) FROM event WHERE case_id = :id AND verb = 'accept'"),
    "close": Act(_done, close_one, "SELECT count(*) FROM service WHERE case_id = :id"),
    "redeem": Act(_new, redeem_one, "SELECT count(*) FROM ledger WHERE redemption_id = :id"),
}


async def world(loop: Loop) -> None:
    """Have somebody on duty with room for all, points to spend, and something to spend them on."""
    await loop.on_duty("rider1", WHERE)
    async with loop.database.write() as session:
        await session.run(text("UPDATE responder SET capacity = 30000"))
    kept = Reward(REWARD, "鸡蛋", "Eggs", "", COST, None, "month", None, None, None, active=True)
    await loop.act(put_reward, loop.actor("desk"), kept)
    await loop.act(change_stock, loop.actor("desk"), uuid4(), REWARD, 1000, "进货")
    today, hours = loop.clock.at.date(), [Hours(loop.community.id("rider1"), 4.0)]
    for _ in range(4):
        await loop.act(enter_hours, loop.actor("desk"), uuid4(), "大扫除", today, hours)


async def wrong(loop: Loop) -> list[str]:
    """Return what must not be, of rows and of files."""
    found = [list(CHECKS)[row.place] for row in await loop.rows(LOOK) if row.n]
    for row in await loop.rows("SELECT DISTINCT sha256 FROM photo"):
        for kind in ("original", "view", "thumb"):
            path = loop.photos.path("test", row.sha256, kind)
            if not path.is_file() or not path.stat().st_size:
                found.append(f"a row without its {kind}")
    return found
