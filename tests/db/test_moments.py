"""Back to a moment: what was written before it is there, what came after isn't, and no byte is taken on trust."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from gis.clock import SettableClock
from gis.errors import InvalidInputError, NotFoundError, WeiwangError
from gis.flows.atlas import Atlas
from gis.flows.backup import Source, make_backup
from gis.flows.moments import Target, archive_kept, copy_files, restore_until
from gis.sealing import fresh_key
from gis.settings import Settings
from gis.store.backups import BackupFolder, Manifest
from gis.store.backups.moments import START, Moments
from gis.store.cluster import PrivateCluster
from gis.store.migrate import newest_migration, upgrade
from gis.store.photo_files import PhotoFolder
from gis.store.photos import PhotoStore
from gis.store.session import Database
from tests.factories import draw_community
from tests.loop import Loop, some_photo

KEY = fresh_key()
SEGMENTS = [f"0000000100000000000000{n:02X}" for n in range(1, 5)]


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a folder that the database's user passes through."""
    with tempfile.TemporaryDirectory(prefix="wm-") as folder:
        Path(folder).chmod(0o711)
        monkeypatch.setattr("gis.flows.moments.LOOK_S", 0.1)
        yield Path(folder)


async def lived(url: str, settings: Settings) -> Loop:
    """Return a loop in a community of its own."""
    database = Database(url)
    async with database.write() as session:
        community = await draw_community(session)
    photos = PhotoStore(settings.photo_folder)
    return Loop(
        database, community, SettableClock(datetime.now(UTC)), photos, settings, Atlas(office=settings.office)
    )


async def written(loop: Loop, seed: int) -> tuple[str, str]:
    """File a report with a photo; return its id and the photo's SHA-256."""
    photo = await some_photo(loop.settings, seed=seed)
    filed = await loop.report(photos=(photo,), separate=True)
    return str(filed.report_id), photo.sha256


def flushed(cluster: PrivateCluster) -> str:
    """Let the server lay down what it has written so far, as it does each minute; return the name of the piece."""
    with psycopg.connect(cluster.superuser_url(), autocommit=True) as connection:
        row = connection.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()
        connection.execute("SELECT pg_switch_wal()")
    return str(row[0] if row else "")


@pytest.mark.cluster
@pytest.mark.slow
async def test_back_to_a_moment(home: Path) -> None:
    state, folder = home / "state", home / "backups"
    settings = Settings(state=state)
    cluster = PrivateCluster(state, durable=False, archiving=True)
    await asyncio.to_thread(cluster.start)
    source = Source(cluster.url(), cluster.programs(), state, PhotoFolder(settings.photo_folder))
    try:
        await asyncio.to_thread(upgrade, cluster.url())
        loop = await lived(cluster.url(), settings)
        moments = Moments(folder, KEY)
        with archive_kept(cluster.spool, moments):
            await written(loop, 1)
            before = datetime.now(UTC)
            assert await asyncio.to_thread(copy_files, moments, cluster, older_than=timedelta(days=7))
            assert not await asyncio.to_thread(copy_files, moments, cluster, older_than=timedelta(days=7))
            wanted = await written(loop, 2)
            until = datetime.now(UTC)
            await asyncio.sleep(0.05)
            unwanted = await written(loop, 3)
            await asyncio.to_thread(make_backup, BackupFolder(folder, KEY), source)
            piece = await asyncio.to_thread(flushed, cluster)
            for _ in range(300):
                if moments.piece(piece) is not None:
                    break
                await asyncio.sleep(0.05)
        await loop.database.close()
    finally:
        await asyncio.to_thread(cluster.stop)
    assert all(path.suffix == f".{KEY.key_id.hex()}" for path in moments.wal.iterdir())

    target = Target(home / "again", PhotoFolder(home / "again" / "photos"))
    found = await asyncio.to_thread(restore_until, folder, KEY, until, target)
    assert found.missing_photos == 0
    await asyncio.to_thread(compared, loop, target, wanted, unwanted)

    with pytest.raises(NotFoundError) as refused:
        restore_until(folder, KEY, before, Target(home / "x", PhotoFolder(home / "x")))
    assert refused.value.code == "moment_not_covered"
    with pytest.raises(WeiwangError) as refused_too:
        restore_until(folder, KEY, until, target)
    assert refused_too.value.code == "restore_target_in_use"
    late = Target(home / "late", PhotoFolder(home / "late"))
    with pytest.raises(InvalidInputError) as beyond:
        await asyncio.to_thread(restore_until, folder, KEY, datetime.now(UTC) + timedelta(hours=1), late)
    assert beyond.value.code == "moment_beyond"


