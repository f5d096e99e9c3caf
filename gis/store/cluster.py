"""A private PostGIS cluster in the state folder: made, started, recovered and stopped with the service.

The state folder holds ``cluster.json`` (passwords, port, where the data is; for its owner's eyes only), ``service.lock``
and ``cluster/`` with the data, socket and logs. Where the server's user can't pass through to the state folder, the data
lie under ``/var/lib/weiwang`` and ``cluster.json`` says so.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from gis.errors import SetupError
from gis.store import cluster_server as server
from gis.store.cluster_host import INSTALL, Owner, Programs, free_port
from gis.store.cluster_record import Record, StateFolder

DATABASE = "weiwang"
ROLE = "weiwang"
ELSEWHERE = Path("/var/lib/weiwang")


@dataclass
class PrivateCluster:
    """A PostgreSQL cluster that belongs to one state folder.

    Parameters
    ----------
    state
        The state folder; made when missing.
    durable
        False gives up what survives a power cut; for tests only.
    archiving
        Whether every change is laid down for whoever keeps it; None: as it was. Takes effect when the server is started.
    """

    state: Path
    durable: bool = True
    archiving: bool | None = None
    _folder: StateFolder = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.state = self.state.expanduser().resolve()
        self._folder = StateFolder(self.state)

    def ensure(self) -> None:
        """Make the cluster's files when there are none, and hold the state folder; what exists is left as it is.

        Raises
        ------
        SetupError
            With one line that says what to install or change.
        """
        self._folder.hold()
        record = self._folder.read() or self._folder.write(self._invented())
        if self.archiving is not None:
            record = self._folder.remember(archiving=self.archiving)
        if (record.data / "PG_VERSION").exists():
            return
        if record.system_identifier:
            raise SetupError(
                f"the database of {self.state} is gone: it should be in {record.home}. "
                f"Restore that folder, or delete {self._folder.file} to begin with an empty one"
            )
        server.initialise(self._folder, durable=self.durable)

    def start(self) -> None:
        """Start the server, or adopt ours when it still runs; then see that role, database and PostGIS exist.

        Raises
        ------
        SetupError
            When another service holds the state folder, or the server can't be started or is not ours.
        """
        self.ensure()
        record = self._folder.known()
        if server.postmaster(record) is None:
            server.launch(self._folder, durable=self.durable)
        else:
            self._folder.remember(port=server.listening_port(record))
        self._verify()
        self._furnish()

    def furnish_folder(self) -> Record:
        """Hold a blank state folder and make what belongs around the data, which somebody else brings."""
        self._folder.hold()
        record = self._folder.write(self._invented())
        server.make_folders(record, Owner.of(None))
        return record

    def adopt(self, system_identifier: int) -> None:
        """Take data that somebody else has brought for this state folder's own."""
        self._folder.remember(system_identifier=system_identifier)

    @property
    def spool(self) -> Path:
        """Where the server lays down what it has written, when it is told to."""
        return self._folder.known().spool

    @property
    def is_archiving(self) -> bool:
        """Whether it is told to."""
        return self._folder.known().archiving

    def has_ended(self) -> bool:
        """Tell whether the server runs no longer; costs no more than looking at its process."""
        return server.postmaster(self._folder.known()) is None

    def revive(self) -> None:
        """Start a server again that has ended by itself or was killed.

        Raises
        ------
        SetupError
            It can't be started at the moment.
        """
        server.launch(self._folder, durable=self.durable)

    def stop(self) -> None:
        """Stop the server, ending its connections, and free the state folder.

        Nothing happens where another process holds the folder, so that a second service that was refused can't take
        the first one's database down on its way out.
        """
        record = self._folder.read()
        if record is None or not self._folder.try_hold():
            return
        if server.postmaster(record) is not None:
            server.stop(record)
        self.release()

    def release(self) -> None:
        """Free the state folder for another service, leaving the server as it is."""
        self._folder.release()

    @contextmanager
    def running(self, *, alone: bool = False) -> Iterator[PrivateCluster]:
        """Use the server for the length of a block.

        Parameters
        ----------
        alone
            True for a service: it holds the state folder and is refused where another process does. A short command
            joins the server of a service that runs, and starts and stops one where none does.

        Raises
        ------
        SetupError
            As ``start`` does.
        """
        if not alone and not self._folder.try_hold() and self.is_ours():
            yield self
            return
        self.start()
        try:
            yield self
        finally:
            self.stop()

    def is_ours(self) -> bool:
        """Tell whether a server answers that serves exactly this state folder's data."""
        record = self._folder.read()
        if record is None or server.postmaster(record) is None:
            return False
        try:
            self._verify()
        except SetupError:
            return False
        return True

    def url(self, database: str = DATABASE) -> str:
        """Return the address of a database for the application's own role, which is no superuser."""
        record = self._folder.known()
        return _address(record, f"{ROLE}:{record.role_password}", database)

    def superuser_url(self, database: str = "postgres") -> str:
        """Return the address of a database for the superuser: for maintenance, never for the service."""
        record = self._folder.known()
        return _address(record, f"{server.SUPERUSER}:{record.superuser_password}", database)

    def programs(self) -> Programs:
        """Return the programs of the cluster's own version (``pg_dump`` and the like)."""
        return server.programs_of(self._folder.known())

    def create_database(self, name: str, *, template: str | None = None) -> None:
        """Create a database with PostGIS that the application's role owns.

        Parameters
        ----------
        name
            Name of the new database.
        template
            Database to copy; nobody may be connected to it. Without one it is empty but for PostGIS.
        """
        made, role, source = (
            sql.Identifier(name),
            sql.Identifier(ROLE),
            sql.Identifier(template or "template0"),
        )
        with self._connect() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(made, role, source))
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(made))
        if template is None:
            self._add_postgis(name)

    def drop_database(self, name: str) -> None:
        """Drop a database, ending the connections to it; a missing one is no error."""
        with self._connect() as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def _invented(self) -> Record:
        """Choose a place, a port and passwords."""
        home = self.state / "cluster"
        if not Owner.of(None).reaches(self.state):
            home = ELSEWHERE / hashlib.sha256(os.fsencode(self.state)).hexdigest()[:16]
        if (home / "data").exists():
            raise SetupError(
                f"{home} holds a database but {self._folder.file} with its passwords is gone: restore that file"
            )
        return Record(str(home), free_port(), secrets.token_urlsafe(24), secrets.token_urlsafe(24))

    def _connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        # With SCRAM required the server must prove that it knows our password before it learns anything.
        address = make_conninfo(
            self.superuser_url(database), require_auth="scram-sha-256", connect_timeout=10
        )
        return psycopg.connect(address, autocommit=True)

    def _verify(self) -> None:
        """Refuse a server that is not the one whose files are in our folder."""
        record = self._folder.known()
        query = "SELECT system_identifier, current_setting('data_directory') FROM pg_control_system()"
        try:
            with self._connect() as connection:
                identifier, folder = connection.execute(query).fetchone() or (0, "/")
        except psycopg.OperationalError as error:
            raise SetupError(
                f"what answers on port {record.port} is not the database of {self.state}: "
                f"{server.last_line(str(error))}"
            ) from None
        same = identifier % 2**64 == server.system_identifier(record.data) == record.system_identifier
        if not same or not Path(folder).samefile(record.data):
            raise SetupError(
                f"the server on port {record.port} serves {folder}, which is not the database of {self.state}"
            )

    def _furnish(self) -> None:
        """Create the role, the database and PostGIS where they are missing."""
        with self._connect() as connection:
            if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
                word = self._folder.known().role_password.encode()
                verifier = connection.pgconn.encrypt_password(word, ROLE.encode(), b"scram-sha-256").decode()
                connection.execute(
                    sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(ROLE), verifier)
                )
            # The first change of a page after a checkpoint logs the whole page: by pglz that doubles the time of a report.
            quick = "SELECT 1 FROM pg_settings WHERE name = 'wal_compression' AND 'lz4' = ANY(enumvals)"
            if connection.execute(quick).fetchone():
                connection.execute(
                    sql.SQL("ALTER ROLE {} SET wal_compression = 'lz4'").format(sql.Identifier(ROLE))
                )
            there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if there:
            self._add_postgis(DATABASE)
        else:
            self.create_database(DATABASE)

    def _add_postgis(self, database: str) -> None:
        with self._connect(database) as connection:
            if connection.execute("SELECT 1 FROM pg_extension WHERE extname = 'postgis'").fetchone():
                return
            try:
                connection.execute("CREATE EXTENSION IF NOT EXISTS postgis")
            except (psycopg.errors.FeatureNotSupported, psycopg.errors.UndefinedFile):
                raise SetupError(f"PostGIS is missing: {INSTALL}") from None


def _address(record: Record, who: str, database: str) -> str:
    """Return a URL by the cluster's own socket, a third quicker than loopback; by loopback where there is none."""
    folder, port = record.sockets, record.port
    if folder.is_absolute() and os.access(folder / f".s.PGSQL.{port}", os.R_OK | os.W_OK):
        return f"postgresql://{who}@/{database}?host={quote(str(folder), safe='/')}&port={port}"
    return f"postgresql://{who}@127.0.0.1:{record.port}/{database}"
