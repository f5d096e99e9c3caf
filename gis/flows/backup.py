"""Making and checking backups: the database in one consistent state, and every photo that it names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import BinaryIO, NamedTuple

from gis.errors import InvalidInputError, SetupError
from gis.sealing.files import Readable
from gis.store.backups import DATABASE, BackupFolder, Manifest, Stored, dump
from gis.store.backups.state import versions
from gis.store.cluster_host import Programs
from gis.store.photo_files import PhotoFiles, stamp_of
from gis.store.sealing_keys import NAME as KEYS

PHOTOS = "photos/"
BESIDE = ("audit-anchors.jsonl",)
"""What the state folder keeps besides photos and keys, and nobody could make again."""
Say = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Source:
    """What is copied.

    Parameters
    ----------
    url
        Of the database.
    programs
        PostgreSQL's, of the server's version.
    state
        The state folder: its keys.
    photos
        All photos, in a folder or a bucket.
    """

    url: str
    programs: Programs
    state: Path
    photos: PhotoFiles


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was made: how much there is, how much of it was new, and whether the keys are in it."""

    name: str
    files: int
    bytes: int
    new_files: int
    new_bytes: int
    with_keys: bool
    forgotten: int = 0


def make_backup(
    folder: BackupFolder, source: Source, *, keep: int = 0, with_photos: bool = True, say: Say | None = None
) -> Made:
    """Copy everything that is needed to begin again on another machine; what an earlier backup has isn't copied again.

    The dump comes first. A photo is on the disk before a row names it, so that all that the dump names are there afterwards;
    the service may go on meanwhile. Keys that seal what is written of people go along only into a sealed backup: beside
    what they seal, in the clear, they would protect nothing.

    Parameters
    ----------
    folder
        Where to.
    source
        What.
    keep
        So many backups are kept, with this one; 0: all.
    with_photos
        False: somebody else looks after the photos, such as a bucket that keeps what was removed.
    say
        Told how far it is, 0 to 1.

    Raises
    ------
    SetupError
        ``dump_failed``, ``backup_under_way``, ``backup_folder_unusable``, ``backup_without_tables``.
    UnavailableError
        ``photo_store_unavailable``: the bucket doesn't answer.
    """
    say = say or (lambda _step, _done: None)
    with folder.held(), _usable(folder):
        known = _known(folder)
        server, tables = versions(source.url)
        if not tables:
            raise SetupError("there is nothing to back up yet", code="backup_without_tables")
        say("database", 0.0)
        with dump(source.programs, source.url) as stream:
            found = [folder.store(DATABASE, stream)]
        new = list(found)
        files = sorted(_files(source, sealed=folder.key is not None, with_photos=with_photos), key=_path_of)
        for number, file in enumerate(files):
            say("photos", 0.2 + 0.8 * number / len(files))
            stored, is_new = _stored(folder, file, known.get(file.path))
            if stored is None:
                continue  # erased since it was listed
            found.append(stored)
            new += [stored] if is_new else []
        made_at = datetime.now(UTC).isoformat()
        manifest = Manifest(made_at, version("weiwang"), tables, server, folder.sealed_by, tuple(found))
        name = folder.write(manifest)
        forgotten = folder.forget(keep) if keep else 0
    with_keys = any(one.path == KEYS for one in found)
    new_bytes = sum(one.bytes for one in new)
    return Made(name, len(found), manifest.bytes, len(new), new_bytes, with_keys, forgotten)


def check_backup(folder: BackupFolder, name: str | None = None, *, say: Say | None = None) -> list[str]:
    """Return the files of a backup that are damaged or gone: what is stored, whether sealed or not.

    Parameters
    ----------
    folder, name
        Which backup; by default the newest.
    say
        As for ``make_backup``.
    """
    manifest = folder.read(name)
    wrong = []
    for number, (one, is_whole) in enumerate(folder.checked(manifest)):
        if say is not None:
            say("checking", number / len(manifest.files))
        if not is_whole:
            wrong.append(one.path)
    return wrong


def _known(folder: BackupFolder) -> dict[str, Stored]:
    """Return the files of the newest backup that this one may use as they are."""
    if not folder.names():
        return {}
    newest = folder.read()
    return {one.path: one for one in newest.files} if newest.sealed_by == folder.sealed_by else {}


class _File(NamedTuple):
    """A file to be copied: where it belongs, its stamp, and how it is read."""

    path: str
    stamp: str
    opened: Callable[[], AbstractContextManager[Readable]]


def _path_of(file: _File) -> str:
    return file.path


def _files(source: Source, *, sealed: bool, with_photos: bool) -> Iterator[_File]:
    if with_photos:
        for name, stamp in source.photos.listed():
            yield _File(PHOTOS + name, stamp, partial(source.photos.opened, name))
    for name in (*BESIDE, KEYS) if sealed else BESIDE:
        path = source.state / name
        if path.is_file():
            yield _File(name, stamp_of(path), partial(_open, path))


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def _stored(folder: BackupFolder, file: _File, before: Stored | None) -> tuple[Stored | None, bool]:
    if before is not None and before.stamp == file.stamp and folder.keeps(before):
        return before, False
    try:
        with file.opened() as content:
            return folder.store(file.path, content, file.stamp), True
    except FileNotFoundError:
        return None, False


@contextmanager
def _usable(folder: BackupFolder) -> Iterator[None]:
    """Tell of a disk that is full or gone in one line."""
    try:
        yield
    except OSError as error:
        path = str(folder.folder)
        raise SetupError(f"{path}: {error.strerror}", code="backup_folder_unusable", path=path) from error


def check_key(folder: BackupFolder, manifest: Manifest) -> None:
    """Refuse a backup that this key doesn't open.

    Parameters
    ----------
    folder, manifest
        With its key, and the backup.

    Raises
    ------
    InvalidInputError
        ``backup_key_needed``, ``backup_key_wrong``.
    """
    if manifest.sealed_by and folder.key is None:
        raise InvalidInputError("the backup is sealed: name its key", code="backup_key_needed")
    if manifest.sealed_by != folder.sealed_by:
        raise InvalidInputError("the backup was sealed by another key", code="backup_key_wrong")