def compared(loop: Loop, target: Target, wanted: tuple[str, str], unwanted: tuple[str, str]) -> None:
    """Look at what was brought back: by its own passwords, as at any other start."""
    again = PrivateCluster(target.state, durable=False)
    again.start()
    try:
        with psycopg.connect(again.url()) as connection:
            reports = {str(one) for (one,) in connection.execute("SELECT report_id FROM report")}
            photos = {one for (one,) in connection.execute("SELECT sha256 FROM photo")}
    finally:
        again.stop()
    assert wanted[0] in reports
    assert unwanted[0] not in reports
    assert (len(reports), len(photos)) == (2, 2)
    assert wanted[1] in photos
    stored = PhotoStore(target.state / "photos")
    for sha256 in photos:
        mine = stored.path("test", sha256, "original").read_bytes()
        assert mine == loop.photos.path("test", sha256, "original").read_bytes()
    assert not stored.path("test", unwanted[1], "original").exists()


def laid(spool: Path, names: list[str]) -> None:
    spool.mkdir(exist_ok=True)
    for name in names:
        (spool / name).write_bytes(name.encode() * 1000)


def copied(moments: Moments, start: str) -> None:
    """Write a copy that begins with a piece."""

    class Once:
        left = start.encode()

        def read(self, _size: int = -1, /) -> bytes:
            taken, self.left = self.left, b""
            return taken

    stored = moments.copies.store(START, Once())
    moments.copies.write(
        Manifest(
            datetime.now(UTC).isoformat(), "1", newest_migration(), "15", moments.copies.sealed_by, (stored,)
        )
    )


@pytest.mark.parametrize("key", [None, KEY], ids=["plain", "sealed"])
def test_pieces_are_kept_until_no_copy_needs_them(tmp_path: Path, key) -> None:
    moments, spool = Moments(tmp_path / "backups", key), tmp_path / "spool"
    laid(spool, [*SEGMENTS, "00000002.history", "archtemp.x.1", f"{SEGMENTS[0]}.part"])
    assert moments.take(spool) == 5
    assert {path.name for path in spool.iterdir()} == {"archtemp.x.1", f"{SEGMENTS[0]}.part"}
    assert moments.take(tmp_path / "nowhere") == 0
    for name in (*SEGMENTS, "00000002.history"):
        assert moments.piece(name) == name.encode() * 1000
        assert name.encode() not in next(moments.wal.glob(f"{name}*")).read_bytes()  # packed at least
    assert moments.piece("0000000100000000000000FF") is None
    with moments.copies.held():
        for start in SEGMENTS[1:4]:
            copied(moments, start)
        moments.forget(2)
    left = {path.name.split(".")[0] for path in moments.wal.iterdir()}
    assert left == {*SEGMENTS[2:], "00000002"}


def test_a_piece_that_isnt_what_was_kept_is_refused(tmp_path: Path) -> None:
    for key, other in ((None, None), (KEY, None), (KEY, fresh_key())):
        moments, spool = Moments(tmp_path / "backups", key), tmp_path / "spool"
        laid(spool, SEGMENTS[:1])
        moments.take(spool)
        (path,) = moments.wal.iterdir()
        if other is not None:
            path.rename(path.with_suffix(f".{other.key_id.hex()}"))
            moments = Moments(tmp_path / "backups", other)
        else:
            path.write_bytes(path.read_bytes()[:-9])
        with pytest.raises(InvalidInputError):
            moments.piece(SEGMENTS[0])
        for one in moments.wal.iterdir():
            one.unlink()
