"""The configuration of a private cluster: written anew at every start, so that an update brings better figures along."""

from __future__ import annotations

from pathlib import Path

LONGEST_SOCKET_FOLDER = 90
"""A socket's whole path may have 107 bytes on Linux, 103 on macOS."""

ACCESS = """\
# Passwords only, from this machine only.
local all all scram-sha-256
local replication postgres scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
host replication postgres 127.0.0.1/32 scram-sha-256
"""

# An old office computer: 4 GB of memory shared with the service, two cores, perhaps a disk that turns.
TUNING = {
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "96MB",
    "max_connections": "60",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "random_page_cost": "1.1",
    "max_wal_size": "512MB",
    "min_wal_size": "96MB",
    "wal_compression": "on",
    "checkpoint_timeout": "15min",
    "checkpoint_completion_target": "0.9",
    "autovacuum_naptime": "30s",
    "max_worker_processes": "4",
}

# Each change is on its way to the backup disk after a minute, or after 16 MB.
ARCHIVING = {"archive_mode": "on", "archive_library": "basic_archive", "archive_timeout": "60"}

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
# Without fsync a power cut loses data; a killed server still loses nothing that was committed.
FORGETFUL = {
    "fsync": "off",
    "synchronous_commit": "on",
    "full_page_writes": "off",
    "max_connections": "200",  # several services at once
}


def configuration(
    *, port: int, sockets: Path, logs: Path, name: str, durable: bool, spool: Path | None = None
) -> str:
    """Return the text of ``weiwang.conf``.

    Parameters
    ----------
    port
        Where to listen on 127.0.0.1.
    sockets
        Folder of the cluster's own socket; left out where its path is too long for one.
    logs
        Folder of the server's log: one file a weekday, a week is kept.
    name
        Shown in the title of each server process, by which they are told from those of other clusters.
    durable
        False only for tests: a power cut may then lose or damage everything.
    spool
        Where every change is laid down for whoever keeps it; None: nowhere.
    """
    fits = len(str(sockets).encode()) <= LONGEST_SOCKET_FOLDER
    values = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": str(sockets) if fits else "",
        "unix_socket_permissions": "0700",
        "cluster_name": name,
        "update_process_title": "on",
        "password_encryption": "scram-sha-256",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "logging_collector": "on",
        "log_directory": str(logs),
        "log_filename": "server-%a.log",
        "log_truncate_on_rotation": "on",
        "log_rotation_age": "1d",
        "log_rotation_size": "0",
        "log_line_prefix": "%m [%p] %u@%d ",
        **TUNING,
        **(DURABLE if durable else FORGETFUL),
        **(ARCHIVING | {"basic_archive.archive_directory": str(spool)} if spool else {}),
    }
    lines = [f"{key} = {_quoted(value)}" for key, value in values.items()]
    return "# Written by Weiwang at every start; changes here are lost.\n" + "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"
