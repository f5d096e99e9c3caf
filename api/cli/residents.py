"""``weiwang residents``: the keys that seal what is written of people, and what is erased by rule."""

from __future__ import annotations

import typer
from rich.table import Table

from api.cli.frame import Desk, JsonOption, StateOption, at_desk, out, settings_for, show_json, words
from gis.flows.missing.erasing import due_searches, erase_searches
from gis.flows.residents.erasing import due_by_rule, erase_by_rule
from gis.flows.sealing import KeyUse, add_key, drop_old_keys, key_uses, seal_with_newest
from gis.store.sealed_columns import SEALED
from web.i18n import N_

TITLES = (N_("密钥"), N_("状态"), N_("加密了多少处"))
MOST = 10_000

residents = typer.Typer(
    help="Keys that seal what is written of people: keys, new-key, drop-keys; what is erased by rule: due, erase-due.",
    no_args_is_help=True,
)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(residents, name="residents")


@residents.command("keys")
def keys(*, state: StateOption = None, as_json: JsonOption = False) -> None:
    """List the keys by their ids, with how much each has sealed; one that is missing is told."""
    settings = settings_for(state)

    async def do(at: Desk) -> list[KeyUse]:
        async with at.database.read() as session:
            return await key_uses(session, settings, SEALED)

    found = at_desk(settings, do)
    if as_json:
        show_json([{name: getattr(one, name) for name in one.__slots__} for one in found])
        return
    table = Table()
    for title in TITLES:
        table.add_column(words(title))
    for one in found:
        what = words("在用") if one.newest else words("旧密钥") if one.known else words("缺失")
        table.add_row(one.key_id, what, str(one.texts))
    out.print(table)


@residents.command("new-key")
def new_key(*, state: StateOption = None, as_json: JsonOption = False) -> None:
    """Make a new key and seal everything anew with it; the service may go on meanwhile. Cut off, run `reseal`."""
    settings = settings_for(state)

    async def do(at: Desk) -> tuple[str, int]:
        made = add_key(settings)
        return made.key_id.hex(), await seal_with_newest(at.database.write, settings, SEALED)

    key_id, count = at_desk(settings, do)
    _tell(key_id, count, as_json=as_json)


@residents.command("reseal")
def reseal(*, state: StateOption = None, as_json: JsonOption = False) -> None:
    """Seal anew what an older key has sealed, going on where it was cut off."""
    settings = settings_for(state)

    async def do(at: Desk) -> int:
        return await seal_with_newest(at.database.write, settings, SEALED)

    _tell("", at_desk(settings, do), as_json=as_json)


@residents.command("drop-keys")
def drop_keys(*, state: StateOption = None, as_json: JsonOption = False) -> None:
    """Take away the keys that seal nothing any more; refused while one does."""
    settings = settings_for(state)

    async def do(at: Desk) -> int:
        async with at.database.read() as session:
            return await drop_old_keys(session, settings, SEALED)

    count = at_desk(settings, do)
    if as_json:
        show_json({"dropped": count})
    else:
        out.print(words("去掉了 {n} 个旧密钥。", n=count))


@residents.command("due")
def due(*, state: StateOption = None, as_json: JsonOption = False) -> None:
    """Tell what would be erased by rule now; nothing is changed."""
    settings = settings_for(state)

    async def do(at: Desk) -> tuple[int, int]:
        async with at.work() as work:
            now = work.clock.now()
            records = await due_by_rule(work.session, settings, now, limit=MOST)
            searches = await due_searches(work.session, settings, now, limit=MOST)
            return len(records), len(searches)

    records, searches = at_desk(settings, do)
    if as_json:
        show_json({"records": records, "searches": searches})
    else:
        out.print(
            words("到期：{records} 份居民档案，{searches} 次寻人。", records=records, searches=searches)
        )


@residents.command("erase-due")
def erase_due(*, state: StateOption = None, as_json: JsonOption = False) -> None:
    """Erase what is due by rule, each with its proof, as the service does by itself every minute."""
    settings = settings_for(state)

    async def do(at: Desk) -> tuple[int, int]:
        records = searches = 0
        while True:
            async with at.work() as work:
                some, more = await erase_by_rule(work), await erase_searches(work)
            records, searches = records + some, searches + more
            if not some and not more:
                return records, searches

    records, searches = at_desk(settings, do)
    if as_json:
        show_json({"records": records, "searches": searches})
    else:
        out.print(
            words("已删除：{records} 份居民档案，{searches} 次寻人。", records=records, searches=searches)
        )


def _tell(key_id: str, count: int, *, as_json: bool) -> None:
    if as_json:
        show_json({"key": key_id, "sealed": count})
    else:
        out.print(words("重新加密了 {n} 处。新密钥生效后，请另存一份密钥文件。", n=count))
