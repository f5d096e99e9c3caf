"""Compiling beforehand: done once, by one process at a time, and known to be done."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gis.flows import compiling


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "KEPT", tmp_path)
    monkeypatch.setattr(compiling, "LOCK", tmp_path / "lock")
    monkeypatch.setattr(compiling, "MARK", tmp_path / "mark")


def test_a_small_community_has_all_that_is_compiled() -> None:
    compiling.compile_all()


def test_it_is_done_once(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[int] = []
    monkeypatch.setattr(compiling, "compile_all", lambda: done.append(1))
    compiling.main()
    compiling.main()
    assert done == [1]
    assert compiling.is_compiled()
    assert compiling.begin_beside() is None
    compiling.wait_until_done(None)


def test_other_sources_are_compiled_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "compile_all", lambda: None)
    compiling.main()
    monkeypatch.setenv("NUMBA_CACHE_DIR", "elsewhere")
    assert not compiling.is_compiled()


def test_a_service_keeps_it_in_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    asked = "from gis.flows import compiling; print(compiling.LOCK.parent, compiling.MARK.parent)"
    told = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert told.split() == [str(tmp_path)] * 2


def test_two_do_not_compile_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    holder = "import fcntl, sys; f = open(sys.argv[1], 'w'); fcntl.flock(f, fcntl.LOCK_EX); print('held', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(tmp_path / "lock")], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"
        monkeypatch.setattr(compiling, "compile_all", pytest.fail)
        compiling.main()
        assert not compiling.is_compiled()
        assert compiling.begin_beside() is None
        assert other.stdin is not None
        other.stdin.close()
        compiling.wait_until_done(None)


def test_a_folder_that_can_not_be_written_is_no_reason_to_fail(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setattr(compiling, "KEPT", tmp_path / "file" / "folder")
    monkeypatch.setattr(compiling, "LOCK", tmp_path / "file" / "folder" / "lock")
    monkeypatch.setattr(compiling, "MARK", tmp_path / "file" / "folder" / "mark")
    compiling.main()
    compiling.wait_until_done(compiling.begin_beside())
