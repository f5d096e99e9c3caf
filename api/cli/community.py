"""``weiwang import``, ``migrate`` and ``dispatch``: a community's data and the explanations of its offers."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from dataclasses import replace as replace_fields
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from api.cli.frame import (
    CommunityOption,
    JsonOption,
    StateOption,
    database_url,
    desk,
    err,
    migrated_url,
    out,
    settings_for,
    show_json,
    the_community,
    words,
)
from gis.errors import InvalidInputError
from gis.flows.import_community import ImportSummary, Report, import_community
from gis.flows.import_request import ImportRequest
from gis.settings import Settings
from gis.store.accounts import operator
from gis.store.health import newest_migration
from gis.store.migrate import upgrade
from gis.store.session import Database
from gis.views.cases import dispatch_of
from web.i18n import N_

FileOption = Annotated[
    Path | None, typer.Option(help="GeoJSON, GeoPackage, zipped Shapefile, KML or CSV with WKT.")
]
STEPS = {
    "areas": N_("读取边界"),
    "streets": N_("读取街路"),
    "checks": N_("检查边界"),
    "rows": N_("整理数据"),
    "store": N_("写入数据库"),
    "simulate": N_("模拟一年的案件"),
    "done": N_("完成"),
}


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("import")(import_files)
    app.command("migrate")(migrate)
    app.command("dispatch")(dispatch)


def import_files(
    manifest: Annotated[
        Path | None,
        typer.Argument(help="A community.toml or its folder; or leave it out and use the options."),
    ] = None,
    *,
    osm: Annotated[Path | None, typer.Option(help="OpenStreetMap file, .osm or .osm.pbf.")] = None,
    id_: Annotated[str | None, typer.Option("--id", help="The community's key: a-z, 0-9, - and _.")] = None,
    name: Annotated[str | None, typer.Option(help="What people call it.")] = None,
    name_en: Annotated[str, typer.Option(help="Its English name.")] = "",
    box: Annotated[str | None, typer.Option(help="west,south,east,north: the community is this box.")] = None,
    boundary: FileOption = None,
    grids: FileOption = None,
    micro_grids: FileOption = None,
    courtyards: FileOption = None,
    buildings: FileOption = None,
    stations: FileOption = None,
    datum: Annotated[
        str, typer.Option(help="Of all files but the OSM one: wgs84, gcj02, bd09, cgcs2000.")
    ] = "wgs84",
    trust_datum: Annotated[
        bool, typer.Option("--trust-datum", help="Take the datum as stated, though another fits better.")
    ] = False,
    metric_crs: Annotated[
        str | None, typer.Option(help="CRS in metres, such as EPSG:4550; else one is chosen.")
    ] = None,
    timezone: Annotated[str, typer.Option(help="Time zone of the community.")] = "Asia/Shanghai",
    replace: Annotated[
        bool, typer.Option("--replace", help="Publish new areas and streets for a community that exists.")
    ] = False,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Load a community: streets and buildings from OpenStreetMap, boundaries from any vector file.

    All of it or nothing is stored. Without grids the whole community is one grid with one micro-grid.
    """
    files = {
        "osm": osm,
        "community": boundary,
        "grids": grids,
        "micro_grids": micro_grids,
        "courtyards": courtyards,
        "buildings": buildings,
        "stations": stations,
    }
    if manifest is not None:
        if osm or id_ or boundary or box:
            raise InvalidInputError("either a manifest or options", code="manifest_and_options")
        request = ImportRequest.from_manifest(manifest, replace=replace)
    elif not id_:
        raise InvalidInputError("--id is needed", code="import_no_id")
    else:
        request = ImportRequest.from_options(
            community_id=id_,
            name=name or id_,
            files={key: path for key, path in files.items() if path},
            name_en=name_en,
            datum=datum,
            box=box,
            metric_crs=metric_crs,
            timezone=timezone,
            replace=replace,
        )
    with migrated_url(settings_for(state)) as url:
        summary = asyncio.run(_import(url, replace_fields(request, trust_datum=trust_datum)))
    _warn_of_datums(summary)
    if as_json:
        show_json(asdict(summary))
    else:
        _tell(summary)


def _warn_of_datums(summary: ImportSummary) -> None:
    """Say on the error stream which files look as if they were in another datum than stated."""
    for one in summary.datums:
        if one.doubtful:
            err.print(
                words(
                    "{file} 的坐标系像是 {proposed}，不是 {declared}；请用 --datum {proposed}。",
                    file=one.file,
                    proposed=one.best,
                    declared=one.stated,
                )
            )


def _tell(summary: ImportSummary) -> None:
    """Say what was loaded."""
    out.print(
        words(
            "已载入 {name}：{grids} 个网格，{cells} 个微网格，{buildings} 栋楼，{km} 公里街路。",
            name=summary.name,
            grids=summary.grids,
            cells=summary.micro_grids,
            buildings=summary.buildings,
            km=round(summary.street_km, 1),
        )
    )


async def _import(url: str, request: ImportRequest) -> ImportSummary:
    database = Database(url, pool_size=2)
    try:
        with shown_progress() as progress:
            task = progress.add_task(words("载入"), total=1.0)
            return await import_community(database, request, report=reporter(progress, task))
    finally:
        await database.close()


def shown_progress() -> Progress:
    """Return a bar for long work, on the error stream, so that results can be piped on."""
    return Progress(
        TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=err, transient=True
    )


def reporter(progress: Progress, task: Any) -> Report:
    """Return what moves a bar along."""

    def report(step: str, done: float) -> None:
        progress.update(task, completed=done, description=words(STEPS.get(step, step)))

    return report


def migrate(*, state: StateOption = None, as_json: JsonOption = False) -> None:
    """Create or update all tables of the database."""
    with database_url(settings_for(state)) as url:
        upgrade(url)
    if as_json:
        show_json({"migration": newest_migration()})
    else:
        out.print(words("数据库已是最新：{version}", version=newest_migration()))


def dispatch(
    case: Annotated[UUID, typer.Argument(help="A case's id.")],
    *,
    community: CommunityOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Explain who was asked for a case, in which order and why."""
    settings = settings_for(state)
    with migrated_url(settings) as url:
        rounds = asyncio.run(_rounds(settings, url, community, case))
    if as_json:
        show_json(rounds)
        return
    for one in rounds:
        out.print(f"[bold]{one['at']:%Y-%m-%d %H:%M:%S}[/bold]")
        out.print_json(data=one["explanation"], default=str)


async def _rounds(settings: Settings, url: str, wanted: str | None, case_id: UUID) -> list[dict[str, Any]]:
    async with desk(settings, url) as at:
        community_id = await the_community(at, wanted)
        async with at.database.read() as session:
            found = await dispatch_of(session, operator(community_id), case_id)
    return [{"at": one.at, "offer_id": one.offer_id, "explanation": dict(one.explanation)} for one in found]
