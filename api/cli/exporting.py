"""``weiwang export``: cases, areas, streets, stations and buildings as files, from the shell."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from api.cli.community import shown_progress
from api.cli.frame import (
    CommunityOption,
    Desk,
    JsonOption,
    StateOption,
    at_desk,
    language,
    out,
    settings_for,
    show_json,
    the_community,
    words,
)
from api.exporting import SAY, ExportQuery, draft_of, parse_name
from api.forms import parse
from gis.clock import SystemClock
from gis.exports.frames import OutputDatum
from gis.flows.exports import layers
from gis.flows.exports.writing import Draft, write
from gis.store.access_log import log_access
from gis.words import Actor, Level, Role

OPERATOR = UUID(int=0)
"""In the record of who took what out: whoever may use the machine."""


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("export")(export)


def export(
    target: Annotated[
        Path,
        typer.Argument(
            help="The file to write. Its name says what: cases, areas, streets, stations or buildings, and .xlsx, .csv, "
            ".geojson, .gpkg, .shp.zip or .parquet; for example cases.xlsx or areas-2026.gpkg."
        ),
    ],
    *,
    datum: Annotated[
        OutputDatum, typer.Option(help="cgcs2000 is EPSG:4490; metric is the community's own projection.")
    ] = OutputDatum.WGS84,
    level: Annotated[Level, typer.Option(help="Of areas.")] = Level.MICRO_GRID,
    status: Annotated[str, typer.Option(help="Of cases, separated by commas; live for all unfinished.")] = "",
    category: Annotated[str, typer.Option(help="Of cases and streets, separated by commas.")] = "",
    grid: Annotated[str, typer.Option(help="Code of a grid.")] = "",
    since: Annotated[str, typer.Option("--from", help="Date or moment of reporting.")] = "",
    before: Annotated[str, typer.Option("--to", help="Date (included) or moment.")] = "",
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,
    community: CommunityOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write a file of what the office sees; words and titles in the shell's language."""
    layer, kind = parse_name(target.name.split("-", 1)[0].partition(".")[0] + _ending(target))
    if target.exists() and not force:
        raise typer.BadParameter(f"{target} is there already; --force writes over it")
    given = {"status": status, "category": category, "grid": grid, "from": since, "to": before}
    asked = parse(ExportQuery, {n: v for n, v in given.items() if v} | {"level": level, "datum": datum})

    async def run(at: Desk) -> int:
        community_id = await the_community(at, community)
        actor, source = Actor(community_id, OPERATOR, "", "", Role.ADMIN), layers.Source(at.database.read)
        async with at.database.read() as session:
            draft = await draft_of(
                session, actor, asked, SystemClock().now(), layer=layer, kind=kind, language=language()
            )
            total = await layers.count_rows(session, actor, draft.order, source.streets)
        rows = await _written(source, actor, draft, target, total)
        await _log(at, actor, target)
        return rows

    rows = at_desk(settings_for(state), run)
    if as_json:
        show_json({"file": target, "rows": rows, "bytes": target.stat().st_size})
    else:
        out.print(words("已写入 {path}：{rows} 行。", path=target, rows=rows))


def _ending(target: Path) -> str:
    _, dot, ending = target.name.partition(".")
    return dot + ending


async def _written(source: layers.Source, actor: Actor, draft: Draft, target: Path, total: int) -> int:
    part = target.with_name(f"{target.name}.part")
    with shown_progress() as progress:
        task = progress.add_task(target.name, total=max(total, 1))

        async def advance(rows: int) -> None:
            progress.update(task, completed=rows)

        try:
            rows = await write(source, actor, draft, SAY, part, advance=advance)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    return rows


async def _log(at: Desk, actor: Actor, target: Path) -> None:
    """Write down that somebody took a file out."""
    async with at.work() as work:
        await log_access(
            work.session,
            actor.community_id,
            at=work.clock.now(),
            person_id=OPERATOR,
            kind="export_file",
            subject_id=target.name,
        )
