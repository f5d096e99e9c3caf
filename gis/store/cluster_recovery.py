"""A private cluster that is brought back to a moment: its files from a copy, and what was written down since, carried out again."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import IO, cast

import psycopg
from psycopg import sql

from gis.errors import InvalidInputError, SetupError
from gis.store import cluster_server as server
from gis.store.cluster import ROLE, PrivateCluster
from gis.store.cluster_host import Owner
from gis.store.cluster_record import Record
from gis.store.cluster_settings import ACCESS

TRUSTED = "local all all trust\n"
"""While it is brought back: only by a socket in a folder that nobody else can enter."""

# The server asks for a piece by its name and waits until it is there, or is known not to be. Whoever brings it may be another user.
FETCH = """\
: > "{wanted}/$1.want"
while [ ! -e "{wanted}/$1.here" ] && [ ! -e "{wanted}/$1.none" ]; do
  [ -d "{wanted}" ] || exit 255
  sleep 0.02
done
if [ -e "{wanted}/$1.none" ]; then rm -f "{wanted}/$1.none"; exit 1; fi
mv "{wanted}/$1.here" "$2"
"""
FETCHING, LOG = "fetch.sh", "recovery.log"
TOO_SHORT = "before configured recovery target"
"""What the server says when the log ends before the moment that it was to reach."""
Piece = Callable[[str], bytes | None]


def recover(cluster: PrivateCluster, base: Iterator[bytes], piece: Piece, until: datetime) -> None:
    """Make a cluster from a copy of files and let it carry out what was written down up to a moment; it runs afterwards.

    Parameters
    ----------
    cluster
        Of a blank state folder.
    base
        A packed tar of the files.
    piece
        Gives a piece of the log by its name.
    until
        The moment.

    Raises
    ------
    InvalidInputError
        ``moment_beyond``: the log ends before the moment; and what ``piece`` raises.
    SetupError
        The server doesn't start.
    """
    record = cluster.furnish_folder()
    owner = Owner.of(None)
    fresh = record.data.with_name("data.new")
    _unpack(owner, fresh, base)
    wanted, doors = Path(record.home) / "wanted", Path(tempfile.mkdtemp(prefix="weiwang-"))
    wanted.mkdir(exist_ok=True)
    owner.give(wanted, 0o700)
    owner.give(doors, 0o700)
    (fresh / "pg_hba.conf").write_text(TRUSTED, "utf-8")
    _prepare(record, fresh, wanted, doors, until)
    for name in ("weiwang.conf", "recovery.signal", "pg_hba.conf"):
        owner.give(fresh / name, 0o600)
    owner.give(Path(record.home) / FETCHING, 0o600)
    fresh.rename(record.data)
    done = threading.Event()
    feeding = _Feeder(owner, wanted, piece, done)
    feeding.start()
    try:
        _start(record, owner)
        _wait_until_promoted(record, doors)
        cluster.adopt(server.system_identifier(record.data))
        _change_passwords(record, doors)
        (record.data / "pg_hba.conf").write_text(ACCESS, "utf-8")
    except SetupError as error:
        if feeding.trouble is not None:
            raise feeding.trouble from error
        if TOO_SHORT in (record.logs / LOG).read_text("utf-8", "replace"):
            raise InvalidInputError(
                "nothing was kept of so late a moment", code="moment_beyond", at=until.isoformat()
            ) from error
        raise
    finally:
        done.set()
        feeding.join()
        shutil.rmtree(wanted, ignore_errors=True)
        server.stop(record)
        shutil.rmtree(doors, ignore_errors=True)
    cluster.start()


def _unpack(owner: Owner, fresh: Path, base: Iterator[bytes]) -> None:
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    owner.give(fresh, 0o700)
    command = ["tar", "-xzf", "-", "-C", str(fresh)]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        user=owner.uid if owner.switched else None,
        group=owner.gid if owner.switched else None,
        extra_groups=[] if owner.switched else None,
    )
    stdin = cast("IO[bytes]", process.stdin)
    try:
        with suppress(BrokenPipeError):
            for part in base:
                stdin.write(part)
    finally:
        with suppress(BrokenPipeError):
            stdin.close()
        code = process.wait()
    if code:
        raise SetupError(
            "the copy of the database's files can't be unpacked", code="restore_failed", reason="tar"
        )


def _prepare(record: Record, fresh: Path, wanted: Path, doors: Path, until: datetime) -> None:
    script = Path(record.home) / FETCHING
    script.write_text(FETCH.format(wanted=wanted), "utf-8")
    values = {
        "listen_addresses": "",
        "port": str(record.port),
        "unix_socket_directories": str(doors),
        "unix_socket_permissions": "0700",
        "hot_standby": "off",  # nobody looks before it is done, so it needs no room as large as the old one had
        "archive_mode": "off",
        "restore_command": f'sh "{script}" "%f" "%p"',
        "recovery_target_time": until.isoformat(),
        "recovery_target_action": "promote",
        "logging_collector": "off",
    }
    lines = [f"{name} = '{value}'" for name, value in values.items()]
    (fresh / "weiwang.conf").write_text("\n".join(lines) + "\n", "utf-8")
    (fresh / "recovery.signal").touch()


class _Feeder(threading.Thread):
    """Brings the pieces that the server asks for."""

    def __init__(self, owner: Owner, wanted: Path, piece: Piece, done: threading.Event) -> None:
        super().__init__(daemon=True)
        self.trouble: Exception | None = None
        self._owner = owner
        self._wanted = wanted
        self._piece = piece
        self._done = done

    def run(self) -> None:
        while not self._done.is_set():
            for path in self._wanted.glob("*.want"):
                self._bring(path)
            time.sleep(0.01)

    def _bring(self, path: Path) -> None:
        try:
            content = self._piece(path.stem)
        except Exception as error:  # noqa: BLE001 - told by whoever waits for the server
            self.trouble, content = error, None
        beside, place = path.with_suffix(".part"), path.with_suffix(".none" if content is None else ".here")
        path.unlink()
        beside.write_bytes(content or b"")
        self._owner.give(beside, 0o600)
        beside.rename(place)


def _start(record: Record, owner: Owner) -> None:
    log = record.logs / LOG
    command = [server.programs_of(record).path("pg_ctl"), "start", "-D", str(record.data), "-w", "-t", "3600"]
    if owner.run([*command, "-l", str(log)], wait_s=3700).returncode:
        raise SetupError(f"the database can't be brought back: {server.cause(record.logs)}")


def _address(record: Record, doors: Path) -> str:
    return f"host={doors} port={record.port} user={server.SUPERUSER} dbname=postgres"


def _wait_until_promoted(record: Record, doors: Path) -> None:
    """Wait for the end of the recovery, before which the server lets nobody in."""
    while True:
        try:
            with psycopg.connect(_address(record, doors), connect_timeout=10) as connection:
                connection.execute("SELECT 1")
                return
        except psycopg.OperationalError:
            if server.postmaster(record) is None:
                raise SetupError(f"the database can't be brought back: {server.cause(record.logs)}") from None
        time.sleep(0.1)


def _change_passwords(record: Record, doors: Path) -> None:
    """Give the roles the passwords of the new state folder: those of the old one aren't kept with backups."""
    words = {server.SUPERUSER: record.superuser_password, ROLE: record.role_password}
    with psycopg.connect(_address(record, doors), autocommit=True) as connection:
        for role, word in words.items():
            verifier = connection.pgconn.encrypt_password(
                word.encode(), role.encode(), b"scram-sha-256"
            ).decode()
            connection.execute(
                sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier))
            )
