"""``weiwang hotspots``: the streets worth repairing, of any city's reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from api.cli.community import shown_progress
from api.cli.frame import JsonOption, err, out, show_json, words
from gis.crs import parse_datum, parse_srid
from gis.flows.hotspots.cases_file import Cases, Columns, read_cases
from gis.flows.hotspots.coordinates import Ground
from gis.flows.hotspots.score import Scored, score, table
from gis.flows.hotspots.streets_file import read_streets
from gis.flows.table_files import TableWriter
from web.i18n import N_

if TYPE_CHECKING:
    import pandas as pd

NOTICED = {
    "without_position": N_("{n} 行没有位置，未计入。"),
    "swapped": N_("经度和纬度两列是对调的，已按对调后的读取。"),
    "projected": N_("坐标是投影坐标 EPSG:{n}，已换算。"),
    "projected_swapped": N_("坐标是对调的投影坐标 EPSG:{n}，已换算。"),
    "without_times": N_("没有时间列：每行各算一件，不合并重复上报，也没有趋势。"),
    "time_unreadable": N_("{n} 行的时间读不出来，未计入。"),
    "in_the_future": N_("{n} 行的时间在将来，未计入。"),
}

TRENDS = {"rising": N_("上升"), "steady": N_("平稳"), "falling": N_("下降"), "unknown": N_("数据太少")}


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("hotspots")(hotspots)


def hotspots(
    reports: Annotated[Path, typer.Argument(help="CSV or Parquet of reports.")],
    *,
    streets: Annotated[
        Path, typer.Option(help="OpenStreetMap (.osm, .osm.pbf) or any vector file of street lines.")
    ],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="CSV or Parquet of all streets, the worst first.")
    ] = None,
    lon_column: Annotated[str, typer.Option(help="Degrees east, or metres.")] = "",
    lat_column: Annotated[str, typer.Option(help="Degrees north, or metres.")] = "",
    time_column: Annotated[str, typer.Option(help="When it was reported.")] = "",
    category_column: Annotated[str, typer.Option(help="Only equal ones can be the same thing.")] = "",
    name_column: Annotated[str, typer.Option(help="The streets' names, in a vector file.")] = "",
    datum: Annotated[str, typer.Option(help="wgs84, gcj02, bd09 or cgcs2000.")] = "wgs84",
    crs: Annotated[str | None, typer.Option(help="EPSG code, where the coordinates are projected.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Streets shown.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """Rank streets by cases per metre, with 90% intervals, trends and clusters; each thing counts once."""
    columns = Columns(lon_column, lat_column, time_column, category_column)
    with shown_progress() as progress:
        task = progress.add_task(words("热点街路"), total=1.0)
        lines, metric = read_streets(streets, name_column=name_column)
        progress.update(task, completed=0.2)
        ground = Ground(lines, metric, parse_datum(datum), parse_srid(crs) if crs else 0)
        cases = read_cases(reports, columns, ground)
        found = score(lines, cases, lambda share: progress.update(task, completed=0.3 + 0.7 * share))
    rows = table(found)
    if output is not None:
        with TableWriter(output) as writer:
            writer.write(rows)
    for notice in cases.noticed:
        kind, _, number = notice.partition(":")
        err.print(words(NOTICED[kind], n=number))
    if as_json:
        show_json(_figures(cases, found) | {"items": rows.head(limit).to_dict("records"), "file": output})
        return
    out.print(_shown(rows.head(limit)))
    figures = _figures(cases, found)
    out.print(
        words("{reports} 次上报，{things} 件事，{streets} 条路段；{off} 件离街路太远。", **figures)
        + (" " + words("已写入 {path}。", path=output) if output else "")
    )


def _figures(cases: Cases, found: Scored) -> dict[str, int]:
    return {
        "reports": cases.rows,
        "things": round(float(found.cases.sum())) + found.off,
        "streets": len(found.streets),
        "off": found.off,
    }


def _shown(rows: pd.DataFrame) -> Table:
    shown = Table(box=None)
    for title in (
        "#",
        words("街路"),
        words("长度（米）"),
        words("件数"),
        words("每百米每年（90% 区间）"),
        words("趋势"),
    ):
        shown.add_column(title, justify="left" if title == words("街路") else "right")
    for row in rows.itertuples():
        rate = f"{row.rate_per_100m_year:.2f} ({row.low:.2f}-{row.high:.2f})"
        few = "" if row.enough_data else " *"
        shown.add_row(
            str(row.rank),
            str(row.name or row.street) + few,
            f"{row.length_m:.0f}",
            f"{row.cases:.1f}",
            rate,
            words(TRENDS[str(row.trend)]),
        )
    return shown
