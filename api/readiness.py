"""Whether requests can be served, part by part, each by looking; with a reason that programs understand.

A part that isn't ``ok`` makes the service not ready (503): nothing should be sent to it. A part that is ``ok`` and has a reason
is told of and no more: pages and reports go on, and somebody should look. What each reason means is in docs/operation.md.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from gis.errors import WeiwangError
from gis.store.photo_bucket import PhotoBucket
from gis.store.pulse import jobs_late_s
from gis.store.room import tried
from gis.views.boards import database_state, newest_migration

if TYPE_CHECKING:
    from api.parts import Parts

Check = dict[str, Any]
PATIENCE_S = 3.0
GIGABYTE = 1e9


async def readiness(parts: Parts) -> dict[str, Check]:
    """Look at each part that the service needs."""
    found: dict[str, Check] = {}
    for look in (_database, _disk):
        found |= await _in_time(look, parts)
    if isinstance(parts.photos, PhotoBucket):
        found["photos"] = await _bucket(parts.photos)
    return found


async def _in_time(look: Callable[[Parts], Awaitable[dict[str, Check]]], parts: Parts) -> dict[str, Check]:
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await look(parts)
    except TimeoutError:
        busy = look is _database and parts.database.answered_within(PATIENCE_S)
        slow = {"ok": True, "reason": "busy"} if busy else {"ok": False, "reason": "no_answer_in_time"}
        names = ("database", "migrations", "jobs") if look is _database else ("photos", "disk")
        return dict.fromkeys(names, slow)


async def _database(parts: Parts) -> dict[str, Check]:
    runner = _runner(parts)
    try:
        async with parts.database.read() as session:
            state = await database_state(session)
            late_s = await jobs_late_s(session, parts.clock.now()) if state.migration else 0.0
    except (WeiwangError, OSError) as error:
        down = {"ok": False, "reason": "database_down", "detail": str(error)}
        return {"database": down, "migrations": down, "jobs": runner}
    database: Check = {"ok": bool(state.postgis), "postgresql": state.postgresql, "postgis": state.postgis}
    if not state.postgis:
        database["reason"] = "postgis_missing"
    if runner["ok"] and "reason" not in runner:
        runner["behind_s"] = round(late_s, 1)
        if late_s > parts.settings.watch.jobs_late_s:
            runner["reason"] = "jobs_behind"
    return {"database": database, "migrations": _migrations(state.migration), "jobs": runner}


def _migrations(there: str) -> Check:
    """Tables of the next version are served: it only adds to them until nobody needs the old ones (docs/operation.md)."""
    wanted = newest_migration()
    found: Check = {"ok": there >= wanted, "at": there, "wanted": wanted}
    if there != wanted:
        found["reason"] = "tables_newer" if there > wanted else "tables_old"
    return found


def _runner(parts: Parts) -> Check:
    if not parts.settings.run_jobs:
        return {"ok": True, "reason": "run_elsewhere"}
    task = parts.job_task
    if task is None or task.done():
        return {"ok": False, "reason": "jobs_ended"}
    return {"ok": True}


async def _disk(parts: Parts) -> dict[str, Check]:
    room = await asyncio.to_thread(tried, parts.settings.photo_folder)
    photos: Check = {"ok": not room.trouble}
    if room.trouble:
        photos |= {"reason": "photos_not_writable", "detail": room.trouble}
    disk: Check = {"ok": True, "free_gb": round(room.free / GIGABYTE, 2)}
    if room.free < parts.settings.watch.free_gb * GIGABYTE:
        disk["reason"] = "disk_low"
    return {"photos": photos, "disk": disk}


async def _bucket(photos: PhotoBucket) -> Check:
    """Ask the bucket. One that is gone is told of: it is gone for every process alike, and all but photos goes on."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            await photos.look()
    except (TimeoutError, WeiwangError) as error:
        return {"ok": True, "reason": "bucket_down", "detail": str(error)}
    return {"ok": True}
