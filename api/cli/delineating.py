"""``weiwang delineate``: draw micro-grids and grids, print what was reached, write a file, a draft or a version."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import shapely
import typer
from rich.table import Table
from shapely.geometry.base import BaseGeometry

from api.cli.community import shown_progress
from api.cli.frame import (
    CommunityOption,
    Desk,
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
from api.delineation import report_rows
from gis.areas import read_vector
from gis.errors import InvalidInputError
from gis.flows.delineate import MAIN_STREETS, DelineationWish, Drawn, draw, parse_main_streets
from gis.flows.delineate_ground import Surroundings, file_surroundings, stored_surroundings
from gis.flows.delineate_publish import draft_from_drawn, publish_drawn
from gis.flows.household_table import read_household_table
from gis.flows.import_request import parse_box
from gis.settings import Settings
from gis.store.accounts import account_rows, operator
from gis.words import Actor, Level, Role
from web.i18n import N_

STEPS = {
    "read": N_("读取楼栋和街路"),
    "plots": N_("分配地块"),
    "divide": N_("划分户数"),
    "outline": N_("勾画边界"),
    "measure": N_("计算指标"),
}
Say = Callable[[str, float], None]


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("delineate")(delineate)


@dataclass(frozen=True, slots=True)
class Target:
    """What the drawn cells become."""

    file: Path | None
    draft: bool
    publish: bool
    username: str | None


def delineate(
    *,
    micro_grids: Annotated[int, typer.Option(help="How many micro-grids to draw.")],
    grids: Annotated[int | None, typer.Option(help="How many grids hold them; one where left out.")] = None,
    balance: Annotated[Literal["households"], typer.Option(help="What cells have alike.")] = "households",
    households: Annotated[
        Path | None,
        typer.Option(
            help="CSV of an office: building or address, households; for buildings of which nothing else is known."
        ),
    ] = None,
    assumed_levels: Annotated[
        float | None,
        typer.Option(
            min=1,
            max=100,
            help="Levels of homes that state none; buildings of unknown kind then count as homes.",
        ),
    ] = None,
    main_streets: Annotated[str, typer.Option(help="Kinds of streets that no cell crosses.")] = ",".join(
        MAIN_STREETS
    ),
    seed: Annotated[int, typer.Option(help="The same seed gives the same cells.")] = 0,
    osm: Annotated[
        Path | None, typer.Option(help="OpenStreetMap file to draw from without importing it, to try out.")
    ] = None,
    box: Annotated[str | None, typer.Option(help="With --osm: west,south,east,north.")] = None,
    boundary: Annotated[Path | None, typer.Option(help="With --osm: file with the community's area.")] = None,
    file: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="GeoJSON to write micro-grids to; grids go beside it (.grids.geojson)."
        ),
    ] = None,
    draft: Annotated[
        bool, typer.Option("--draft", help="Keep the cells as a draft, to be edited on /grids.")
    ] = False,
    publish: Annotated[
        bool, typer.Option("--publish", help="Put the cells in force as the next version.")
    ] = False,
    as_: Annotated[
        str | None,
        typer.Option("--as", help="Who makes the draft or version; the first admin where left out."),
    ] = None,
    community: CommunityOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Draw micro-grids with households alike: contiguous, compact, never across a main street."""
    _ = balance
    if draft and publish:
        raise typer.BadParameter("either --draft or --publish", param_hint="--draft")
    if osm is not None and (draft or publish or community):
        raise typer.BadParameter("cells of a file can only be written with -o", param_hint="--osm")
    if osm is None and (box or boundary):
        raise typer.BadParameter("only together with --osm", param_hint="--box")
    if file is not None and not file.parent.is_dir():
        raise InvalidInputError(f"no folder {file.parent}", code="file_missing", path=str(file.parent))
    wish = DelineationWish(
        micro_grids=micro_grids,
        grids=grids,
        seed=seed,
        main_streets=parse_main_streets(main_streets),
        table=read_household_table(households) if households else {},
        assumed_levels=assumed_levels,
    )
    target = Target(file, draft, publish, as_)
    if osm is not None:
        drawn = _with_progress(lambda say: draw(_read_file(osm, box, boundary, say), wish, report=say))
        _write(file, drawn)
        result: dict[str, Any] = {}
    else:
        settings = settings_for(state)
        with migrated_url(settings) as url:
            drawn, result = asyncio.run(_stored(settings, url, community, wish, target))
    _tell(drawn, result, file, as_json=as_json)


