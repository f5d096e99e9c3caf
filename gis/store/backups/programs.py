"""PostgreSQL's own programs for dumps: one consistent state of the database, whatever is written meanwhile."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import IO, BinaryIO, cast

from psycopg.conninfo import conninfo_to_dict

from gis.errors import SetupError
from gis.store.cluster_host import Programs
from gis.store.cluster_server import last_line

_NAMES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "options": "PGOPTIONS",
    "channel_binding": "PGCHANNELBINDING",
}
# Owners and rights are those of whoever restores; the table of coordinate systems belongs to PostGIS, which brings its own.
_DUMP = ["--format=custom", "--no-owner", "--no-privileges", "--exclude-table-data=spatial_ref_sys"]
_COPY = [
    "--pgdata=-",
    "--format=tar",
    "--wal-method=fetch",
    "--checkpoint=fast",
    "--gzip",
    "--no-sync",
    "--no-password",
]
_LOAD = ["--no-owner", "--no-privileges", "--no-comments", "--single-transaction", "--exit-on-error"]


@contextmanager
def dump(programs: Programs, url: str) -> Iterator[BinaryIO]:
    """Give a dump of the database to be read; at the end of the block it is complete, or an error is raised.

    Parameters
    ----------
    programs
        Of the server's version, or newer.
    url
        Of the database. Its password isn't shown among the processes.

    Raises
    ------
    SetupError
        ``dump_failed``, with what the program said.
    """
    with _reading([programs.path("pg_dump"), *_DUMP], url) as stream:
        yield stream


@contextmanager
def copy_of_files(programs: Programs, url: str) -> Iterator[BinaryIO]:
    """Give a copy of the server's own files to be read, a packed tar with what was written while it was made.

    Parameters
    ----------
    programs, url
        As for ``dump``; of a role that may copy everything.

    Raises
    ------
    SetupError
        ``dump_failed``, with what the program said.
    """
    with _reading([programs.path("pg_basebackup"), *_COPY], url) as stream:
        yield stream


@contextmanager
def _reading(command: list[str], url: str) -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(command, env=_environment(url), stdout=subprocess.PIPE, stderr=said)
        try:
            yield cast("BinaryIO", process.stdout)
        except BaseException:
            process.kill()
            raise
        finally:
            code = process.wait()
            cast("IO[bytes]", process.stdout).close()
        if code:
            raise _failed("the database could not be dumped", said, "dump_failed")


def load(programs: Programs, url: str, source: Iterator[bytes]) -> None:
    """Fill an empty database from a dump, in one transaction: as a whole or not at all.

    Parameters
    ----------
    programs, url
        As for ``dump``.
    source
        The bytes of the dump.

    Raises
    ------
    SetupError
        ``restore_failed``.
    """
    target = conninfo_to_dict(url)["dbname"]
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            [programs.path("pg_restore"), *_LOAD, f"--dbname={target}"],
            env=_environment(url),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        stdin = cast("IO[bytes]", process.stdin)
        try:
            with suppress(BrokenPipeError):  # what the program said tells why
                for piece in source:
                    stdin.write(piece)
        except BaseException:
            process.kill()
            process.wait()
            raise
        finally:
            with suppress(BrokenPipeError):
                stdin.close()
        if process.wait():
            raise _failed("the database could not be restored", said, "restore_failed")


def _environment(url: str) -> dict[str, str]:
    told = {_NAMES[name]: str(value) for name, value in conninfo_to_dict(url).items() if name in _NAMES}
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"} | told


def _failed(what: str, said: IO[bytes], code: str) -> SetupError:
    said.seek(0)
    reason = last_line(said.read().decode("utf-8", "replace"))
    return SetupError(f"{what}: {reason}", code=code, reason=reason)
