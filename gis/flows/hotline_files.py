"""A file of the hotline on its way: sent, looked at, its columns and doubtful addresses settled, written by a job.

The file lies in the state folder while it is needed: it holds numbers of telephones, and is removed when it was written or
discarded, or after a day.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from gis.categories import CATEGORIES
from gis.errors import ConflictError, InvalidInputError, NotFoundError, WeiwangError
from gis.flows.hotline_file import KINDS, header_of
from gis.flows.hotline_import import write_orders
from gis.flows.hotline_look import look_at
from gis.flows.hotline_rows import Plan
from gis.flows.work import OpenWork, Work
from gis.hotline.columns import guess
from gis.people.permissions import require
from gis.store import community_facts, hotline_imports, orders
from gis.store.hotline_imports import Import
from gis.store.jobs import Task
from gis.words import Actor

KEPT_S = 86_400.0
LOOKED_AT, WRITING, WRITTEN, FAILED, DISCARDED = "looked_at", "writing", "written", "failed", "discarded"
CODES = frozenset(one.code for one in CATEGORIES)


def file_of(folder: Path, import_id: UUID, name: str) -> Path:
    """Return where a file lies while it is needed."""
    ending = Path(name).suffix.lower()
    if ending not in KINDS:
        raise InvalidInputError(
            f"{name} is neither CSV nor XLSX",
            code="hotline_file_kind",
            field="file",
            expected=", ".join(KINDS),
        )
    return folder / "hotline" / f"{import_id}{ending}"


async def begin(work: Work, actor: Actor, import_id: UUID, name: str, data: bytes) -> None:
    """Keep a file that was sent, guess its columns, and look at it.

    Parameters
    ----------
    work, actor
        Unit of work, and who sends it.
    import_id
        Made by the page; sent again, it changes nothing.
    name, data
        The file.

    Raises
    ------
    InvalidInputError
        ``hotline_file_kind``, ``hotline_unreadable``, ``hotline_no_titles``.
    """
    require(actor, "hotline")
    if await hotline_imports.get(work.session, actor.community_id, import_id) is not None:
        return
    path = file_of(work.settings.state, import_id, name)
    await asyncio.to_thread(_keep, path, data)
    try:
        header = await asyncio.to_thread(header_of, path)
        columns, categories = await hotline_imports.remembered(work.session, actor.community_id)
        new = Import(
            import_id, Path(name).name[:120], LOOKED_AT, guess(header.titles, columns), categories, {}, 0, 0, {},
            actor.person_id, work.clock.now(), None,
        )  # fmt: skip
        await hotline_imports.add(work.session, actor.community_id, new)
        await _look(work, actor, new)
    except WeiwangError:
        path.unlink(missing_ok=True)
        raise


async def settle(  # noqa: PLR0917 - which file, and how it is to be read
    work: Work,
    actor: Actor,
    import_id: UUID,
    columns: Mapping[str, str],
    categories: Mapping[str, str],
    choices: Mapping[str, str],
) -> None:
    """State how a file is to be read, and look at it again.

    Parameters
    ----------
    work, actor, import_id
        Who, and which file.
    columns
        Field to title; of all fields.
    categories, choices
        Added to those that there are.

    Raises
    ------
    InvalidInputError
        ``hotline_column_unknown``, ``hotline_column_needed``, ``category_unknown``.
    ConflictError
        ``hotline_import_over``.
    """
    found = await the_import(work, actor, import_id)
    for code in categories.values():
        if code not in CODES:
            raise InvalidInputError(f"no category {code!r}", code="category_unknown", field="category")
    plan = Plan(
        {field: title for field, title in columns.items() if title},
        {**found.categories, **categories},
        {**found.choices, **{address: place for address, place in choices.items() if place}},
    )
    args = (plan.columns, plan.categories, plan.choices)
    if not await hotline_imports.set_plan(work.session, actor.community_id, import_id, *args):
        raise ConflictError("it is being written, or was", code="hotline_import_over")
    await _look(work, actor, await the_import(work, actor, import_id))


async def start(work: Work, actor: Actor, import_id: UUID) -> None:
    """Have a file written in the background; its columns are remembered for the next one.

    Raises
    ------
    ConflictError
        ``hotline_import_over``.
    """
    found = await the_import(work, actor, import_id)
    moved = await hotline_imports.move(work.session, actor.community_id, import_id, LOOKED_AT, WRITING, None)
    if not moved:
        raise ConflictError("it is being written, or was", code="hotline_import_over")
    now = work.clock.now()
    await hotline_imports.remember(work.session, actor.community_id, found.columns, found.categories, now)
    await work.jobs.defer(
        work.session, "write_hotline", community_id=actor.community_id, import_id=str(import_id)
    )


async def discard(work: Work, actor: Actor, import_id: UUID) -> None:
    """Remove a file that was only looked at."""
    found = await the_import(work, actor, import_id)
    now = work.clock.now()
    if not await hotline_imports.move(work.session, actor.community_id, import_id, LOOKED_AT, DISCARDED, now):
        raise ConflictError("it is being written, or was", code="hotline_import_over")
    file_of(work.settings.state, import_id, found.file_name).unlink(missing_ok=True)


async def the_import(work: Work, actor: Actor, import_id: UUID) -> Import:
    """Return a file that was sent.

    Raises
    ------
    NotFoundError
        ``hotline_import_not_found``.
    """
    require(actor, "hotline")
    found = await hotline_imports.get(work.session, actor.community_id, import_id)
    if found is None:
        raise NotFoundError("no such file", code="hotline_import_not_found")
    return found


async def _look(work: Work, actor: Actor, found: Import) -> None:
    path = file_of(work.settings.state, found.import_id, found.file_name)
    if not path.is_file():
        raise ConflictError("the file is not kept any more", code="hotline_import_over")
    plan = Plan(found.columns, found.categories, found.choices)
    summary: dict[str, object] = {"titles": list((await asyncio.to_thread(header_of, path)).titles)}
    try:
        looked = await look_at(work, actor.community_id, path, plan, await zone_of(work, actor.community_id))
        summary |= looked.as_json()
    except InvalidInputError as error:
        if error.code != "hotline_column_needed":
            raise
        summary |= {"needed": error.values.get("column"), "rows": 0}
    await hotline_imports.move(
        work.session, actor.community_id, found.import_id, LOOKED_AT, LOOKED_AT, None, summary
    )


async def zone_of(work: Work, community_id: str) -> ZoneInfo:
    """Return the community's clock."""
    facts = await community_facts.community_facts(work.session, community_id)
    return ZoneInfo(facts.timezone if facts else "Asia/Shanghai")


