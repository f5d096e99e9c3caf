"""``weiwang locate`` and ``weiwang snap``: where positions lie, one or a file full of them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from api.answers import place_out
from api.cli.community import shown_progress
from api.cli.frame import (
    CommunityOption,
    JsonOption,
    StateOption,
    desk,
    err,
    migrated_url,
    out,
    settings_for,
    show_json,
    the_community,
    words,
)
from gis.crs import parse_position
from gis.errors import InvalidInputError
from gis.flows.community_atlas import CommunityAtlas
from gis.flows.locate import locate as locate_in
from gis.flows.snap_table import PLACES, Columns, snap_table
from gis.settings import Settings

DatumOption = Annotated[str, typer.Option(help="wgs84, gcj02, bd09 or cgcs2000.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("locate", context_settings={"ignore_unknown_options": True})(locate)
    app.command("snap")(snap_file)


def locate(
    lon: Annotated[str, typer.Argument(help="Degrees east.")],
    lat: Annotated[str, typer.Argument(help="Degrees north.")],
    *,
    datum: DatumOption = "wgs84",
    accuracy_m: Annotated[str | None, typer.Option(help="68% radius, metres.")] = None,
    community: CommunityOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say where a position lies: micro-grid, grid, building and street."""
    position = parse_position(lon, lat, datum, accuracy_m=accuracy_m)
    settings = settings_for(state)
    with migrated_url(settings) as url:
        atlas = asyncio.run(_atlas(settings, url, community))
    place = locate_in(atlas, position, settings.snap)
    if as_json:
        show_json(place_out(place).model_dump())
        return
    for level in PLACES:
        found = getattr(place, level)
        if found:
            out.print(
                f"{level:10} {found.code:12} {found.name}  {found.distance_m:.1f} m  p={found.probability:.2f}"
            )
    if place.community is None:
        out.print(words("不在社区范围内。"))


def snap_file(
    file: Annotated[Path, typer.Argument(help="CSV or Parquet with a position in every row.")],
    to: Annotated[
        Path | None, typer.Argument(help="CSV or Parquet to write: the same rows with their places.")
    ] = None,
    *,
    output: Annotated[Path | None, typer.Option("--output", "-o", help="The same, as an option.")] = None,
    datum: DatumOption = "wgs84",
    lon_column: Annotated[str, typer.Option(help="Degrees east.")] = Columns().lon,
    lat_column: Annotated[str, typer.Option(help="Degrees north.")] = Columns().lat,
    accuracy_column: Annotated[
        str, typer.Option(help="68% radius, metres; used where there is one.")
    ] = Columns().accuracy_m,
    heading_column: Annotated[
        str, typer.Option(help="Degrees clockwise from north; used where there is one.")
    ] = Columns().heading_deg,
    community: CommunityOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Snap every position of a table and write the rows with micro-grid, grid, building and street."""
    target = output or to
    if target is None:
        raise InvalidInputError("where to? -o FILE", code="no_output")
    settings = settings_for(state)
    with migrated_url(settings) as url:
        atlas = asyncio.run(_atlas(settings, url, community))
    with shown_progress() as progress:
        task = progress.add_task(words("定位"), total=1.0)
        done = snap_table(
            atlas.places,
            file,
            target,
            columns=Columns(lon_column, lat_column, accuracy_column, heading_column),
            datum=datum,
            settings=settings.snap,
            report=lambda share: progress.update(task, completed=share),
        )
    if done.suggestion:
        err.print(words("多数位置在社区以外，坐标系可能是 {datum}。", datum=done.suggestion.value))
    if as_json:
        show_json({"rows": done.rows, "inside": done.inside, "file": str(target)})
        return
    out.print(
        words(
            "{n} 行，其中 {inside} 行在社区内，已写入 {path}。", n=done.rows, inside=done.inside, path=target
        )
    )


async def _atlas(settings: Settings, url: str, wanted: str | None) -> CommunityAtlas:
    async with desk(settings, url) as at:
        community_id = await the_community(at, wanted)
        async with at.database.read() as session:
            return await at.atlas.get(session, community_id)
