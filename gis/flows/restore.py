"""Beginning again from a backup: on a blank machine, checked before anything is written, whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gis.errors import ConflictError, InvalidInputError
from gis.flows.backup import BESIDE, PHOTOS, Say, Source, check_backup, check_key
from gis.store.backups import BackupFolder, Manifest, Stored, load
from gis.store.backups.state import is_empty, photos_named, row_counts, settle
from gis.store.migrate import newest_migration, upgrade
from gis.store.photo_files import PhotoFiles, write_whole
from gis.store.photos import name_of
from gis.store.sealed_columns import SEALED
from gis.store.sealing_keys import NAME as KEYS


@dataclass(frozen=True, slots=True)
class Restored:
    """What was brought back.

    Parameters
    ----------
    made_at
        Of when it is.
    files
        Photos and keys.
    rows
        In all tables.
    missing_photos
        Named by a row and not in the backup: erased while it was made.
    wants_keys
        Something was sealed and the keys for it didn't come with the backup.
    """

    made_at: str
    files: int
    rows: int
    missing_photos: int
    wants_keys: bool


def check_restorable(folder: BackupFolder, name: str | None = None, *, say: Say | None = None) -> Manifest:
    """Return a backup of which everything is there and as it was.

    Parameters
    ----------
    folder, name
        Which; by default the newest.
    say
        Told how far it is, 0 to 1.

    Raises
    ------
    InvalidInputError
        ``backup_damaged``, ``backup_key_needed``, ``backup_key_wrong``, ``backup_newer``.
    NotFoundError
        ``backup_not_found``.
    """
    manifest = folder.read(name)
    check_key(folder, manifest)
    if manifest.migration > newest_migration():
        raise InvalidInputError(
            f"the backup was made by version {manifest.version}, which is newer than this one",
            code="backup_newer",
            version=manifest.version,
        )
    wrong = check_backup(folder, name, say=say)
    if wrong:
        raise InvalidInputError(
            f"{len(wrong)} files of the backup are damaged or gone: {', '.join(wrong[:3])}",
            code="backup_damaged",
            path=wrong[0],
        )
    return manifest


def restore_backup(
    folder: BackupFolder, manifest: Manifest, target: Source, *, say: Say | None = None
) -> Restored:
    """Fill an empty database and folder from a backup.

    Files come first and the database last, in one transaction: what was interrupted can be begun again.

    Parameters
    ----------
    folder, manifest
        From ``check_restorable``.
    target
        Where to.
    say
        As for ``check_restorable``.

    Raises
    ------
    ConflictError
        ``restore_target_in_use``: there is something already.
    SetupError
        ``restore_failed``.
    """
    say = say or (lambda _step, _done: None)
    if not is_empty(target.url):
        raise ConflictError("the database isn't empty", code="restore_target_in_use")
    files = [one for one in manifest.files if one.path in {KEYS, *BESIDE} or one.path.startswith(PHOTOS)]
    for number, one in enumerate(files):
        say("photos", 0.7 * number / len(files))
        bring_back(folder, one, target.state, target.photos)
    say("database", 0.7)
    load(target.programs, target.url, folder.content(manifest.database))
    upgrade(target.url)
    settle(target.url)
    there = {name for name, _ in target.photos.listed()}
    missing = [one for one in photos_named(target.url) if name_of(*one, "original") not in there]
    rows = row_counts(target.url)
    is_sealed = any(column.table.name in rows for column in SEALED)
    wants_keys = is_sealed and all(one.path != KEYS for one in files)
    return Restored(manifest.made_at, len(files), sum(rows.values()), len(missing), wants_keys)


def bring_back(folder: BackupFolder, one: Stored, state: Path, photos: PhotoFiles) -> None:
    """Write a file of a backup where it belongs.

    Parameters
    ----------
    folder, one
        The backups, and the file.
    state, photos
        Where keys and photos are kept.

    Raises
    ------
    InvalidInputError
        ``backup_damaged``: it isn't what was stored, or would lie outside.
    """
    if one.path.startswith(PHOTOS):
        photos.write(one.path.removeprefix(PHOTOS), folder.content(one))
    else:
        write_whole(state / one.path, folder.content(one))
