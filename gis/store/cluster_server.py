"""The server process of a private cluster: made, launched, found again after a kill, stopped."""

from __future__ import annotations

import hashlib
import os
import shutil
import struct
import sys
import time
from pathlib import Path

from gis.errors import SetupError
from gis.store.cluster_host import (
    Owner,
    Programs,
    command_of,
    end_processes,
    find_programs,
    free_port,
    is_alive,
    is_paused,
    is_taken,
    processes,
)
from gis.store.cluster_record import Record, StateFolder
from gis.store.cluster_settings import ACCESS, configuration

SUPERUSER = "postgres"
READY_LINE = 7
"""The line of ``postmaster.pid``, counted from 0, that holds the server's status."""


def initialise(folder: StateFolder, *, durable: bool) -> None:
    """Run initdb beside the final place and move it there when complete, so that half a cluster is never used."""
    record, owner = folder.known(), Owner.of(None)
    make_folders(record, owner)
    fresh = Path(record.home) / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    _run_initdb(record, owner, fresh, durable=durable)
    (fresh / "pg_hba.conf").write_text(ACCESS, "utf-8")
    with (fresh / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.write("\ninclude 'weiwang.conf'\n")
    fresh.rename(record.data)
    folder.remember(system_identifier=system_identifier(record.data))


def make_folders(record: Record, owner: Owner) -> None:
    """Make the folders around the data."""
    home = Path(record.home)
    home.parent.mkdir(mode=0o711, parents=True, exist_ok=True)
    for part in (home, record.sockets, record.logs):
        part.mkdir(exist_ok=True)
        owner.give(part, 0o700)


def _run_initdb(record: Record, owner: Owner, fresh: Path, *, durable: bool) -> None:
    programs = find_programs()
    word = Path(record.home) / "password"
    word.unlink(missing_ok=True)
    with os.fdopen(os.open(word, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(record.superuser_password)
    owner.give(word, 0o600)
    locale = "C.UTF-8" if sys.platform == "linux" else "C"
    command = [programs.path("initdb"), f"--pgdata={fresh}", f"--username={SUPERUSER}", f"--pwfile={word}"]
    command += ["--data-checksums", "--encoding=UTF8", f"--locale={locale}"]
    command += ["--auth-local=scram-sha-256", "--auth-host=scram-sha-256"]
    done = owner.run([*command, *([] if durable else ["--no-sync"])])
    word.unlink()
    if done.returncode:
        raise SetupError(f"the database could not be created in {fresh}: {last_line(done.stdout)}")


def launch(folder: StateFolder, *, durable: bool) -> None:
    """Start the server; where another program takes the port in that moment, try another."""
    record = folder.known()
    owner = Owner.of(record.data)
    _clear_remains(record)
    command = [programs_of(record).path("pg_ctl"), "start", "-D", str(record.data)]
    command += ["-w", "-t", "120", "-l", str(record.logs / "start.log")]
    for _ in range(5):
        record = folder.remember(port=free_port(record.port))
        _configure(record, owner, durable=durable)
        if owner.run(command, wait_s=150).returncode == 0:
            return
        if free_port(record.port) == record.port:
            break
    raise SetupError(f"the database server did not start: {cause(record.logs)} (logs: {record.logs})")


def stop(record: Record) -> None:
    """Stop the server, ending its connections; at once where it does not end within a minute.

    One that was paused is told to stop, which it does when it goes on: that isn't waited for.
    """
    command = [programs_of(record).path("pg_ctl"), "stop", "-D", str(record.data), "-w", "-t", "60", "-m"]
    owner, number = Owner.of(record.data), postmaster(record)
    if number is not None and is_paused(number):
        owner.run([*command, "fast", "-W"])
        return
    if owner.run([*command, "fast"]).returncode and postmaster(record) is not None:
        owner.run([*command, "immediate"])


def postmaster(record: Record) -> int | None:
    """Return the process id of a running server of ours, told by its command line and not by a number alone."""
    lines = _lock_lines(record)
    if not lines or not is_alive(int(lines[0])):
        return None
    words = command_of(int(lines[0]))
    return int(lines[0]) if "postgres" in words and str(record.data) in words else None


def listening_port(record: Record) -> int:
    """Return the port of the running server, waiting until it takes connections."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        lines = _lock_lines(record)
        if len(lines) > READY_LINE and lines[READY_LINE].strip() == "ready":
            return int(lines[3])
        time.sleep(0.05)
    raise SetupError(f"the database server runs but does not get ready (logs: {record.logs})")


def programs_of(record: Record) -> Programs:
    """Return the programs of the version that made the data."""
    return find_programs(int((record.data / "PG_VERSION").read_text("ascii").strip()))


def system_identifier(data: Path) -> int:
    """Return the number that initdb gave a cluster: the first eight bytes of its control file."""
    with (data / "global" / "pg_control").open("rb") as file:
        return int(struct.unpack("=Q", file.read(8))[0])


def last_line(text: str) -> str:
    """Return the last line that says something."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "no reason was given"


def _name(record: Record) -> str:
    """Return what every process of this cluster shows in its title."""
    return "weiwang-" + hashlib.sha256(os.fsencode(record.home)).hexdigest()[:12]


def _configure(record: Record, owner: Owner, *, durable: bool) -> None:
    target = record.data / "weiwang.conf"
    target.unlink(missing_ok=True)
    sockets = record.sockets
    if record.archiving:
        record.spool.mkdir(exist_ok=True)
        owner.give(record.spool, 0o700)
    text = configuration(
        port=record.port,
        sockets=sockets,
        logs=record.logs,
        name=_name(record),
        durable=durable,
        spool=record.spool if record.archiving else None,
    )
    access = record.data / "pg_hba.conf"
    for path, content in ((target, text), (access, ACCESS)):
        path.write_text(content, "utf-8")
        owner.give(path, 0o600)


def _clear_remains(record: Record) -> None:
    """After a kill: see the remaining processes off, and drop lock files that would bar the way.

    PostgreSQL takes any living process of that number for its own: a stranger who got the number later, or a dead one
    that nobody collects, as in containers whose first process is no init.
    """
    title = f"postgres: {_name(record)}: "
    end_processes([number for number, words in processes() if words.startswith(title)], patience_s=5)
    lines = _lock_lines(record)
    if lines and is_taken(int(lines[0])):
        for path in (record.data / "postmaster.pid", *(Path(record.home) / "run").glob(".s.PGSQL.*")):
            path.unlink(missing_ok=True)


def _lock_lines(record: Record) -> list[str]:
    """Return the lines of the server's own lock file; none when it does not run or is just being written."""
    try:
        lines = (record.data / "postmaster.pid").read_text("utf-8").splitlines()
    except OSError:
        return []
    return lines if lines and lines[0].strip().isdigit() else []


def cause(logs: Path) -> str:
    """Return the newest fatal line of the logs, which says more than the last line."""
    lines = []
    for path in sorted(logs.glob("*.log"), key=lambda path: path.stat().st_mtime):
        lines += path.read_text("utf-8", "replace")[-20_000:].splitlines()
    fatal = [line for line in lines if "FATAL:" in line or "PANIC:" in line]
    return fatal[-1].split(":  ")[-1].strip() if fatal else last_line("\n".join(lines))
