"""``weiwang hotline``: orders of the 12345 hotline in from a file, and answers out."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer

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
from api.filters import parse_moment
from gis.errors import InvalidInputError
from gis.exports.sheets import write_csv, write_xlsx
from gis.flows.hotline_file import header_of
from gis.flows.hotline_files import zone_of
from gis.flows.hotline_import import write_orders
from gis.flows.hotline_look import look_at
from gis.flows.hotline_rows import Plan
from gis.hotline.columns import FIELDS, guess
from gis.store import hotline_imports, sessions
from gis.words import Actor
from web.hotline_words import OUTCOMES, PROBLEMS, answers_sheet

hotline = typer.Typer(
    help="Orders of the 12345 hotline: in from a file, and answers out.", no_args_is_help=True
)
ColumnOption = Annotated[
    list[str] | None,
    typer.Option("--column", help=f"FIELD=TITLE where the guess is wrong; fields: {', '.join(FIELDS)}."),
]
CategoryOption = Annotated[
    list[str] | None, typer.Option("--category", help="KIND=CODE: the file's kind of order and our category.")
]
PlaceOption = Annotated[
    list[str] | None, typer.Option("--place", help="ADDRESS=ADDRESS for one that isn't found, or =skip.")
]


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(hotline, name="hotline")


def pairs(given: list[str] | None, option: str) -> dict[str, str]:
    """Return what was stated as NAME=VALUE."""
    found = {}
    for one in given or ():
        name, sign, value = one.partition("=")
        if not sign or not name:
            raise InvalidInputError(
                f"{option} {one}: NAME=VALUE", code="option_pair", option=option, value=one
            )
        found[name] = value
    return found


async def _actor(at: Desk, community_id: str, username: str) -> Actor:
    async with at.database.read() as session:
        everybody = await sessions.actors(session, community_id)
    found = next((one for one in everybody if one.username == username), None)
    if found is None:
        raise InvalidInputError(f"nobody is called {username}", code="person_unknown", field="as")
    return found


@hotline.command("import")
def import_file(
    file: Annotated[Path, typer.Argument(help="CSV (UTF-8 or GBK) or XLSX, as the hotline gives it.")],
    *,
    look: Annotated[bool, typer.Option("--look", help="Only say what would be written.")] = False,
    acting: Annotated[str, typer.Option("--as", help="Username of who imports it.")] = "desk",
    column: ColumnOption = None,
    category: CategoryOption = None,
    place: PlaceOption = None,
    community: CommunityOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """File orders that are new, change those that the hotline has changed; the others stay as they are."""
    if not file.is_file():
        raise InvalidInputError(f"no file {file}", code="file_missing", path=str(file), file=file.name)
    plan = Plan(
        guess(header_of(file).titles) | pairs(column, "--column"),
        pairs(category, "--category"),
        pairs(place, "--place"),
    )

    async def run(at: Desk) -> dict[str, Any]:
        community_id = await the_community(at, community)
        actor = await _actor(at, community_id, acting)
        async with at.work() as work:
            zone = await zone_of(work, community_id)
            found = (await look_at(work, community_id, file, plan, zone)).as_json()
        if not look:
            written = await write_orders(at.work, actor, file, plan, zone)
            found["written"] = written.as_json()
        return found

    found = at_desk(settings_for(state), run)
    if as_json:
        show_json(found)
        return
    _tell(found)


def _tell(found: dict[str, Any]) -> None:
    counts = found["written"]["counts"] if "written" in found else None
    shown = counts or {
        "new": found["new"],
        "unchanged": found["unchanged"],
        "changed": found["changed"],
        "doubtful": found["doubtful_rows"],
        "skipped": found["skipped"],
    }
    for key, n in shown.items():
        out.print(f"{words(OUTCOMES[key])}: {n}")
    for one in found["problems"]:
        out.print(f"{one['line']}: {words(PROBLEMS[one['code']])}")
    for one in found["doubtful"]:
        out.print(f"? {one['address']} ({one['rows']}): {' / '.join(one['candidates']) or '—'}")


@hotline.command("answers")
def answers(
    target: Annotated[Path, typer.Argument(help="File to write: .xlsx or .csv.")],
    *,
    since: Annotated[str | None, typer.Option("--from", help="Orders received from this day on.")] = None,
    until: Annotated[str | None, typer.Option("--to", help="Until this day, included.")] = None,
    ended: Annotated[bool, typer.Option("--ended", help="Only those whose case has ended.")] = False,
    community: CommunityOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write what the hotline is told: number, result, when it was closed, whether in time, how many photos."""
    ending = target.suffix.lower()
    if ending not in {".csv", ".xlsx"}:
        raise InvalidInputError(
            f"{target.name} is neither .csv nor .xlsx", code="hotline_file_kind", expected=".csv, .xlsx"
        )

    async def run(at: Desk) -> int:
        community_id = await the_community(at, community)
        async with at.work() as work:
            zone: ZoneInfo = await zone_of(work, community_id)
            rows = await hotline_imports.answers(
                work.session,
                community_id,
                since=parse_moment(since, "from", zone),
                before=parse_moment(until, "to", zone, end=True),
                ended=ended,
            )
        sheet = answers_sheet(language(), rows, zone)
        try:
            if ending == ".csv":
                await asyncio.to_thread(write_csv, target, sheet)
            else:
                await asyncio.to_thread(write_xlsx, target, [sheet])
        except OSError as error:
            raise InvalidInputError(
                f"can't write {target}: {error.strerror}", code="file_unwritable", path=str(target)
            ) from error
        return len(rows)

    written = at_desk(settings_for(state), run)
    if as_json:
        show_json({"rows": written, "file": str(target)})
    else:
        out.print(f"{target}: {written}")
