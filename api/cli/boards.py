"""``weiwang boards``: communities side by side, for whoever runs the service of several of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from api.cli.frame import (
    JsonOption,
    StateOption,
    language,
    migrated_url,
    out,
    settings_for,
    show_json,
)
from gis.clock import SystemClock
from gis.errors import InvalidInputError, NotFoundError
from gis.exports.sheets import Sheet, write_csv, write_xlsx
from gis.settings import Settings
from gis.store.district import CommunityRow, communities_side_by_side
from gis.store.replica import replica_of
from gis.store.session import Database
from web.board_sheets import boards_sheet

ENDINGS = (".csv", ".xlsx")


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("boards")(boards)


def boards(
    only: Annotated[list[str] | None, typer.Argument(help="Only these communities, by their ids.")] = None,
    *,
    days: Annotated[int, typer.Option(min=1, max=3660, help="The period, up to now.")] = 30,
    file: Annotated[
        Path | None, typer.Option("--file", help="Write them into this file, .csv or .xlsx, instead.")
    ] = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show communities side by side: what is open, late, opened and closed. In the order of their names, never as a ranking.

    For whoever runs the service of several communities: there is no role of a district within it. A district gets a file.
    """
    if file is not None and file.suffix.lower() not in ENDINGS:
        expected = ", ".join(ENDINGS)
        raise InvalidInputError(
            f"{file.name} is none of {expected}", code="format_unknown", expected=expected
        )
    settings = settings_for(state)
    with migrated_url(settings) as url:
        found = asyncio.run(_counted(settings, url, days, only or ()))
    if file is not None:
        _write(file, boards_sheet(language(), found))
    if as_json:
        show_json([_told(row) for row in found])
    elif file is not None:
        out.print(f"{file}: {len(found)}")
    else:
        _show(boards_sheet(language(), found))
    return 0


async def _counted(settings: Settings, url: str, days: int, only: Sequence[str]) -> list[CommunityRow]:
    """Count on the copy of the database, where there is one."""
    now = SystemClock().now()
    database = Database(url, pool_size=2)
    replica = replica_of(settings, database)
    try:
        async with replica.read() if replica else database.read() as session:
            found = await communities_side_by_side(
                session, since=now - timedelta(days=days), now=now, only=only
            )
    finally:
        if replica:
            await replica.close()
        await database.close()
    unknown = set(only) - {row.community_id for row in found}
    if unknown:
        raise NotFoundError(
            "no such community", code="community_unknown", community=", ".join(sorted(unknown))[:200]
        )
    return found


def _write(file: Path, sheet: Sheet) -> None:
    try:
        if file.suffix.lower() == ".csv":
            write_csv(file, sheet)
        else:
            write_xlsx(file, [sheet])
    except OSError as error:
        raise InvalidInputError(
            f"can't write {file}: {error.strerror}", code="file_unwritable", path=str(file)
        ) from error


def _show(sheet: Sheet) -> None:
    table = Table(*(column.heading for column in sheet.columns))
    for row in sheet.rows:
        table.add_row(*(_shown(column.kind, value) for column, value in zip(sheet.columns, row, strict=True)))
    out.print(table)


def _shown(kind: str, value: Any) -> str:
    if kind == "percent":
        return "–" if value is None else f"{value:.0%}"
    return str(value)


def _told(row: CommunityRow) -> dict[str, Any]:
    return asdict(row) | {"closing_rate": row.closing_rate, "in_time_rate": row.in_time_rate}
