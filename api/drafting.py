"""Drafts of boundaries on behalf of routes and pages: begun, changed, put in force, each in a transaction of its own."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import Request

from api.forms import body_of, parse
from api.models import DelineationBody, DraftBody
from api.parts import Parts
from api.uploads import sent_files
from gis.errors import InvalidInputError, TooManyError
from gis.flows.boundaries import DraftState, read_files, roll_back, start_draft
from gis.flows.boundaries.loading import head_of
from gis.flows.boundaries.publish import Published
from gis.flows.delineate import MAIN_STREETS, DelineationWish, Drawn, draw, parse_main_streets
from gis.flows.delineate_ground import stored_surroundings
from gis.flows.delineate_publish import draft_from_drawn
from gis.people.permissions import require
from gis.words import Actor

RETRY_AFTER_S = 20


async def begin_draft(request: Request, parts: Parts, actor: Actor) -> DraftState:
    """Begin the draft that a body asks for, JSON or a form with files.

    Raises
    ------
    RequestValidationError, WeiwangError
        What is wrong with it.
    """
    require(actor, "edit_boundaries")
    body = parse(DraftBody, await body_of(request))
    if body.source == "delineation":
        return await _delineated(parts, actor, body)
    async with sent_files(request) as files:
        areas = await asyncio.to_thread(read_files, files, body.datum) if files else []
    if bool(areas) != (body.source == "file"):
        code, field = ("file_needed", "file") if body.source == "file" else ("field_invalid", "source")
        raise InvalidInputError("files go with the source file", code=code, field=field)
    async with parts.work() as work:
        return await start_draft(work, actor, body.name, areas, source=body.source)


async def _delineated(parts: Parts, actor: Actor, body: DraftBody) -> DraftState:
    drawn = await draw_cells(parts, actor, body)
    async with parts.work() as work:
        return await draft_from_drawn(work, actor, body.name, drawn)


async def draw_cells(parts: Parts, actor: Actor, body: DelineationBody | DraftBody) -> Drawn:
    """Draw cells in a thread, with no transaction open meanwhile; one delineation at a time.

    Raises
    ------
    TooManyError
        ``delineation_busy``.
    """
    if not body.micro_grids:
        raise InvalidInputError("say how many micro-grids", code="field_missing", field="micro_grids")
    wish = DelineationWish(
        micro_grids=body.micro_grids,
        grids=body.grids,
        seed=body.seed,
        main_streets=parse_main_streets(body.main_streets) if body.main_streets else MAIN_STREETS,
        assumed_levels=body.assumed_levels,
    )
    if parts.drawing.locked():
        raise TooManyError("a delineation is under way", code="delineation_busy", retry_after_s=RETRY_AFTER_S)
    async with parts.drawing:
        async with parts.database.read() as session:
            ground = await stored_surroundings(session, actor.community_id)
        return await asyncio.to_thread(draw, ground, wish)


async def roll_back_to(
    parts: Parts, actor: Actor, version: int, *, expected_version: int | None, reason: str
) -> Published:
    """Publish an older version anew; without an expected version whatever is in force gives way."""
    async with parts.work() as work:
        if expected_version is None:
            expected_version = (await head_of(work.session, actor.community_id)).area_version
        return await roll_back(work, actor, version, expected_version=expected_version, reason=reason)


def position_of(request: Request, given: int | None) -> int | None:
    """Return the edit that a change was thought of at: from the body, else from ``If-Match``.

    Raises
    ------
    InvalidInputError
        ``field_not_integer``.
    """
    header = request.headers.get("if-match", "").strip()
    if given is not None or header in ("", "*"):
        return given
    text = header.removeprefix("W/").strip('"')
    if not text.isdecimal() or len(text) > 9:  # noqa: PLR2004 - digits of a 32-bit number
        raise InvalidInputError("If-Match is no position", code="field_not_integer", field="If-Match")
    return int(text)


def take_position(request: Request, fields: dict[str, Any]) -> int | None:
    """Take the position out of an edit's fields, else from ``If-Match``."""
    given = fields.pop("position", None)
    if given is not None and (not isinstance(given, int) or isinstance(given, bool) or given < 0):
        raise InvalidInputError("position is no number", code="field_not_integer", field="position")
    return position_of(request, given)


__all__ = ["begin_draft", "draw_cells", "position_of", "roll_back_to", "take_position"]
