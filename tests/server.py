"""The database server of a test run: one for all workers, made when the first test asks for it."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from gis.store.cluster import PrivateCluster
from gis.store.migrate import upgrade
from gis.store.tables import metadata

FOLDER = "WEIWANG_TEST_FOLDER"
_OPEN: dict[str, psycopg.Connection] = {}
_KEPT: dict[str, _Kept] = {}
JOB_TABLES = ("procrastinate_events", "procrastinate_periodic_defers", "procrastinate_jobs")
_DELETE = "DELETE FROM {table} t WHERE NOT EXISTS (SELECT FROM kept.{table} k WHERE {same})"
_INSERT = """INSERT INTO {table} OVERRIDING SYSTEM VALUE
SELECT * FROM kept.{table} k WHERE NOT EXISTS (SELECT FROM {table} t WHERE {same})"""
_UPDATE = "UPDATE {table} t SET {values} FROM kept.{table} k WHERE {same} AND t.xmin::text::bigint > {since}"


def begin() -> None:
    """Name the folder of this run, before workers are started; nothing is made yet."""
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="weiwang-test-")
    Path(os.environ[FOLDER]).chmod(0o711)  # the server's own user passes through


@contextmanager
def first_alone() -> Iterator[None]:
    """Let the first process that comes go through alone, and then the others all at once."""
    with (Path(os.environ[FOLDER]) / "first").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def end() -> None:
    """Stop what was made and remove the folder."""
    folder = Path(os.environ.pop(FOLDER))
    if (folder / "ready").exists():
        for name in (_template(folder, tables=True), _template(folder, tables=False)):
            _admin(folder, "DROP DATABASE IF EXISTS {} WITH (FORCE)", name)
    if (folder / "state" / "cluster.json").exists():
        PrivateCluster(folder / "state", durable=False).stop()
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def new_database(name: str, *, tables: bool = True) -> Iterator[str]:
    """Make a database, give its URL, and drop it afterwards.

    Parameters
    ----------
    name
        Letters, digits and underscores; the run's own prefix is added.
    tables
        False: only the extensions are there, for tests of the migrations.
    """
    folder = Path(os.environ[FOLDER])
    _start_once(folder)
    own = f"{_prefix(folder)}_{name}"
    _admin(
        folder,
        "CREATE DATABASE {} OWNER {} TEMPLATE {}",
        own,
        _role(folder),
        _template(folder, tables=tables),
    )
    url = _url(folder, own)
    try:
        yield url
    finally:
        if url in _OPEN:
            _OPEN.pop(url).close()
        _admin(folder, "DROP DATABASE IF EXISTS {} WITH (FORCE)", own)


def superuser_url(url: str) -> str | None:
    """Return a database's address for the superuser of the run's own server; None on a server that was there already."""
    if _shared():
        return None
    return _admin_url(Path(os.environ[FOLDER]), str(make_url(url).database))


def clear(url: str, *, keep: Collection[str] = ()) -> None:
    """Delete every row but those of the tables to keep.

    Only tables that hold something are touched, the dependent ones first: TRUNCATE rewrites the files of all fifty, which
    takes longer than most tests.
    """
    look = " UNION ALL ".join(
        f"(SELECT {place}, '{name}' FROM \"{name}\" LIMIT 1)" for place, name in enumerate(_names(keep))
    )
    connection = _connection(url)
    filled = [name for _, name in sorted(connection.execute(look).fetchall())]
    if filled:
        deletes = [sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in filled]
        connection.execute(sql.SQL("; ").join(deletes))


@dataclass
class _Kept:
    """Rows that are brought back: how many of each table, and the transaction since which a change is a test's."""

    rows: dict[str, int]
    since: int


def keep(url: str, *, without: Collection[str] = ()) -> None:
    """Remember the rows that are there now, to bring them back in other tests: faster than to store them one by one."""
    connection = _connection(url)
    connection.execute("CREATE SCHEMA kept")
    rows = {}
    for table in metadata.sorted_tables:
        if table.name in without:
            continue
        name = sql.Identifier(table.name)
        found = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(name)).fetchone()
        if found and found[0]:
            rows[table.name] = found[0]
            connection.execute(sql.SQL("CREATE TABLE kept.{0} AS TABLE {0}").format(name))
            connection.execute(sql.SQL("ANALYZE kept.{0}").format(name))
    _KEPT[url] = _Kept(rows, since=0)
    _carry_out(url, [])


