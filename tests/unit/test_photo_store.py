"""Photos on disk: whole or not there, private, idempotent, and never outside their folder."""

from __future__ import annotations

import asyncio
import errno
import os
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Self

import pytest

from gis.errors import NotFoundError, StorageFullError, UnavailableError
from gis.store.photos import PhotoStore


@dataclass(frozen=True)
class Shot:
    """Bytes as the store takes them."""

    original: bytes
    view: bytes = b"view"
    thumb: bytes = b"thumb"

    @property
    def sha256(self) -> str:
        return sha256(self.original).hexdigest()


SHOT = Shot(b"original" * 1000)


@pytest.fixture
def store(tmp_path: Path) -> PhotoStore:
    return PhotoStore(tmp_path / "photos", reserve_bytes=0)


def files(store: PhotoStore) -> list[Path]:
    return sorted(path for path in store.folder.rglob("*") if path.is_file())


async def test_saved_and_found(store: PhotoStore) -> None:
    await store.save("heping", SHOT)
    assert store.path("heping", SHOT.sha256, "original").read_bytes() == SHOT.original
    assert store.path("heping", SHOT.sha256, "view").read_bytes() == b"view"
    assert store.path("heping", SHOT.sha256, "thumb").read_bytes() == b"thumb"
    assert len(files(store)) == 3


async def test_private(store: PhotoStore) -> None:
    await store.save("heping", SHOT)
    for path in files(store):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in (store.folder, store.folder / "heping"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


async def test_communities_are_apart(store: PhotoStore) -> None:
    await store.save("heping", SHOT)
    await store.save("yuetanshan", SHOT)
    assert len(files(store)) == 6
    await store.remove("heping", SHOT.sha256)
    assert {path.relative_to(store.folder).parts[0] for path in files(store)} == {"yuetanshan"}


async def test_twice_is_once_and_heals(store: PhotoStore) -> None:
    await store.save("heping", SHOT)
    before = [path.stat().st_ino for path in files(store)]
    await store.save("heping", SHOT)
    assert [path.stat().st_ino for path in files(store)] == before
    store.path("heping", SHOT.sha256, "thumb").unlink()
    store.path("heping", SHOT.sha256, "original").write_bytes(b"cut")
    await store.save("heping", SHOT)
    assert store.path("heping", SHOT.sha256, "original").read_bytes() == SHOT.original
    assert len(files(store)) == 3


async def test_many_writers_of_the_same_bytes(store: PhotoStore) -> None:
    with ThreadPoolExecutor(16) as threads:
        list(threads.map(lambda _: store.save_now("heping", SHOT), range(64)))
    assert len(files(store)) == 3
    assert store.path("heping", SHOT.sha256, "original").read_bytes() == SHOT.original


@pytest.mark.parametrize(
    "community_id", ["", ".", "..", "../x", "a/b", "a\0b", "/etc", "a" * 65, "社区", "-x", "a\n"]
)
async def test_no_way_out_by_the_community(store: PhotoStore, community_id: str) -> None:
    with pytest.raises(NotFoundError):
        store.path(community_id, SHOT.sha256, "view")
    with pytest.raises(NotFoundError):
        await store.save(community_id, SHOT)
    with pytest.raises(NotFoundError):
        await store.older_than(community_id, 0)
    assert not store.folder.exists()


@pytest.mark.parametrize(
    "name", ["", "x", "../" * 20 + "aaaa", SHOT.sha256.upper(), SHOT.sha256 + "\n", "0" * 63, "٠" * 64]
)
def test_no_way_out_by_the_hash(store: PhotoStore, name: str) -> None:
    with pytest.raises(NotFoundError):
        store.path("heping", name, "view")


def test_unknown_kind_of_file(store: PhotoStore) -> None:
    kind: Any = "../../secret"
    with pytest.raises(NotFoundError):
        store.path("heping", SHOT.sha256, kind)


async def test_full_disk_is_seen_before_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = PhotoStore(tmp_path / "photos", reserve_bytes=1_000_000)
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1_000_100))
    with pytest.raises(StorageFullError):
        await store.save("heping", SHOT)
    assert files(store) == []
    monkeypatch.undo()
    await store.save("heping", SHOT)
    assert len(files(store)) == 3


