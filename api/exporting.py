"""What a request for a file says, for programs and pages alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from api.filters import case_filters, light_filter
from api.models import CaseQuery, Word
from api.models.fields import Body
from api.routes.figures import timezone_of
from gis.errors import InvalidInputError, NotFoundError
from gis.exports.files import Format
from gis.exports.frames import OutputDatum
from gis.flows.exports.layers import Layer, Order
from gis.flows.exports.orders import file_name
from gis.flows.exports.writing import Draft, Say
from gis.store.exports import Export
from gis.store.session import ReadSession
from gis.words import Actor, Level
from web.exports import export_title, export_word

SAY = Say(export_title, export_word)
SHAPEFILE = "shp.zip"


class ExportQuery(CaseQuery):
    """Filters as in the list of cases, which datum, and for areas which level."""

    light: str | None = Field(None, max_length=40, description="green, yellow or red, separated by commas")
    level: Level = Field(Level.MICRO_GRID, description="of areas")
    datum: OutputDatum = Field(
        OutputDatum.WGS84,
        description="wgs84, gcj02, bd09, cgcs2000 (EPSG:4490), 4549, or metric: the community's own projection",
    )


class ExportBody(Body, ExportQuery):
    """A file to be written in the background; the same `id` again orders nothing more."""

    id: UUID | None = None
    layer: Layer = Field(examples=["cases"])
    format: Format = Field(examples=["xlsx"])
    language: Word | None = Field(None, description="zh or en; by default the reader's")


class ExportOut(BaseModel):
    """A file that was ordered: how far it is, and where it can be had until when."""

    id: UUID
    state: str = Field(description="waiting, running, done, failed, cancelled or expired")
    layer: str
    format: str
    datum: str
    name: str
    rows: int
    rows_total: int | None
    bytes: int | None
    error: str | None
    ordered_at: datetime
    ended_at: datetime | None
    expires_at: datetime | None
    file_url: str | None


def export_out(order: Export) -> ExportOut:
    """Return an order as it is answered."""
    done = order.state == "done"
    return ExportOut(
        id=order.export_id,
        state=order.state,
        layer=order.layer,
        format=order.format,
        datum=order.datum,
        name=file_name(order.layer, Format(order.format), order.datum, order.ordered_at),
        rows=order.rows_done,
        rows_total=order.rows_total,
        bytes=order.bytes,
        error=order.error or None,
        ordered_at=order.ordered_at,
        ended_at=order.ended_at,
        expires_at=order.expires_at,
        file_url=f"/api/v1/exports/{order.export_id}/file" if done else None,
    )


async def draft_of(
    session: ReadSession,
    actor: Actor,
    asked: ExportQuery,
    now: datetime,
    *,
    layer: Layer,
    kind: Format,
    language: str,
) -> Draft:
    """Return a file as it is asked for, its filters checked.

    Raises
    ------
    InvalidInputError
        As for lists.
    """
    filters = case_filters(asked, await timezone_of(session, actor.community_id), actor)
    filters = replace(filters, lights=light_filter(asked.light, now))
    return Draft(Order(layer, filters, asked.level, now), kind, asked.datum, language)


def parse_name(name: str) -> tuple[Layer, Format]:
    """Return layer and format of a file's name, for example ``cases.xlsx``.

    Raises
    ------
    NotFoundError
        ``layer_unknown``, ``format_unknown``.
    """
    stem, _, ending = name.partition(".")
    ending = "shp" if ending == SHAPEFILE else ending
    return _one_of(Layer, stem, "layer_unknown"), _one_of(Format, ending, "format_unknown")


def _one_of(kind: Any, given: str, code: str) -> Any:
    try:
        return kind(given)
    except ValueError:
        expected = ", ".join(kind)
        raise NotFoundError(f"one of {expected}", code=code, expected=expected) from None


def language_given(given: str | None, default: str) -> str:
    """Return the language of a file's words.

    Raises
    ------
    InvalidInputError
        ``field_not_one_of``.
    """
    if given not in (None, "zh", "en"):
        raise InvalidInputError("zh or en", code="field_not_one_of", field="language", expected="zh, en")
    return given or default
