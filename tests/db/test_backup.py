"""The restore drill: what was backed up comes back byte by byte, and what is damaged is refused before anything is written."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from gis.errors import ConflictError, InvalidInputError, NotFoundError, SetupError
from gis.flows.backup import BESIDE, Source, check_backup, make_backup
from gis.flows.restore import check_restorable, restore_backup
from gis.flows.sign_in import sign_in
from gis.flows.submit import submit
from gis.sealing import fresh_key
from gis.sealing.files import PIECE_BYTES, opened, sealed
from gis.store.backups import DATABASE, BackupFolder, Manifest
from gis.store.backups.state import is_empty
from gis.store.cluster_host import find_programs
from gis.store.migrate import newest_migration
from gis.store.photo_files import PhotoFolder
from gis.store.sealing_keys import keys_in
from gis.store.tables import metadata
from tests.factories import PASSWORD
from tests.loop import Loop, draft_at, some_photo

NOT_BROUGHT_BACK = {"session"}
PHOTO = "photos/test/ab/photo.original"


@pytest.fixture
async def source(loop: Loop, database_url: str, tmp_path: Path) -> Source:
    """Give a service with a case, two photos, somebody signed in, and keys."""
    photos = tuple([await some_photo(loop.settings, seed=n) for n in range(2)])
    await loop.act(submit, loop.actor("resident"), draft_at((35, 20), photos=photos))
    await loop.act(sign_in, "resident", PASSWORD)
    state = tmp_path / "state"
    keys_in(state)
    return Source(database_url, find_programs(), state, PhotoFolder(loop.photos.folder))


def a_target(url: str, folder: Path) -> Source:
    return Source(url, find_programs(), folder / "restored", PhotoFolder(folder / "restored" / "photos"))


def folder_of(one: Source) -> Path:
    assert isinstance(one.photos, PhotoFolder)
    return one.photos.folder


def content(url: str) -> dict[str, str]:
    """Return a checksum of each table's rows."""
    found = {}
    with psycopg.connect(url) as connection:
        for table in metadata.sorted_tables:
            name = sql.Identifier(table.name)
            query = sql.SQL("SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM {} t").format(name)
            found[table.name] = str((connection.execute(query).fetchone() or ("",))[0])
    return found


