"""``weiwang locate`` and ``weiwang snap``: where positions lie, one or a file full of them."""

from __future__ import annotations

import asyncio
import csv
from pathlib import Path
from typing import Annotated, Any

import typer

from api.answers import place_out
from api.cli.frame import (
    CommunityOption,
    JsonOption,
    StateOption,
    desk,
    migrated_url,
    out,
    settings_for,
    show_json,
    the_community,
    words,
)
from gis.crs import parse_position
from gis.errors import InvalidInputError
from gis.flows.atlas import CommunityAtlas
from gis.flows.locate import locate as locate_in
from gis.settings import Settings
from gis.snap import place_at, snap
from gis.words import Place, Position

DatumOption = Annotated[str, typer.Option(help="wgs84, gcj02, bd09 or cgcs2000.")]
COLUMNS = ("community", "grid", "micro_grid", "courtyard", "building", "street")


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
    for level in COLUMNS:
        found = getattr(place, level)
        if found:
            out.print(
                f"{level:10} {found.code:12} {found.name}  {found.distance_m:.1f} m  p={found.probability:.2f}"
            )
    if place.community is None:
        out.print(words("不在社区范围内。"))


def snap_file(
    file: Annotated[
        Path, typer.Argument(help="CSV with columns lon and lat; accuracy_m and heading_deg if known.")
    ],
    to: Annotated[Path, typer.Argument(help="CSV to write: the same rows with their places.")],
    *,
    datum: DatumOption = "wgs84",
    community: CommunityOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Snap every position of a CSV file and write the rows with micro-grid, grid, building and street."""
    rows, positions = _read(file, datum)
    settings = settings_for(state)
    with migrated_url(settings) as url:
        atlas = asyncio.run(_atlas(settings, url, community))
    places = _snap(atlas, positions, settings) if positions else []
    _write(to, rows, places)
    inside = sum(place.community is not None for place in places)
    if as_json:
        show_json({"rows": len(rows), "inside": inside, "file": str(to)})
    else:
        out.print(
            words("{n} 行，其中 {inside} 行在社区内，已写入 {path}。", n=len(rows), inside=inside, path=to)
        )


async def _atlas(settings: Settings, url: str, wanted: str | None) -> CommunityAtlas:
    async with desk(settings, url) as at:
        community_id = await the_community(at, wanted)
        async with at.database.read() as session:
            return await at.atlas.get(session, community_id)


def _read(file: Path, datum: str) -> tuple[list[dict[str, str]], list[Position]]:
    if not file.is_file():
        raise InvalidInputError(f"no file {file}", code="file_missing", path=str(file))
    rows: list[dict[str, str]] = []
    positions: list[Position] = []
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            for number, row in enumerate(csv.DictReader(opened), start=2):
                positions.append(_position(row, datum, number))
                rows.append(row)
    except (UnicodeDecodeError, csv.Error) as error:
        raise InvalidInputError(
            f"{file} is no CSV in UTF-8: {error}", code="csv_unreadable", path=str(file)
        ) from error
    return rows, positions


def _position(row: dict[str, Any], datum: str, number: int) -> Position:
    try:
        return parse_position(
            row.get("lon"),
            row.get("lat"),
            datum,
            accuracy_m=row.get("accuracy_m"),
            heading_deg=row.get("heading_deg"),
        )
    except InvalidInputError as error:
        raise InvalidInputError(
            f"row {number}: {error.detail}", code=error.code, field=error.field
        ) from error


def _snap(atlas: CommunityAtlas, positions: list[Position], settings: Settings) -> list[Place]:
    import numpy as np

    def column(name: str) -> Any:
        values = [getattr(one, name) for one in positions]
        return np.array([np.nan if value is None else value for value in values], dtype=float)

    snapped = snap(
        atlas.places,
        column("lon"),
        column("lat"),
        column("accuracy_m"),
        column("heading_deg"),
        settings=settings.snap,
    )
    return [place_at(atlas.places, snapped, row) for row in range(len(positions))]


def _write(to: Path, rows: list[dict[str, str]], places: list[Place]) -> None:
    added = [*COLUMNS, "distance_m", "probability", "ambiguous"]
    names = [name for name in (rows[0] if rows else ("lon", "lat")) if name not in added]
    try:
        with to.open("w", encoding="utf-8-sig", newline="") as opened:
            writer = csv.DictWriter(opened, [*names, *added], extrasaction="ignore")
            writer.writeheader()
            writer.writerows({**row, **cells} for row, cells in zip(rows, map(_cells, places), strict=True))
    except OSError as error:
        raise InvalidInputError(
            f"can't write {to}: {error.strerror}", code="file_missing", path=str(to)
        ) from error


def _cells(place: Place) -> dict[str, object]:
    cells: dict[str, object] = {level: _code(place, level) for level in COLUMNS}
    cell = place.micro_grid
    cells["distance_m"] = round(cell.distance_m, 2) if cell else ""
    cells["probability"] = round(cell.probability, 3) if cell else ""
    cells["ambiguous"] = int(place.ambiguous)
    return cells


def _code(place: Place, level: str) -> str:
    found = getattr(place, level)
    if not found:
        return ""
    return str(found.name if level in ("building", "street") else found.code)
