"""What a private PostgreSQL cluster needs of its machine: the server's programs, an ordinary user, processes, a port."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gis.errors import SetupError

OLDEST = 15
PORTS = range(20000, 30000)
"""Below the range from which systems take ports for outgoing connections, so that a stored port tends to stay free."""

INSTALL = (
    "install PostgreSQL 15 or newer with PostGIS (Debian: apt-get install postgresql-15-postgis-3; "
    "macOS: brew install postgis), name its folder in PG_BIN, or set DATABASE_URL"
)


@dataclass(frozen=True)
class Programs:
    """The folder of one PostgreSQL version's programs."""

    folder: Path
    major: int

    def path(self, name: str) -> str:
        """Return the path of a program of this version, ``pg_dump`` for example."""
        return str(self.folder / name)


def find_programs(major: int | None = None) -> Programs:
    """Find the programs of PostgreSQL.

    Parameters
    ----------
    major
        The version that an existing data folder was made by; None takes the newest one found.

    Raises
    ------
    SetupError
        When there is none, or not of that version.
    """
    found = {programs.major: programs for programs in _installed()}
    usable = [number for number in found if number >= OLDEST]
    if major in found:
        return found[major]
    if major is not None:
        raise SetupError(
            f"the database was made by PostgreSQL {major}, which is not installed: install it again"
        )
    if not usable:
        raise SetupError(f"PostgreSQL {OLDEST} or newer was not found: {INSTALL}")
    return found[max(usable)]


def _installed() -> Iterator[Programs]:
    """Yield every usable version, the one to be preferred among equals last."""
    folders = [*Path("/usr").glob("pgsql-*/bin"), *Path("/usr/lib/postgresql").glob("*/bin")]
    on_path = shutil.which("pg_ctl")
    if on_path:
        folders.append(Path(on_path).resolve().parent)
    named = os.environ.get("PG_BIN")
    for folder in [Path(named)] if named else folders:
        if all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            answer = subprocess.run(
                [folder / "postgres", "--version"], capture_output=True, text=True, check=True
            )
            version = re.search(r"\b(\d+)", answer.stdout)
            if version:
                yield Programs(folder, int(version[1]))


@dataclass(frozen=True)
class Owner:
    """The ordinary user who owns the data folder and runs the server: never root."""

    uid: int
    gid: int
    switched: bool = field(default=False)

    @classmethod
    def of(cls, data: Path | None) -> Owner:
        """Return ourselves; when we are root, whoever owns the data, or the user ``postgres`` for new data."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        if data is not None and data.exists():
            found = data.stat()
            return cls(found.st_uid, found.st_gid, switched=True)
        try:
            entry = pwd.getpwnam("postgres")
        except KeyError:
            raise SetupError(
                f"PostgreSQL does not run as root and there is no user postgres: {INSTALL}"
            ) from None
        return cls(entry.pw_uid, entry.pw_gid, switched=True)

    def run(self, command: Sequence[str], *, wait_s: float = 120) -> subprocess.CompletedProcess[str]:
        """Run a program as this user, from the root folder and with a plain environment."""
        environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}
        return subprocess.run(
            command,
            cwd="/",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=wait_s,
            check=False,
            user=self.uid if self.switched else None,
            group=self.gid if self.switched else None,
            extra_groups=[] if self.switched else None,
        )

    def reaches(self, folder: Path) -> bool:
        """Tell whether this user may pass through a folder."""
        return self.run(["test", "-x", str(folder)]).returncode == 0

    def give(self, path: Path, mode: int) -> None:
        """Hand a file or folder to this user with just these permissions."""
        path.chmod(mode)
        if self.switched:
            os.chown(path, self.uid, self.gid)


def free_port(preferred: int | None = None) -> int:
    """Return the preferred port when nobody listens on it, else another free one on the loopback address."""
    start = preferred or PORTS[os.getpid() * 7 % len(PORTS)]
    ports: list[int] = [start, *range(start + 1, PORTS.stop), *PORTS]
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise SetupError(f"no free port between {PORTS.start} and {PORTS.stop} on 127.0.0.1")


def processes() -> Iterator[tuple[int, str]]:
    """Yield process id and command line of every process that can be seen."""
    if Path("/proc/self/cmdline").exists():
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                raw = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            yield int(entry.name), raw.replace(b"\0", b" ").decode("utf-8", "replace").strip()
        return
    listed = subprocess.run(
        ["/bin/ps", "-axww", "-o", "pid=,command="], capture_output=True, text=True, check=True
    )
    for line in listed.stdout.splitlines():
        number, _, words = line.strip().partition(" ")
        yield int(number), words.strip()


def command_of(number: int) -> str:
    """Return the command line of a process; empty for none."""
    try:
        return (
            Path(f"/proc/{number}/cmdline")
            .read_bytes()
            .replace(b"\0", b" ")
            .decode("utf-8", "replace")
            .strip()
        )
    except OSError:
        return "" if Path("/proc/self/cmdline").exists() else dict(processes()).get(number, "")


def end_processes(numbers: Sequence[int], *, patience_s: float) -> None:
    """Wait for processes to end, then kill those that did not."""
    left = set(numbers)
    deadline = time.monotonic() + patience_s
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        left = {number for number in left if is_alive(number)}
    for number in left:
        try:
            os.kill(number, signal.SIGKILL)
        except ProcessLookupError:
            continue


def is_taken(number: int) -> bool:
    """Tell whether a process has this number, be it one that has ended and waits to be collected."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def is_alive(number: int) -> bool:
    """Tell whether a process of this number runs."""
    if not is_taken(number) or sys.platform != "linux":
        return is_taken(number)
    return _state_of(number) not in {"", "Z"}


def is_paused(number: int) -> bool:
    """Tell whether a process was stopped by a signal and waits to go on; not known elsewhere than on Linux."""
    return _state_of(number) == "T"


def _state_of(number: int) -> str:
    """Return the letter of a process's state; empty: there is none."""
    try:
        return Path(f"/proc/{number}/stat").read_text("utf-8", "replace").rpartition(") ")[2][:1]
    except OSError:
        return ""
