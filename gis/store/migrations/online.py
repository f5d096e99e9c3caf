"""How a migration changes tables while requests go on, and while a service of the version before still uses them.

Expand, switch, contract: a migration adds (columns with a default that is no function of the row, tables, indexes); the service
of the version before doesn't notice. What nobody needs any more is taken away by a later version's migration, which says so by
``contract``. ``tests/unit/test_migrations_rules.py`` holds every migration to that. See docs/operation.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from alembic import op
from sqlalchemy import text

from gis.store.migrations.marks import FLOOR, ONLINE


def create_index_online(
    name: str, table: str, columns: str, *, unique: bool = False, where: str = ""
) -> None:
    """Add an index while others write to its table; in a database that is made anew, at once.

    What an attempt that broke off left behind is invalid and is made again. May be the only thing that a migration does, or come
    last: it ends the transaction under way.

    Parameters
    ----------
    name, table, columns
        As SQL says them: ``ix_case_x``, ``"case"``, ``community_id, opened_at desc``; ``USING gist (...)`` begins with its own word.
    unique, where
        Likewise.
    """
    kind = "UNIQUE INDEX" if unique else "INDEX"
    over = columns if columns.upper().startswith("USING") else f"({columns})"
    rest = f"ON {table} {over}{f' WHERE {where}' if where else ''}"
    if not op.get_context().opts.get(ONLINE):
        op.execute(f"CREATE {kind} {name} {rest}")
        return
    with op.get_context().autocommit_block():
        op.execute(
            "SET lock_timeout = 0"
        )  # it waits for transactions that are under way, and holds nobody up
        if not _is_valid(name):
            op.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {name}")
            op.execute(f"CREATE {kind} CONCURRENTLY {name} {rest}")


def _is_valid(name: str) -> bool:
    question = text("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(:name)")
    return bool(op.get_bind().execute(question, {"name": name}).scalar())


def contract(needs: str) -> None:
    """Say that services which know only older migrations can't use these tables any more.

    Parameters
    ----------
    needs
        The oldest migration that a service must know.
    """
    op.execute(f"COMMENT ON TABLE alembic_version IS '{FLOOR}{needs}'")


def pieces(table: str, key: Sequence[str], change: str, where: str, *, at_once: int = 5000) -> None:
    """Change old rows a few thousand at a time, each piece a transaction of its own, so that nobody waits for long.

    Parameters
    ----------
    table, key
        Which, and its primary key.
    change, where
        What to SET, and which rows still need it: those that were changed must not match it any more.
    at_once
        Rows of a piece.
    """
    columns = ", ".join(key)
    statement = (
        f"UPDATE {table} SET {change} WHERE ({columns}) IN "  # noqa: S608 - written by us, in a migration
        f"(SELECT {columns} FROM {table} WHERE {where} LIMIT {at_once} FOR UPDATE SKIP LOCKED)"
    )
    if not op.get_context().opts.get(ONLINE):
        op.execute(f"UPDATE {table} SET {change} WHERE {where}")  # noqa: S608 - likewise
        return
    with op.get_context().autocommit_block():
        while op.get_bind().execute(text(statement)).rowcount:
            pass


__all__ = ["FLOOR", "ONLINE", "contract", "create_index_online", "pieces"]
