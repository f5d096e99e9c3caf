"""What ``weiwang doctor`` looks at besides the database's versions: files, keys, queues, what leads outside, the way back."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from api.cli.frame import language, words
from gis.errors import SetupError, WeiwangError
from gis.flows.audit.chaining import ANCHORS
from gis.flows.audit.verifying import read_anchors
from gis.intake.licence_plates import plate_reader
from gis.settings import Settings
from gis.store.audit import Head
from gis.store.backups import BackupFolder
from gis.store.backups.moments import SEGMENT
from gis.store.backups.record import last_backup
from gis.store.cluster import PrivateCluster
from gis.store.deliveries import DeliveryState
from gis.store.photo_bucket import PhotoBucket
from gis.store.pulse import Pulse
from gis.store.room import room_of, tried
from gis.store.sealing_keys import NAME as KEYS
from gis.store.sealing_keys import keys_in
from web.i18n import N_
from web.messages import error_sentence

GOOD, NOTE, BAD = "ok", "note", "bad"
GIGABYTE = 1e9
ARCHIVE_AGE = timedelta(minutes=5)
OPEN_TO_OTHERS = 0o077


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    state: str
    detail: str


def disks(settings: Settings) -> Iterator[Finding]:
    """Look at the room that is left, and whether photos can be written."""
    least = settings.watch.free_gb * GIGABYTE
    for folder in dict.fromkeys((settings.state, settings.photo_folder)):
        free = room_of(folder).free
        text = words("{path}：剩余 {free} GB", path=folder.resolve(), free=round(free / GIGABYTE, 1))
        yield Finding(N_("磁盘"), GOOD if free >= least else BAD, text)
    if settings.bucket.name:
        yield _bucket(settings)
    elif settings.state.exists():
        trouble = tried(settings.photo_folder).trouble
        text = words("写不进 {path}：{reason}", path=settings.photo_folder, reason=trouble)
        yield Finding(
            N_("照片"), BAD if trouble else GOOD, text if trouble else str(settings.photo_folder.resolve())
        )


def plates(settings: Settings) -> Iterator[Finding]:
    """Try the model that licence plates are blurred by, where there is one."""
    if model := settings.photo.plate_model:
        try:
            plate_reader(model)
        except SetupError as error:
            text = error_sentence(language(), error.code, error.values, fallback=error.detail)
            yield Finding(N_("车牌模型"), BAD, text)
        else:
            yield Finding(N_("车牌模型"), GOOD, str(model))


def _bucket(settings: Settings) -> Finding:
    """Ask the bucket of photos for something, with our keys."""
    try:
        asyncio.run(PhotoBucket(settings.bucket).look())
    except WeiwangError as error:
        text = words("存储桶 {name} 不能使用：{reason}", name=settings.bucket.name, reason=error.detail)
        return Finding(N_("照片"), BAD, text)
    return Finding(N_("照片"), GOOD, words("存储桶 {name}", name=settings.bucket.name))


def keys(settings: Settings) -> Iterator[Finding]:
    """Look at the keys that seal what is written of residents: whether they can be read, and by nobody else."""
    if settings.identity.keys:
        yield Finding(N_("密钥"), GOOD, words("由设置给出 {n} 把", n=len(settings.identity.keys)))
        return
    path = settings.state / KEYS
    if not path.exists():
        yield Finding(N_("密钥"), NOTE, words("还没有：第一次写居民信息时生成 {path}", path=path))
        return
    if path.stat().st_mode & OPEN_TO_OTHERS:
        yield Finding(N_("密钥"), BAD, words("别的用户可以读 {path}：chmod 600", path=path))
        return
    try:
        yield Finding(N_("密钥"), GOOD, words("{n} 把，{path}", n=len(keys_in(settings.state)), path=path))
    except WeiwangError as error:
        yield Finding(N_("密钥"), BAD, error.detail)


def queues(found: Pulse, settings: Settings) -> Iterator[Finding]:
    """Look at what waits: jobs and offers past their time."""
    behind = found.jobs.late_s > settings.watch.jobs_late_s
    text = words(
        "{waiting} 个等待，{late} 个到期未办，最久 {n} 秒",
        waiting=found.jobs.count,
        late=found.jobs.late,
        n=round(found.jobs.late_s),
    )
    yield Finding(N_("后台任务"), NOTE if behind else GOOD, text)
    late = sum(one.answer_late + one.resolve_late for one in found.cases)
    total = sum(one.count for one in found.cases)
    text = words("{n} 件未办结，{late} 项已超时限", n=total, late=late)
    yield Finding(N_("案件"), GOOD, text)


def chains(ends: Sequence[Head], settings: Settings) -> Iterator[Finding]:
    """Look at whether no chain of the audit log ends before what was written down of it; ``weiwang audit verify`` looks at every link."""
    path = settings.state / ANCHORS
    try:
        anchors = read_anchors(path) if path.exists() else []
    except WeiwangError as error:
        yield Finding(N_("审计链"), BAD, error.detail)
        return
    there = {one.community_id: one for one in ends}
    known = {one.community_id: one for one in anchors}  # the latest of each
    for name, anchor in known.items():
        end = there.get(name)
        if end is None or end.seq < anchor.seq or (end.seq == anchor.seq and end.hash != anchor.hash):
            text = words("{name}：与 {path} 记下的不符，运行 weiwang audit verify", name=name, path=path)
            yield Finding(N_("审计链"), BAD, text)
            return
    text = words("共 {n} 环，{m} 处记在 {path}", n=sum(one.seq for one in ends), m=len(anchors), path=path)
    yield Finding(N_("审计链"), GOOD, text)


def outside(settings: Settings, robots: list[DeliveryState]) -> Finding:
    """Tell what leads outside: nothing does unless somebody has set it."""
    told = [words("地图瓦片 {url}", url=origin) for origin in settings.base_map.origins]
    told += [words("群机器人 {name}", name=one.name) for one in robots if one.enabled]
    told += [words("导航按钮 {name}", name=name) for name in settings.navigation_links]
    return Finding(N_("对外请求"), NOTE if told else GOOD, ", ".join(told) or words("没有"))


def backup(settings: Settings) -> Iterator[Finding]:
    """Tell when the last backup was made and whether it is still there; a note when that is long ago, or never."""
    last = last_backup(settings.state)
    if last is None:
        yield Finding(N_("备份"), NOTE, words("还没有做过：weiwang backup 文件夹"))
        return
    age = datetime.now(UTC) - last.at
    text = words("{days} 天前，{path}", days=age.days, path=last.folder)
    if not last.sealed:
        text = f"{text} ({words('没有加密')})"
    state = GOOD if age <= timedelta(days=settings.watch.backup_days) else NOTE
    if not BackupFolder(Path(last.folder)).names():
        gone = words("那里已经没有备份")
        text, state = f"{text}: {gone}", BAD
    yield Finding(N_("备份"), state, text)


def archive(settings: Settings) -> Iterator[Finding]:
    """Tell whether every change is kept, and whether what was written down reaches the backup disk."""
    folder = settings.archive.folder
    if settings.database_url or folder is None:
        return
    copies = BackupFolder(folder / "moments").names()
    if not copies:
        text = words("还没有数据库文件副本：weiwang backup {path}", path=folder)
        yield Finding(N_("变更存档"), NOTE, text)
        return
    now = datetime.now(UTC).timestamp()
    spool = PrivateCluster(settings.state).spool
    ages = [now - path.stat().st_mtime for path in spool.glob("0*") if SEGMENT.fullmatch(path.name)]
    stuck = max(ages, default=0.0) > ARCHIVE_AGE.total_seconds()
    text = words("{n} 段等待存到 {path}", n=len(ages), path=folder)
    yield Finding(N_("变更存档"), BAD if stuck else GOOD, text)
