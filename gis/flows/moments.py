"""Back to any moment: changes are kept as they happen, the database's files are copied now and then, and both together lead anywhere."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import structlog

from gis.errors import InvalidInputError, NotFoundError, SetupError
from gis.flows.backup import BESIDE, PHOTOS, Say, check_backup, check_key
from gis.flows.restore import Restored, bring_back
from gis.sealing import Key
from gis.store.backups import BackupFolder, Manifest, Stored
from gis.store.backups.moments import BASE, START, Moments
from gis.store.backups.programs import copy_of_files
from gis.store.backups.state import first_piece, photos_named, row_counts, settle, versions
from gis.store.cluster import PrivateCluster
from gis.store.cluster_recovery import recover
from gis.store.migrate import upgrade
from gis.store.photo_files import PhotoFiles
from gis.store.photos import ENDINGS, name_of
from gis.store.sealed_columns import SEALED
from gis.store.sealing_keys import NAME as KEYS

LOOK_S = 5.0
PATIENCE_S = 10.0
COPIES = 2

log = structlog.get_logger(__name__)


@contextmanager
def archive_kept(spool: Path, moments: Moments) -> Iterator[None]:
    """Take what the server writes down to the folder of backups for as long as the block lasts.

    Parameters
    ----------
    spool
        Where the server lays it.
    moments
        Where it is kept. A disk that is gone is waited for.
    """
    ended = threading.Event()
    keeper = threading.Thread(target=_keep, args=(spool, moments, ended), name="weiwang-archive", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        ended.set()
        keeper.join(PATIENCE_S)


def _keep(spool: Path, moments: Moments, ended: threading.Event) -> None:
    trouble = ""
    while not ended.is_set():
        try:
            moments.take(spool)
            trouble = ""
        except OSError as error:
            if str(error) != trouble:
                trouble = str(error)
                log.warning("archive_waits", error=trouble)
        ended.wait(LOOK_S)


def copy_files(moments: Moments, cluster: PrivateCluster, *, older_than: timedelta) -> bool:
    """Copy the database's own files, unless that was done lately; tell whether it was done now.

    Parameters
    ----------
    moments, cluster
        Where to, and of what.
    older_than
        The last copy is good enough while it is younger.

    Raises
    ------
    SetupError
        ``dump_failed``, ``backup_under_way``, ``backup_folder_unusable``.
    """
    copies = moments.copies
    with copies.held():
        if copies.names():
            newest = copies.read()
            fresh = datetime.now(UTC) - datetime.fromisoformat(newest.made_at) < older_than
            if fresh and newest.sealed_by == copies.sealed_by:
                return False
        url = cluster.superuser_url()
        start = first_piece(url)
        with copy_of_files(cluster.programs(), url) as stream:
            files = [copies.store(BASE, stream)]
        files.append(copies.store(START, _Bytes(start.encode("ascii"))))
        server, tables = versions(cluster.url())
        made_at = datetime.now(UTC).isoformat()
        copies.write(Manifest(made_at, version("weiwang"), tables, server, copies.sealed_by, tuple(files)))
        moments.forget(COPIES)
    return True


class _Bytes:
    """Bytes that are read once."""

    def __init__(self, content: bytes) -> None:
        self._left = content

    def read(self, size: int = -1, /) -> bytes:
        taken, self._left = (self._left, b"") if size < 0 else (self._left[:size], self._left[size:])
        return taken


@dataclass(frozen=True, slots=True)
class Target:
    """Where one begins again.

    Parameters
    ----------
    state, photos
        The state folder, blank; and where photos go to.
    """

    state: Path
    photos: PhotoFiles


def restore_until(
    folder: Path, key: Key | None, until: datetime, target: Target, *, say: Say | None = None
) -> Restored:
    """Bring database, photos and keys of a moment back into a blank state folder.

    Parameters
    ----------
    folder, key
        Of backups.
    until
        Everything that was committed up to here, and nothing that came later.
    target
        Where to.
    say
        Told how far it is, 0 to 1.

    Raises
    ------
    NotFoundError
        ``moment_not_covered``: no copy is as old as that.
    InvalidInputError
        ``backup_damaged``, ``backup_key_needed``, ``backup_key_wrong``, ``moment_beyond``: nothing was kept of so late.
    SetupError
        ``restore_target_in_use`` and what a server that doesn't start says.
    """
    say = say or (lambda _step, _done: None)
    moments = Moments(folder, key)
    name = _copy_before(moments, until)
    copy = moments.copies.read(name)
    check_key(moments.copies, copy)
    wrong = check_backup(moments.copies, name, say=lambda step, done: say(step, 0.2 * done))
    if wrong:
        raise InvalidInputError("the copy is damaged", code="backup_damaged", path=wrong[0])
    cluster = PrivateCluster(target.state)
    if (target.state / "cluster.json").exists():
        raise SetupError("there is a database already", code="restore_target_in_use")
    say("database", 0.2)
    recover(cluster, moments.base(copy), moments.piece, until)
    try:
        url = cluster.url()
        upgrade(url)
        settle(url)
        say("photos", 0.7)
        files, missing, with_keys = _files(BackupFolder(folder, key), url, target)
        rows = row_counts(url)
    finally:
        cluster.stop()
    wants_keys = not with_keys and any(column.table.name in rows for column in SEALED)
    return Restored(until.isoformat(), files, sum(rows.values()), missing, wants_keys)


def _copy_before(moments: Moments, until: datetime) -> str:
    """Return the newest copy that was complete by a moment."""
    fitting = [
        name
        for name in moments.copies.names()
        if datetime.fromisoformat(moments.copies.read(name).made_at) <= until
    ]
    if not fitting:
        raise NotFoundError("no copy is as old as that", code="moment_not_covered", at=until.isoformat())
    return fitting[-1]


def _files(backups: BackupFolder, url: str, target: Target) -> tuple[int, int, bool]:
    """Bring the photos that rows name, and the keys, from whatever backup has them; return how many came and are missing."""
    known: dict[str, Stored] = {}
    for name in backups.names():
        manifest = backups.read(name)
        if manifest.sealed_by == backups.sealed_by:
            known |= {one.path: one for one in manifest.files}
    count, missing = 0, 0
    for community_id, sha256 in sorted(photos_named(url)):
        for kind in ENDINGS:
            one = known.get(PHOTOS + name_of(community_id, sha256, kind))
            if one is None:
                missing += kind == "original"
                continue
            bring_back(backups, one, target.state, target.photos)
            count += 1
    for name in (KEYS, *BESIDE):
        if name in known:
            bring_back(backups, known[name], target.state, target.photos)
    return count, missing, KEYS in known