def _keep(path: Path, data: bytes) -> None:
    """Write a file that only the service may read, and remove those that nobody came back to."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in path.parent.iterdir():
        if time.time() - old.stat().st_mtime > KEPT_S:
            old.unlink(missing_ok=True)
    path.touch(mode=0o600)
    path.write_bytes(data)


async def write_file(open_work: OpenWork, community_id: str, import_id: UUID) -> None:
    """Write a file that was ordered to be written; begun again after a crash, it goes on where it was.

    Parameters
    ----------
    open_work, community_id, import_id
        Opens a unit of work, and which file.
    """
    async with open_work() as work:
        found = await hotline_imports.get(work.session, community_id, import_id)
        if found is None or found.status != WRITING:
            return
        actor = await orders.orderer(work.session, community_id, found.created_by)
        zone = await zone_of(work, community_id)
        path = file_of(work.settings.state, import_id, found.file_name)

    async def report(done: int) -> None:
        async with open_work() as work:
            await hotline_imports.progress(
                work.session, community_id, import_id, done, max(done, int(found.summary.get("rows", 0)))
            )

    status, summary = WRITTEN, dict(found.summary)
    try:
        plan = Plan(found.columns, found.categories, found.choices)
        summary |= {"written": (await write_orders(open_work, actor, path, plan, zone, report)).as_json()}
    except InvalidInputError as error:
        status, summary = FAILED, summary | {"error": error.code}
    async with open_work() as work:
        now = work.clock.now()
        await hotline_imports.move(work.session, community_id, import_id, WRITING, status, now, summary)
    path.unlink(missing_ok=True)


def bind_hotline_files(open_work: OpenWork) -> dict[str, Task]:
    """Return the tasks for ``gis.store.jobs.JobRunner``.

    Parameters
    ----------
    open_work
        Opens a unit of work that is committed when its block ends without an error.
    """

    async def write(community_id: str, import_id: str) -> None:
        await write_file(open_work, community_id, UUID(import_id))

    return {"write_hotline": write}