def bring_back(url: str, *, without: Collection[str] = ()) -> None:
    """Have the remembered rows there again and no others, whatever was done meanwhile, in one transaction.

    Only what was touched is: most tests leave most of the remembered rows as they are, and to delete a person has every
    table looked through that may refer to them.
    """
    kept = _KEPT[url]
    looks = [
        f"(SELECT '{name}' FROM \"{name}\" HAVING count(*) <> {kept.rows[name]} OR max(xmin::text::bigint) > %(since)s)"
        if name in kept.rows
        else f"(SELECT '{name}' FROM \"{name}\" LIMIT 1)"
        for name in _names(without)
    ]
    found = _connection(url).execute(" UNION ALL ".join(looks), {"since": kept.since})
    touched = {name for (name,) in found}
    if not touched:
        return
    try:
        _carry_out(url, _mending(touched, kept))
    except psycopg.IntegrityError:  # what is there now and what is to be there stand in each other's way
        clear(url, keep=without)
        fill = sql.SQL("INSERT INTO {0} OVERRIDING SYSTEM VALUE SELECT * FROM kept.{0}")
        _carry_out(url, [fill.format(sql.Identifier(name)) for name in kept.rows])


def _mending(touched: Collection[str], kept: _Kept) -> list[sql.Composable]:
    """Return the statements after which tables hold what is remembered of them, and the others nothing."""
    deletes, inserts, updates = [], [], []
    for table in metadata.sorted_tables:
        if table.name not in touched:
            continue
        name = sql.Identifier(table.name)
        if table.name not in kept.rows:
            deletes.append(sql.SQL("DELETE FROM {}").format(name))
            continue
        same = sql.SQL(" AND ").join(
            sql.SQL("k.{0} = t.{0}").format(sql.Identifier(one.name)) for one in table.primary_key
        )
        values = sql.SQL(", ").join(
            sql.SQL("{0} = k.{0}").format(sql.Identifier(one.name))
            for one in table.columns
            if not one.primary_key
        )
        parts = {"table": name, "same": same, "values": values, "since": sql.Literal(kept.since)}
        deletes.append(sql.SQL(_DELETE).format(**parts))
        inserts.append(sql.SQL(_INSERT).format(**parts))
        if not all(one.primary_key for one in table.columns):
            updates.append(sql.SQL(_UPDATE).format(**parts))
    jobs = [sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in JOB_TABLES if name in touched]
    return [*jobs, *reversed(deletes), *inserts, *updates]


def _carry_out(url: str, statements: Collection[sql.Composable]) -> None:
    """Carry out statements in one transaction; what has a later number was changed by a test."""
    last = sql.SQL("SELECT pg_current_xact_id()::text")
    cursor = _connection(url).execute(sql.SQL("; ").join([*statements, last]))
    while cursor.nextset():
        pass
    found = cursor.fetchone()
    assert found
    _KEPT[url].since = int(found[0]) % 2**32


def _names(without: Collection[str]) -> list[str]:
    """Return all tables but some, the dependent ones first."""
    return [*JOB_TABLES, *(one.name for one in reversed(metadata.sorted_tables) if one.name not in without)]


def _connection(url: str) -> psycopg.Connection:
    """Return a connection that stays open from test to test: to open one takes longer than what is done with it."""
    try:
        _OPEN[url].execute("SELECT 1")
    except (
        KeyError,
        psycopg.OperationalError,
    ):  # the first time, and after a test that ended all connections
        _OPEN[url] = psycopg.connect(url, autocommit=True)
    return _OPEN[url]


def _start_once(folder: Path) -> None:
    """Start the server and make the templates; the first caller does it, the others wait."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if (folder / "ready").exists():
            return
        if not _shared():
            cluster = PrivateCluster(folder / "state", durable=False)
            cluster.start()
            cluster.release()
        plain, full = _template(folder, tables=False), _template(folder, tables=True)
        _admin(folder, "CREATE DATABASE {} OWNER {}", plain, _role(folder))
        with psycopg.connect(_admin_url(folder, plain), autocommit=True) as connection:
            connection.execute("CREATE EXTENSION IF NOT EXISTS postgis")
            connection.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        _admin(folder, "CREATE DATABASE {} OWNER {} TEMPLATE {}", full, _role(folder), plain)
        upgrade(_url(folder, full))
        (folder / "ready").touch()


def _shared() -> str:
    """Return the URL of a server that is there already, if one was named."""
    return os.environ.get("DATABASE_URL", "")


def _prefix(folder: Path) -> str:
    return "wt_" + folder.name.removeprefix("weiwang-test-").lower()


def _template(folder: Path, *, tables: bool) -> str:
    return f"{_prefix(folder)}_{'template' if tables else 'empty'}"


def _role(folder: Path) -> str:
    return make_url(_url(folder, "postgres")).username or "postgres"


def _url(folder: Path, database: str) -> str:
    if _shared():
        return make_url(_shared()).set(database=database).render_as_string(hide_password=False)
    return PrivateCluster(folder / "state").url(database)


def _admin_url(folder: Path, database: str) -> str:
    return _url(folder, database) if _shared() else PrivateCluster(folder / "state").superuser_url(database)


def _admin(folder: Path, statement: str, *names: str) -> None:
    """Carry out one statement on the server, with quoted names filled in."""
    database = make_url(_shared()).database if _shared() else "postgres"
    with psycopg.connect(_admin_url(folder, database or "postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))
