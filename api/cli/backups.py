"""``weiwang backup`` and ``weiwang restore``: copies of everything, checked, sealed if asked, and how one begins again from them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from api.cli.community import shown_progress
from api.cli.frame import JsonOption, StateOption, database_url, out, settings_for, show_json, words
from gis.errors import InvalidInputError, NotFoundError, SetupError
from gis.flows.backup import Made, Say, Source, check_backup, make_backup
from gis.flows.moments import Target, copy_files, restore_until
from gis.flows.restore import Restored, check_restorable, restore_backup
from gis.sealing import Key, fresh_key, parse_keys
from gis.settings import Settings
from gis.store.backups import BackupFolder
from gis.store.backups.moments import Moments
from gis.store.backups.record import LastBackup, remember_backup
from gis.store.cluster import PrivateCluster
from gis.store.cluster_host import find_programs
from gis.store.photo_files import photo_files_of
from web.i18n import N_

Done = TypeVar("Done")
STEPS = {
    "database": N_("数据库"),
    "photos": N_("照片"),
    "checking": N_("核对"),
}
FolderArgument = Annotated[
    Path, typer.Argument(help="Folder of the backups: another disk, or a share of another machine.")
]
KeyOption = Annotated[
    Path | None,
    typer.Option("--key", help="File of the key that seals the backup, from `weiwang backup-key`."),
]
MB = 1_000_000


def add_to(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("backup")(backup)
    app.command("backup-key")(backup_key)
    app.command("restore")(restore)


def backup(
    folder: FolderArgument,
    *,
    key: KeyOption = None,
    keep: Annotated[int, typer.Option(min=0, help="Keep so many backups, with this one; 0 keeps all.")] = 0,
    photos: Annotated[
        bool,
        typer.Option(help="Copy photos too; not where a bucket is looked after by itself."),
    ] = True,
    check: Annotated[
        bool, typer.Option("--check", help="Make none, but look whether the newest is what was stored.")
    ] = False,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> int:
    """Copy database and photos to a folder; what is there already isn't copied again. The service may go on."""
    settings = settings_for(state)
    backups = BackupFolder(folder.expanduser(), key_of(key))
    if check:
        return _checked(backups, as_json=as_json)
    with database_url(settings) as url:
        made = _with_progress(
            lambda say: make_backup(backups, _source(settings, url), keep=keep, with_photos=photos, say=say)
        )
        copied = _copy_files(settings, backups)
    now = datetime.now(UTC).isoformat()
    remember_backup(settings.state, LastBackup(now, str(backups.folder.resolve()), backups.key is not None))
    if as_json:
        show_json(asdict(made) | {"copied_files": copied})
    else:
        _tell(made, settings)
        if copied:
            out.print(words("也复制了数据库文件：从现在起可以恢复到任何一刻。"))
    return 0


def _copy_files(settings: Settings, backups: BackupFolder) -> bool:
    """Renew the copy of the database's files where every change is kept, unless it is young; tell whether it was renewed."""
    if settings.database_url or not PrivateCluster(settings.state).is_archiving:
        return False
    age = timedelta(days=settings.archive.copy_days)
    return copy_files(Moments(backups.folder, backups.key), PrivateCluster(settings.state), older_than=age)


def _tell(made: Made, settings: Settings) -> None:
    out.print(
        words(
            "已备份 {name}：{files} 个文件 {mb} MB，其中新的 {new} 个 {new_mb} MB。",
            name=made.name,
            files=made.files,
            mb=round(made.bytes / MB, 1),
            new=made.new_files,
            new_mb=round(made.new_bytes / MB, 1),
        )
    )
    if not made.with_keys and not settings.identity.keys:
        path = settings.state / "identity.keys"
        if path.is_file():
            out.print(words("备份没有加密，所以不含 {path}：请另外保存它，否则居民信息无法读出。", path=path))


def backup_key(
    path: Annotated[Path, typer.Argument(help="The file to make; nothing that exists is overwritten.")],
) -> None:
    """Make a key that seals backups. Keep a copy of it elsewhere: without it they can't be opened."""
    try:
        with open(
            path, "x", encoding="ascii", opener=lambda name, flags: os.open(name, flags, 0o600)
        ) as file:
            file.write(f"{fresh_key().text}\n")
    except OSError as error:
        raise SetupError(
            f"{path}: {error.strerror}", code="backup_folder_unusable", path=str(path)
        ) from error
    out.print(words("已生成 {path}：请在别处保存一份，没有它备份打不开。", path=path))