def files(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("with_key", [False, True], ids=["plain", "sealed"])
async def test_the_drill(source: Source, empty_database_url: str, tmp_path: Path, *, with_key: bool) -> None:
    folder = BackupFolder(tmp_path / "backups", fresh_key() if with_key else None)
    (source.state / BESIDE[0]).write_text("the end of a chain")
    made = await asyncio.to_thread(make_backup, folder, source)
    assert made.with_keys == with_key
    target = a_target(empty_database_url, tmp_path)
    manifest = check_restorable(folder)
    found = await asyncio.to_thread(restore_backup, folder, manifest, target)
    before, after = content(source.url), content(target.url)
    assert {name for name in before if before[name] != after[name]} == NOT_BROUGHT_BACK
    assert after["session"] == "None"
    assert files(folder_of(target)) == files(folder_of(source))
    assert len(files(folder_of(target))) == 6
    assert (target.state / BESIDE[0]).read_text() == "the end of a chain"
    assert (found.missing_photos, found.wants_keys) == (0, False)  # nothing of this community is sealed
    assert (target.state / "identity.keys").exists() == with_key
    if with_key:
        assert keys_in(target.state) == keys_in(source.state)
        stored = b"".join(path.read_bytes() for path in (tmp_path / "backups" / "files").rglob("*.*"))
        original = next(folder_of(source).rglob("*.original")).read_bytes()
        assert original not in stored
    with pytest.raises(ConflictError) as refused:
        restore_backup(folder, manifest, target)
    assert refused.value.code == "restore_target_in_use"


async def test_what_is_there_already_isnt_copied_again(source: Source, loop: Loop, tmp_path: Path) -> None:
    folder = BackupFolder(tmp_path / "backups", fresh_key())
    first = await asyncio.to_thread(make_backup, folder, source)
    photo = await some_photo(loop.settings, seed=9)
    await loop.photos.save("test", photo)
    second = await asyncio.to_thread(make_backup, folder, source)
    assert (first.new_files, first.files) == (8, 8)
    assert (second.new_files, second.files) == (4, 11)  # the dump, and three files of the photo
    third = await asyncio.to_thread(make_backup, folder, source, keep=2)
    assert third.forgotten == 1
    assert folder.names() == [second.name, third.name]
    assert not check_backup(folder, second.name)
    assert not check_backup(folder)
    assert {path.suffix for path in (tmp_path / "backups" / "files").glob("*/*")} == {f".{folder.sealed_by}"}


def small(folder: BackupFolder, dump: bytes = b"no dump") -> Manifest:
    """Write a backup of a photo and of what isn't a dump."""
    stored = folder.store(DATABASE, io.BytesIO(dump)), folder.store(PHOTO, io.BytesIO(b"photo"))
    folder.write(Manifest("", "1", newest_migration(), "15", folder.sealed_by, stored))
    return folder.read()


@pytest.fixture
def folder(tmp_path: Path) -> BackupFolder:
    """Give an empty folder of backups."""
    found = BackupFolder(tmp_path / "backups")
    with found.held():
        return found


def test_what_is_damaged_is_found(folder: BackupFolder) -> None:
    photo = small(folder).files[1]
    place = folder.folder / "files" / photo.sha256[:2] / photo.sha256
    for damaged in (b"phot", b"Photo", b"", None):
        if damaged is None:
            place.unlink()
        else:
            place.write_bytes(damaged)
        assert check_backup(folder) == [PHOTO]
        with pytest.raises(InvalidInputError, match="damaged"):
            check_restorable(folder)
    folder.store(PHOTO, io.BytesIO(b"photo"))  # the next backup mends it
    assert check_restorable(folder) == folder.read()
    listed = folder.folder / f"{folder.names()[0]}.json"
    listed.write_text(listed.read_text().replace(photo.sha256, "0" * 64))
    with pytest.raises(InvalidInputError, match="damaged"):
        check_restorable(folder)


def test_a_database_that_cant_be_read_leaves_nothing_behind(
    folder: BackupFolder, empty_database_url: str, tmp_path: Path
) -> None:
    target = a_target(empty_database_url, tmp_path)
    for dump in (b"no dump", b"PGDMP" + bytes(100_000)):
        with pytest.raises(SetupError) as failed:
            restore_backup(folder, small(folder, dump), target)
        assert failed.value.code == "restore_failed"
        assert failed.value.values["reason"]
        assert is_empty(target.url)


def test_a_sealed_backup_wants_its_key(tmp_path: Path, folder: BackupFolder) -> None:
    key = fresh_key()
    small(BackupFolder(folder.folder, key))
    for wrong, code in ((None, "backup_key_needed"), (fresh_key(), "backup_key_wrong")):
        with pytest.raises(InvalidInputError) as refused:
            check_restorable(BackupFolder(folder.folder, wrong))
        assert refused.value.code == code
    assert not check_backup(folder)  # whether it is whole is told without the key
    assert check_restorable(BackupFolder(folder.folder, key)) == folder.read()
    with pytest.raises(NotFoundError):
        check_restorable(BackupFolder(folder.folder, key), "20200101T000000.000000Z")
    with pytest.raises(NotFoundError):
        check_restorable(BackupFolder(tmp_path / "nowhere"))


@pytest.mark.parametrize(
    ("changes", "code"), [({"migration": "9999"}, "backup_newer"), ({"format": 2}, "backup_format")]
)
def test_a_backup_of_a_newer_version_is_refused(
    folder: BackupFolder, changes: dict[str, Any], code: str
) -> None:
    stored = folder.store(DATABASE, io.BytesIO(b"no dump"))
    newer = replace(Manifest("", "1", newest_migration(), "15", "", (stored,)), **changes)
    folder.write(newer)
    with pytest.raises(InvalidInputError) as refused:
        check_restorable(folder)
    assert refused.value.code == code


def test_one_at_a_time_and_only_where_there_is_something(
    folder: BackupFolder, empty_database_url: str, tmp_path: Path
) -> None:
    source = Source(empty_database_url, find_programs(), tmp_path, PhotoFolder(tmp_path / "photos"))
    with folder.held(), pytest.raises(SetupError) as refused:
        make_backup(BackupFolder(folder.folder), source)
    assert refused.value.code == "backup_under_way"
    with pytest.raises(SetupError) as refused:
        make_backup(folder, source)
    assert refused.value.code == "backup_without_tables"
    assert folder.names() == []
    unusable = tmp_path / "file"
    unusable.touch()
    with pytest.raises(SetupError) as refused:
        make_backup(BackupFolder(unusable / "b"), source)
    assert refused.value.code == "backup_folder_unusable"


def test_a_list_that_leads_outside_is_refused(
    folder: BackupFolder, empty_database_url: str, tmp_path: Path
) -> None:
    manifest = small(folder)
    for path in ("photos/../../outside", f"photos/{tmp_path}/outside"):
        outside = replace(manifest.files[1], path=path)
        leading = replace(manifest, files=(manifest.files[0], outside))
        with pytest.raises(InvalidInputError, match="outside"):
            restore_backup(folder, leading, a_target(empty_database_url, tmp_path))
    assert not (tmp_path / "outside").exists()


async def test_photos_that_others_look_after_stay_where_they_are(
    source: Source, empty_database_url: str, tmp_path: Path
) -> None:
    folder = BackupFolder(tmp_path / "backups")
    made = await asyncio.to_thread(make_backup, folder, source, with_photos=False)
    assert made.files == 1
    target = replace(a_target(empty_database_url, tmp_path), photos=source.photos)
    found = await asyncio.to_thread(restore_backup, folder, check_restorable(folder), target)
    assert (found.files, found.missing_photos) == (0, 0)


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES])
def test_sealed_files_open_again_and_no_piece_may_change(size: int) -> None:
    key, plain = fresh_key(), os.urandom(size)
    whole = b"".join(sealed(key, io.BytesIO(plain)))
    assert b"".join(opened(key, io.BytesIO(whole))) == plain
    piece = PIECE_BYTES + 16
    head = len(whole) - size - 16 * max(1, -(-size // PIECE_BYTES))
    wrong = [
        whole[:-1],
        whole[:-16],
        whole[:head],
        whole[: head - 1],
        whole + b"x",
        whole[:-1] + bytes([whole[-1] ^ 1]),
    ]
    if size > PIECE_BYTES:
        wrong += [whole[: head + piece], whole[:head] + whole[head + piece :]]
    for one in wrong:
        with pytest.raises(InvalidInputError) as refused:
            b"".join(opened(key, io.BytesIO(one)))
        assert refused.value.code == "backup_damaged"
    with pytest.raises(InvalidInputError) as refused:
        b"".join(opened(fresh_key(), io.BytesIO(whole)))
    assert refused.value.code == "backup_key_wrong"
