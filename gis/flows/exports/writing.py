"""Writing a file: its rows are fetched in the service's loop as a thread asks for them."""

from __future__ import annotations

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from gis.errors import NotFoundError, StorageFullError, TooLargeError
from gis.exports.files import Content, Format, write_file
from gis.exports.frames import OutputDatum, frame_of
from gis.flows.exports import layers
from gis.flows.exports.layers import Order, Source
from gis.people.permissions import require
from gis.settings import Settings
from gis.store.community_facts import CommunityFacts, agencies, community_facts
from gis.store.photos import NO_SPACE
from gis.words import Actor

Advance = Callable[[int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Say:
    """Says what is written on a sheet.

    Parameters
    ----------
    title
        Key and language to the title of a column or layer.
    word
        Key of a column, stored value, language and names of agencies to the value as people read it.
    """

    title: Callable[[str, str], str]
    word: Callable[[str, Any, str, Mapping[str, str]], Any]


@dataclass(frozen=True, slots=True)
class Draft:
    """A file as it is asked for."""

    order: Order
    format: Format
    datum: OutputDatum
    language: str


async def at_once(source: Source, settings: Settings, actor: Actor, draft: Draft, say: Say) -> Path:
    """Write a small file and return where it is; the caller removes it.

    Parameters
    ----------
    source
        Where rows come from.
    settings
        Say what is small.
    actor, draft, say
        As for ``write``.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    TooLargeError
        ``export_too_large``: it has to be ordered.
    """
    require(actor, "export")
    most = settings.exports.at_once_rows
    async with source.read() as session:
        rows = await layers.count_rows(session, actor, draft.order, source.streets)
    if rows > most:
        raise TooLargeError(f"{rows} rows", code="export_too_large", rows=rows, limit=most)
    handle, name = tempfile.mkstemp(dir=folder_at(settings.export_folder), suffix=".part")
    os.close(handle)
    await write(source, actor, draft, say, Path(name))
    return Path(name)


async def write(
    source: Source,
    actor: Actor,
    draft: Draft,
    say: Say,
    target: Path,
    *,
    advance: Advance | None = None,
) -> int:
    """Write a file in a thread, its rows fetched as they are needed, and return how many it has.

    Parameters
    ----------
    source
        Where rows come from.
    actor
        For whom: columns and rows are theirs.
    draft
        What.
    say
        Words for sheets.
    target
        Where.
    advance
        Awaited with the number of rows after each batch; may raise to end it.
    """
    async with source.read() as session:
        facts = await community_facts(session, actor.community_id)
        if facts is None:
            raise NotFoundError("no such community", code="community_not_found", community=actor.community_id)
        called = {
            one.code: one.name if draft.language == "zh" else one.name_en or one.name
            for one in await agencies(session, actor.community_id)
        }
    order, language = draft.order, draft.language
    loop = asyncio.get_running_loop()
    content = Content(
        name=order.layer.value,
        title=say.title(order.layer.value, language),
        columns=layers.columns_of(order.layer, actor.role, lambda key: say.title(key, language)),
        geometry=layers.geometry_of(order.layer),
        batches=_pulled(loop, layers.batches(source, actor, order), advance),
        word=lambda key, value: say.word(key, value, language, called),
    )
    try:
        return await asyncio.to_thread(_write, target, draft, content, facts)
    except OSError as error:
        if error.errno in NO_SPACE:
            raise StorageFullError("the disk is full") from error
        raise


def _write(target: Path, draft: Draft, content: Content, facts: CommunityFacts) -> int:
    frame = frame_of(draft.datum, facts.metric_srid)
    if draft.format is Format.GPKG:  # GDAL goes by the ending of a name
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            made = Path(folder) / "made.gpkg"
            rows = write_file(made, draft.format, content, frame, ZoneInfo(facts.timezone))
            made.replace(target)
        return rows
    return write_file(target, draft.format, content, frame, ZoneInfo(facts.timezone))


def _pulled(
    loop: asyncio.AbstractEventLoop,
    rows: AsyncIterator[list[Sequence[Any]]],
    advance: Advance | None,
) -> Iterator[list[Sequence[Any]]]:
    """Give batches to a thread: each is fetched in the service's loop when the thread asks for it."""
    count = 0
    while True:
        batch = asyncio.run_coroutine_threadsafe(_next(rows), loop).result()
        if batch is None:
            return
        yield batch
        count += len(batch)
        if advance is not None:
            asyncio.run_coroutine_threadsafe(_told(advance, count), loop).result()


async def _told(advance: Advance, count: int) -> None:
    await advance(count)


async def _next(rows: AsyncIterator[list[Sequence[Any]]]) -> list[Sequence[Any]] | None:
    return await anext(rows, None)


def folder_at(path: Path) -> Path:
    """Return a folder that only the service reads, made if it isn't there."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path