def restore(
    folder: FolderArgument,
    name: Annotated[
        str | None, typer.Argument(help="Which backup, by its name; without it the newest.")
    ] = None,
    *,
    key: KeyOption = None,
    until: Annotated[
        datetime | None,
        typer.Option(
            formats=["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S"],
            help="Bring back everything up to this moment, 2026-06-01T14:30:00+08:00, where every change is kept.",
        ),
    ] = None,
    state: StateOption = None,
    as_json: JsonOption = False,
) -> None:
    """Begin again from a backup, on a blank machine: an empty state folder, or an empty DATABASE_URL.

    Everything is checked before anything is written. Everybody signs in again afterwards.
    """
    settings = settings_for(state)
    backups = BackupFolder(folder.expanduser(), key_of(key))
    if until is not None:
        _show_restored(_restored_until(backups, until, settings), settings, as_json=as_json)
        return
    manifest = _with_progress(lambda say: check_restorable(backups, name, say=say))
    with database_url(settings) as url:
        found = _with_progress(lambda say: restore_backup(backups, manifest, _source(settings, url), say=say))
    _show_restored(found, settings, as_json=as_json)


def _restored_until(backups: BackupFolder, until: datetime, settings: Settings) -> Restored:
    """Bring a moment back; one without a zone is meant as the machine's clock shows it."""
    if settings.database_url:
        raise InvalidInputError("--until is for the private database", code="moment_not_private")
    target = Target(settings.state, photo_files_of(settings))
    try:
        moment = until.astimezone(UTC)
    except (OverflowError, ValueError):  # the first or the last day that there is
        raise NotFoundError("no copy is as old as that", code="moment_not_covered", at=str(until)) from None
    return _with_progress(lambda say: restore_until(backups.folder, backups.key, moment, target, say=say))


def _show_restored(found: Restored, settings: Settings, *, as_json: bool) -> None:
    if as_json:
        show_json(asdict(found))
    else:
        _tell_restored(found, settings)


def _tell_restored(found: Restored, settings: Settings) -> None:
    out.print(
        words(
            "已恢复到 {at}：{rows} 行，{files} 个文件。",
            at=found.made_at,
            rows=found.rows,
            files=found.files,
        )
    )
    if found.missing_photos:
        out.print(words("有 {n} 张照片不在备份里：备份时已被删除。", n=found.missing_photos))
    if found.wants_keys and not settings.identity.keys:
        path = settings.state / "identity.keys"
        out.print(words("备份不含密钥：请把另外保存的密钥放到 {path}，再启动服务。", path=path))


def _checked(backups: BackupFolder, *, as_json: bool) -> int:
    wrong = _with_progress(lambda say: check_backup(backups, say=say))
    if as_json:
        show_json({"name": backups.names()[-1], "damaged": wrong})
    elif wrong:
        out.print(words("{n} 个文件损坏或丢失：{names}", n=len(wrong), names=", ".join(wrong[:5])))
    else:
        out.print(words("备份 {name} 完好。", name=backups.names()[-1]))
    return 1 if wrong else 0


def key_of(path: Path | None) -> Key | None:
    """Return the key of a file, None where none is named."""
    if path is None:
        return None
    try:
        found = parse_keys(path.read_text("ascii").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{path}: {error}", code="sealing_key_unreadable") from error
    if not found:
        raise InvalidInputError(f"{path} holds no key", code="sealing_key_invalid", bytes=32)
    return found[0]


def _source(settings: Settings, url: str) -> Source:
    own = not settings.database_url
    programs = PrivateCluster(settings.state).programs() if own else find_programs()
    return Source(url, programs, settings.state, photo_files_of(settings))


def _with_progress(run: Callable[[Say], Done]) -> Done:
    with shown_progress() as progress:
        task = progress.add_task("", total=1.0)

        def say(step: str, done: float) -> None:
            progress.update(task, completed=done, description=words(STEPS[step]))

        return run(say)
