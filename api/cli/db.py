"""``weiwang db``: the tables of a database."""

from __future__ import annotations

import typer

from api.cli.frame import JsonOption, StateOption, database_url, out, settings_for, show_json, words
from gis.store.migrate import newest_migration, upgrade

group = typer.Typer(name="db", help="The tables of the database.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.add_typer(group)


@group.command("upgrade")
def upgrade_tables(*, state: StateOption = None, as_json: JsonOption = False) -> int:
    """Bring the tables up to this version while services of the version before go on.

    Each step waits for a lock for less than people notice, and tries again. Services do the same at their start.
    """
    done: list[str] = []

    def say(revision: str) -> None:
        done.append(revision)
        if not as_json:
            out.print(words("已升级到 {revision}", revision=revision))

    with database_url(settings_for(state)) as url:
        upgrade(url, say=say)
    if as_json:
        show_json({"steps": done, "at": newest_migration()})
    elif not done:
        out.print(words("数据库已是最新版本 {revision}。", revision=newest_migration()))
    return 0
