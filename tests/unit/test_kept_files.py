"""Files that may be lost at any time: whole or not at all, bounded, one for each thing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from gis.store.kept_files import ENDING, KeptFiles

ROOM = 100_000


@pytest.fixture
def files(tmp_path: Path) -> KeptFiles:
    return KeptFiles(tmp_path / "kept", ROOM)


def the_file(tmp_path: Path) -> Path:
    [one] = (tmp_path / "kept").iterdir()
    return one


@pytest.mark.parametrize("parts", [[], [b""], [b"one"], [b"one", b"", b"x" * 1000]])
def test_what_was_kept_is_read(files: KeptFiles, parts: list[bytes]) -> None:
    files.write("heping", "1", parts)
    found = files.read("heping", "1")
    assert found is not None
    assert [bytes(one) for one in found] == parts


def test_what_was_not_is_none(files: KeptFiles) -> None:
    assert files.read("heping", "1") is None
    files.write("heping", "1", [b"one"])
    assert files.read("heping", "2") is None
    assert files.read("other", "1") is None


def test_a_page_that_is_changed_is_changed_for_nobody_else(files: KeptFiles) -> None:
    files.write("heping", "1", [b"one"])
    mine, yours = files.read("heping", "1"), files.read("heping", "1")
    assert mine is not None
    assert yours is not None
    mine[0][0] = ord("O")
    assert [bytes(mine[0]), bytes(yours[0])] == [b"One", b"one"]
    again = files.read("heping", "1")
    assert again is not None
    assert bytes(again[0]) == b"one"


@pytest.mark.parametrize("damage", ["cut", "empty", "changed", "foreign", "longer"])
def test_what_is_damaged_is_not_there(files: KeptFiles, tmp_path: Path, damage: str) -> None:
    files.write("heping", "1", [b"one", b"two" * 100])
    path = the_file(tmp_path)
    whole = path.read_bytes()
    turned = whole[:-1] + bytes([whole[-1] ^ 1])
    path.write_bytes(
        {"cut": whole[:-7], "empty": b"", "changed": turned, "foreign": b"PK" * 99, "longer": whole + b"."}[
            damage
        ]
    )
    assert files.read("heping", "1") is None


def test_one_stays_for_each_thing(files: KeptFiles, tmp_path: Path) -> None:
    for stamp in "123":
        files.write("heping", stamp, [stamp.encode()])
    files.write("other", "1", [b"other"])
    assert len(list((tmp_path / "kept").iterdir())) == 2
    assert files.read("heping", "2") is None
    assert files.read("heping", "3") is not None
    assert files.read("other", "1") is not None


def test_the_one_not_asked_for_longest_goes_first(files: KeptFiles, tmp_path: Path) -> None:
    big = bytes(ROOM * 2 // 5)
    for name in ("first", "second"):
        files.write(name, "1", [big])
    for path in (tmp_path / "kept").iterdir():
        os.utime(path, (1, 1))
    assert files.read("first", "1") is not None  # so that the other is the older
    files.write("third", "1", [big])
    assert files.read("second", "1") is None
    assert files.read("first", "1") is not None
    assert files.read("third", "1") is not None


def test_what_is_too_large_for_all_is_kept_alone(files: KeptFiles) -> None:
    files.write("small", "1", [b"small"])
    files.write("large", "1", [bytes(2 * ROOM)])
    assert files.read("small", "1") is None
    assert files.read("large", "1") is not None


def test_it_is_the_owners_alone(files: KeptFiles, tmp_path: Path) -> None:
    files.write("heping", "1", [b"one"])
    assert (tmp_path / "kept").stat().st_mode & 0o077 == 0
    assert the_file(tmp_path).stat().st_mode & 0o077 == 0
    assert the_file(tmp_path).suffix == ENDING