@pytest.mark.parametrize(
    ("number", "error"),
    [(errno.ENOSPC, StorageFullError), (errno.EDQUOT, StorageFullError), (errno.EIO, UnavailableError)],
)
@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
async def test_each_failing_call_leaves_nothing_half(
    store: PhotoStore, monkeypatch: pytest.MonkeyPatch, number: int, error: type[Exception], call: str
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise OSError(number, os.strerror(number))

    class Full:
        def __init__(self, descriptor: int, *_: Any, **__: Any) -> None:
            self.descriptor = descriptor

        def __enter__(self) -> Self:
            return self

        def __exit__(self, *_: object) -> None:
            os.close(self.descriptor)

        write = fail

    if call == "write":
        monkeypatch.setattr("os.fdopen", Full)
    elif call == "fsync":
        monkeypatch.setattr("os.fsync", fail)
        (store.folder / "heping" / SHOT.sha256[:2]).mkdir(parents=True)
    else:
        monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(error):
        await store.save("heping", SHOT)
    monkeypatch.undo()
    assert not store.path("heping", SHOT.sha256, "original").exists()
    assert [path for path in files(store) if path.suffix == ".part"] == []
    await store.save("heping", SHOT)
    assert len(files(store)) == 3


@pytest.mark.fault
@pytest.mark.skipif(not Path("/dev/shm").is_dir() or os.geteuid() != 0, reason="needs to mount a small disk")
def test_a_disk_that_is_really_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(small)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("may not mount")
    try:
        store = PhotoStore(small / "photos", reserve_bytes=0)
        store.save_now("heping", SHOT)
        with pytest.raises(StorageFullError):
            store.save_now("heping", Shot(b"x" * 400_000))
        # room in front, none while writing: what statvfs says may be old
        monkeypatch.setattr(store, "_check_room", lambda _: None)
        with pytest.raises(StorageFullError):
            store.save_now("heping", Shot(b"y" * 400_000))
        assert store.path("heping", SHOT.sha256, "original").read_bytes() == SHOT.original
        assert [path for path in files(store) if path.suffix == ".part"] == []
        store.save_now("heping", Shot(b"z" * 1000))
    finally:
        subprocess.run(["umount", str(small)], check=True)


async def test_sweep_takes_only_old_leftovers(store: PhotoStore) -> None:
    await store.save("heping", SHOT)
    shelf = store.path("heping", SHOT.sha256, "view").parent
    old, new = shelf / ".a.part", shelf / ".b.part"
    for part in (old, new):
        part.write_bytes(b"half")
    os.utime(old, (time.time() - 7200, time.time() - 7200))
    assert await store.sweep() == 1
    assert new.exists()
    assert len(files(store)) == 4
    assert await store.sweep(age_s=0) == 1
    assert await PhotoStore(store.folder / "none").sweep() == 0


async def test_saving_again_keeps_a_photo_from_being_removed_as_old(store: PhotoStore) -> None:
    await store.save("heping", SHOT)
    original = store.path("heping", SHOT.sha256, "original")
    os.utime(original, (1000, 1000))
    assert await store.older_than("heping", 3600) == [SHOT.sha256]
    await store.save("heping", SHOT)
    assert await store.older_than("heping", 3600) == []
    assert not await store.remove("heping", SHOT.sha256, age_s=3600)
    assert original.exists()
    assert await store.remove("heping", SHOT.sha256)
    assert files(store) == []
    assert not await store.remove("heping", SHOT.sha256)


async def test_the_event_loop_goes_on(store: PhotoStore) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            ticks += 1
            await asyncio.sleep(0.001)

    ticking = asyncio.create_task(tick())
    await asyncio.gather(*(store.save("heping", Shot(bytes([n]) * 2_000_000)) for n in range(20)))
    ticking.cancel()
    assert ticks > 5


KILLED = """
import os, sys, threading, time
from pathlib import Path
from hashlib import sha256
from gis.store.photos import PhotoStore

class Shot:
    def __init__(self, n):
        self.original = n.to_bytes(4, "big") * 50_000
        self.view, self.thumb = self.original[:1000], self.original[:100]
        self.sha256 = sha256(self.original).hexdigest()

store = PhotoStore(Path(sys.argv[1]), reserve_bytes=0)
for n in range(1_000_000):
    shot = Shot(n)
    store.save_now("heping", shot)
    os.write(1, (shot.sha256 + "\\n").encode())
"""


async def test_killed_while_writing(store: PhotoStore) -> None:
    """Whatever was acknowledged before the kill is there in full; nothing under a photo's name is half."""
    acknowledged: list[str] = []
    for wait_s in (0.3, 0.45, 0.6):
        writer = await asyncio.create_subprocess_exec(
            sys.executable, "-c", KILLED, str(store.folder), stdout=asyncio.subprocess.PIPE
        )
        assert writer.stdout is not None
        acknowledged.append((await writer.stdout.readline()).decode().strip())
        await asyncio.sleep(wait_s)
        writer.kill()
        rest, _ = await writer.communicate()
        acknowledged += rest.decode().split()
    for name in {name for name in acknowledged if len(name) == 64}:
        assert sha256(store.path("heping", name, "original").read_bytes()).hexdigest() == name
        assert store.path("heping", name, "view").stat().st_size == 1000
        assert store.path("heping", name, "thumb").stat().st_size == 100
    for path in files(store):
        if path.suffix == ".original":
            assert sha256(path.read_bytes()).hexdigest() == path.stem
    await store.sweep(age_s=0)
    assert not [path for path in files(store) if path.suffix == ".part"]
