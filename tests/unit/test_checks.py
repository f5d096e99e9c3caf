"""What the doctor finds when something is wrong, part by part, in both languages."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from api.cli import checks
from api.cli.checks import BAD, GOOD, NOTE, Finding
from gis.flows.audit.chaining import ANCHORS, anchor_line
from gis.sealing import fresh_key
from gis.settings import (
    ArchiveSettings,
    BaseMapSettings,
    BucketSettings,
    IdentitySettings,
    Settings,
    WatchSettings,
)
from gis.store.audit import Head
from gis.store.backups import BackupFolder, Manifest
from gis.store.backups.record import LastBackup, remember_backup
from gis.store.cluster_record import Record, StateFolder
from gis.store.pulse import OpenCases, Pulse, Waiting
from gis.store.sealing_keys import NAME as KEYS
from gis.store.sealing_keys import keys_in
from web.i18n import translate


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Give settings of a state folder that is there."""
    (tmp_path / "state").mkdir()
    return Settings(state=tmp_path / "state")


def states(found: list[Finding]) -> list[str]:
    for one in found:
        assert translate("en", one.name) != ""
        assert one.detail
    return [one.state for one in found]


def with_(settings: Settings, **changes: object) -> Settings:
    return settings.model_copy(update=changes)


def test_disks(settings: Settings) -> None:
    assert states(list(checks.disks(settings))) == [GOOD, GOOD, GOOD]
    full = with_(settings, watch=WatchSettings(free_gb=1e9))
    assert states(list(checks.disks(full))) == [BAD, BAD, GOOD]
    settings.photo_folder.rmdir()
    settings.photo_folder.write_text("a file where the folder should be")
    assert states(list(checks.disks(settings)))[2] == BAD
    bucket = BucketSettings(name="photos", endpoint="http://127.0.0.1:9", key_id="a", secret="s3cret")
    found = list(checks.disks(with_(settings, bucket=bucket)))
    assert states(found)[2] == BAD
    assert "s3cret" not in found[2].detail


def test_keys(settings: Settings) -> None:
    assert states(list(checks.keys(settings))) == [NOTE]
    keys_in(settings.state)
    assert states(list(checks.keys(settings))) == [GOOD]
    path = settings.state / KEYS
    path.chmod(0o644)
    assert states(list(checks.keys(settings))) == [BAD]
    path.write_text("no key")
    path.chmod(0o600)
    assert states(list(checks.keys(settings))) == [BAD]
    given = with_(settings, identity=IdentitySettings(keys=(fresh_key().text,)))
    assert states(list(checks.keys(given))) == [GOOD]


def test_queues(settings: Settings) -> None:
    calm = Pulse(Waiting(3), 0, Waiting(), Waiting(), Waiting(), [], 0)
    assert states(list(checks.queues(calm, settings))) == [GOOD, GOOD]
    late = replace(calm, jobs=Waiting(3, 2, 61.0), cases=[OpenCases("a", "open", 2, 1, 1)])
    found = list(checks.queues(late, settings))
    assert states(found) == [NOTE, GOOD]
    assert "61" in found[0].detail


def backed_up(settings: Settings, folder: Path, *, days: float) -> None:
    backups = BackupFolder(folder)
    with backups.held():
        backups.write(Manifest("", "1", "0001", "15", "", ()))
    at = datetime.now(UTC) - timedelta(days=days)
    remember_backup(settings.state, LastBackup(at.isoformat(), str(folder), sealed=False))


def test_backups(settings: Settings, tmp_path: Path) -> None:
    assert states(list(checks.backup(settings))) == [NOTE]
    folder = tmp_path / "backups"
    for days, state in ((3, NOTE), (1, GOOD)):
        backed_up(settings, folder, days=days)
        assert states(list(checks.backup(settings))) == [state]
    for path in folder.glob("*.json"):
        path.unlink()
    assert states(list(checks.backup(settings))) == [BAD]


def test_kept_changes(settings: Settings, tmp_path: Path) -> None:
    assert states(list(checks.archive(settings))) == []
    folder = tmp_path / "backups"
    kept = with_(settings, archive=ArchiveSettings(folder=folder))
    assert states(list(checks.archive(kept))) == [NOTE]
    copies = BackupFolder(folder / "moments")
    with copies.held():
        copies.write(Manifest("", "1", "0001", "15", "", ()))
    record = StateFolder(kept.state).write(Record(str(tmp_path / "cluster"), 1, "", ""))
    record.spool.mkdir(parents=True)
    piece = record.spool / ("0" * 23 + "1")
    piece.touch()
    assert states(list(checks.archive(kept))) == [GOOD]
    os.utime(piece, (0, 0))
    assert states(list(checks.archive(kept))) == [BAD]
    assert states(list(checks.archive(with_(kept, database_url="postgresql://elsewhere")))) == []


def changed(head: Head) -> Head:
    return replace(head, hash=b"another")


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (lambda head: head, GOOD),
        (lambda head: replace(head, seq=9), GOOD),
        (lambda head: replace(head, seq=7), BAD),
        (changed, BAD),
    ],
    ids=["same", "longer", "shorter", "another"],
)
def test_chains(settings: Settings, change: Callable[[Head], Head], state: str) -> None:
    head = Head("a", 8, b"hash", datetime.now(UTC))
    assert states(list(checks.chains([head], settings))) == [GOOD]  # nothing was written down yet
    (settings.state / ANCHORS).write_bytes(orjson.dumps(anchor_line(head)) + b"\n")
    assert states(list(checks.chains([change(head)], settings))) == [state]
    assert states(list(checks.chains([], settings))) == [BAD]
    (settings.state / ANCHORS).write_text("no anchor\n")
    assert states(list(checks.chains([head], settings))) == [BAD]


def test_what_leads_outside(settings: Settings) -> None:
    assert checks.outside(settings, []).state == GOOD
    base = BaseMapSettings(url="https://tiles.example/{z}/{x}/{y}.png")
    found = checks.outside(with_(settings, base_map=base, navigation_links=("amap",)), [])
    assert found.state == NOTE
    assert "https://tiles.example" in found.detail