def _read_file(osm: Path, box: str | None, boundary: Path | None, say: Say) -> Surroundings:
    say("read", 0.0)
    area: BaseGeometry | None = shapely.box(*parse_box(box)) if box else None
    if boundary is not None:
        area = shapely.union_all(shapely.make_valid(read_vector(boundary).geometry.to_numpy()))
    return file_surroundings(osm, area)


async def _stored(
    settings: Settings, url: str, wanted: str | None, wish: DelineationWish, target: Target
) -> tuple[Drawn, dict[str, Any]]:
    async with desk(settings, url) as at:
        community_id = await the_community(at, wanted)
        actor = await _actor(at, community_id, target)
        async with at.database.read() as session:
            ground = await stored_surroundings(session, community_id)
        drawn = await asyncio.to_thread(_with_progress, lambda say: draw(ground, wish, report=say))
        _write(target.file, drawn)
        note = words("自动划分：{n} 个微网格", n=wish.micro_grids)
        if target.draft:
            async with at.work() as work:
                state = await draft_from_drawn(work, actor, note, drawn)
            return drawn, {"draft_id": str(state.facts.draft_id)}
        if target.publish:
            async with at.work() as work:
                published = await publish_drawn(work, actor, drawn, note=note)
            return drawn, {"version": published.version}
        return drawn, {}


async def _actor(at: Desk, community_id: str, target: Target) -> Actor:
    """Return who draws: the one named, else the first administrator, else the operator, who can't own a draft."""
    async with at.database.read() as session:
        accounts = await account_rows(session, community_id, target.username)
    office = [one for one in accounts if one.active and one.role in {Role.ADMIN, Role.DESK}]
    office.sort(key=lambda one: one.role != Role.ADMIN)
    if office:
        one = office[0]
        return Actor(community_id, one.person_id, one.username, one.name, Role(one.role))
    if target.username is not None or target.draft:
        raise InvalidInputError(
            "a draft belongs to an admin or desk: weiwang user add",
            code="person_unknown",
            role=Role.ADMIN.value,
        )
    return operator(community_id)


def _with_progress(run: Callable[[Say], Drawn]) -> Drawn:
    first = STEPS["read"]
    with shown_progress() as progress:
        task = progress.add_task(words(first), total=1.0)

        def say(step: str, done: float) -> None:
            progress.update(task, completed=done, description=words(STEPS.get(step, step)))

        return run(say)


def _write(file: Path | None, drawn: Drawn) -> None:
    if file is None:
        return
    for level, path in ((Level.MICRO_GRID, file), (Level.GRID, file.with_suffix(".grids.geojson"))):
        rows = next(rows for rows in drawn.areas if rows.level is level)
        shapes = shapely.to_geojson(rows.geometry)
        features = [
            {
                "type": "Feature",
                "properties": {
                    "code": rows.code[row],
                    "name": rows.name[row],
                    "name_en": rows.name_en[row],
                    **({"grid_code": rows.parent_code[row]} if level is Level.MICRO_GRID else {}),
                    "households": rows.households[row],
                },
                "geometry": json.loads(shapes[row]),
            }
            for row in range(len(rows))
        ]
        try:
            path.write_text(
                json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False),
                encoding="utf-8",
            )
        except OSError as error:
            raise InvalidInputError(
                f"can't write {path}: {error.strerror}", code="file_missing", path=str(path)
            ) from error


def _tell(drawn: Drawn, result: dict[str, Any], file: Path | None, *, as_json: bool) -> None:
    if as_json:
        show_json({**result, "file": None if file is None else str(file), "report": drawn.report_json()})
        return
    table = Table(box=None, show_header=False, pad_edge=False)
    for row in report_rows(drawn.report):
        met = "" if row.met is None else ("[green]✓[/green]" if row.met else "[yellow]✗[/yellow]")
        table.add_row(words(row.label), row.text, row.aim, met)
    out.print(table)
    if file is not None:
        out.print(words("已写入 {path}。", path=file))
    if "draft_id" in result:
        out.print(words("草稿已存好，可在 /grids 修改：{id}", id=result["draft_id"]))
    if "version" in result:
        out.print(words("已发布第 {version} 版。", version=result["version"]))
