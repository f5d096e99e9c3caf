"""``weiwang plates``: cards with QR codes as one HTML file to print, and new keys to sign them with."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from api.cli.frame import (
    CommunityOption,
    JsonOption,
    StateOption,
    desk,
    language,
    migrated_url,
    out,
    settings_for,
    show_json,
    the_community,
    words,
)
from api.plates import configured_base, is_loopback
from gis.clock import SystemClock
from gis.errors import InvalidInputError
from gis.flows.plates import PlateFilter, PlateKind, SignedPlate, every_plate, renew_plate_key
from gis.people.permissions import scope_of
from gis.settings import Settings
from gis.store.accounts import operator
from gis.views.boards import CommunityFacts, community_facts
from web.plates import cards, plate_label, plate_url, sheet_style, sheets
from web.render import Renderer


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("plates")(plates)


def plates(
    *,
    kind: Annotated[PlateKind, typer.Option(help="What the plates name.")] = PlateKind.STAIRWELL,
    grid: Annotated[str | None, typer.Option(help="Only those in this grid.")] = None,
    micro_grid: Annotated[str | None, typer.Option(help="Only those in this micro-grid.")] = None,
    courtyard: Annotated[str | None, typer.Option(help="Only those in this courtyard.")] = None,
    file: Annotated[
        Path | None, typer.Option("-o", "--output", help="HTML file to write, to print on A4.")
    ] = None,
    url: Annotated[
        str | None, typer.Option(help="Address under which people reach the service.  [WEIWANG_PUBLIC_URL]")
    ] = None,
    new_key: Annotated[
        bool, typer.Option("--new-key", help="Sign with a new key from now on; plates that hang stay valid.")
    ] = False,
    revoke: Annotated[
        bool,
        typer.Option("--revoke", help="With --new-key: plates that hang already are refused from now on."),
    ] = False,
    community: CommunityOption = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write plates for entrances, buildings or micro-grids: four cards of A6 on a page of A4."""
    if file is not None and not file.parent.is_dir():
        raise InvalidInputError(f"no folder {file.parent}", code="file_missing", path=str(file.parent))
    if revoke and not new_key:
        raise typer.BadParameter("only together with --new-key", param_hint="--revoke")
    settings = _with_url(settings_for(state), url)
    wanted = PlateFilter(grid, micro_grid, courtyard)
    renew = (new_key, revoke)
    with migrated_url(settings) as database:
        facts, found = asyncio.run(_plates(settings, database, community, kind, wanted, renew=renew))
    base = configured_base(settings)
    if as_json:
        items = [
            {"code": one.code, "url": plate_url(base, one.code), "label": plate_label(language(), one.place)}
            for one in found
        ]
        show_json({"items": items, "total": len(items)})
    if file is not None:
        file.write_text(document(facts, found, base), encoding="utf-8")
    if not as_json:
        _tell(file, len(found), base)


def document(facts: CommunityFacts, found: list[SignedPlate], base: str) -> str:
    """Return plates as an HTML document that needs nothing else."""
    drawn = cards(found, base, community=facts.name, community_en=facts.name_en)
    return Renderer().page(
        "plates_document.html",
        language=language(),
        nonce="",
        actor=None,
        csrf="",
        community={"name": facts.name, "name_en": facts.name_en, "timezone": facts.timezone},
        sheets=list(sheets(drawn)),
        style=sheet_style(),
    )


async def _plates(
    settings: Settings,
    url: str,
    community: str | None,
    kind: PlateKind,
    wanted: PlateFilter,
    *,
    renew: tuple[bool, bool],
) -> tuple[CommunityFacts, list[SignedPlate]]:
    async with desk(settings, url) as at:
        community_id = await the_community(at, community)
        actor = operator(community_id)
        async with at.work() as work:
            if renew[0]:
                await renew_plate_key(work, actor, revoke=renew[1])
            facts = await community_facts(work.session, community_id)
            assert facts is not None  # noqa: S101 - the_community saw it
            now = SystemClock().now()
            return facts, await every_plate(work.session, scope_of(actor), kind, wanted, now=now)


def _with_url(settings: Settings, url: str | None) -> Settings:
    if url is None:
        return settings
    try:
        return settings.model_copy(
            update={"public_url": Settings.model_validate({"public_url": url}).public_url}
        )
    except ValueError as error:
        raise typer.BadParameter("an address like https://weiwang.example.org", param_hint="--url") from error


def _tell(file: Path | None, count: int, base: str) -> None:
    if file is None:
        out.print(words("共 {n} 张，A4 纸每页 4 张", n=count))
    else:
        out.print(words("已写入 {path}。", path=file))
    if is_loopback(base):
        out.print(
            words("二维码指向 {base}，别的手机打不开：请加 --url 或设置 WEIWANG_PUBLIC_URL。", base=base)
        )
