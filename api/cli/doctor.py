"""``weiwang doctor``: what is there, what is missing, and what to do about it."""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer
from pydantic import BaseModel

from api.cli.checks import (
    BAD,
    GOOD,
    NOTE,
    Finding,
    archive,
    backup,
    chains,
    disks,
    keys,
    outside,
    plates,
    queues,
)
from api.cli.frame import JsonOption, StateOption, database_url, out, settings_for, show_json, words
from gis.cases.holidays import announced
from gis.errors import WeiwangError
from gis.settings import Settings
from gis.store.audit import Head, heads
from gis.store.deliveries import DeliveryState, delivery_states
from gis.store.pulse import Pulse, pulse
from gis.store.session import Database
from gis.views.boards import DatabaseState, database_state, newest_migration
from web.assets import STATIC_FOLDER
from web.i18n import N_

MARKS = {GOOD: "✓", NOTE: "!", BAD: "✗"}
CLOCK_S = 2.0
LOOK_BACK = timedelta(days=7)
HOLIDAYS_AHEAD = timedelta(days=31)
CHINA_TIME = "Asia/Shanghai"
OLDEST_POSTGIS = (3, 0)


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command("doctor")(doctor)


def doctor(*, state: StateOption = None, as_json: JsonOption = False) -> int:
    """Look at disks, database, tables, clock, jobs, keys, backups, what leads outside, fonts, assets and HTTPS.

    Exit 0 where all is well or only worth a note, 1 where something is wrong. Nothing is changed.
    """
    settings = settings_for(state)
    findings = list(_look(settings))
    if as_json:
        show_json({"findings": [asdict(one) for one in findings], "settings": _settings(settings)})
    else:
        for one in findings:
            out.print(f"{MARKS[one.state]} {words(one.name):<12} {one.detail}")
    return 1 if any(one.state == BAD for one in findings) else 0


def _settings(settings: Settings) -> dict[str, object]:
    return _shown(settings) | {"database_url": "(set)" if settings.database_url else ""}


def _shown(group: BaseModel) -> dict[str, object]:
    """Return settings as they may be read by anybody: of secrets only whether they are set."""
    plain = group.model_dump(mode="json")
    for name, field in type(group).model_fields.items():
        value = getattr(group, name)
        if isinstance(value, BaseModel):
            plain[name] = _shown(value)
        elif not field.repr:
            plain[name] = "(set)" if value else ""
    return plain


def _look(settings: Settings) -> Iterator[Finding]:
    yield from disks(settings)
    yield from plates(settings)
    robots: list[DeliveryState] = []
    yield from _database(settings, robots)
    if _has_database(settings):
        yield from keys(settings)
        yield from backup(settings)
        yield from archive(settings)
    yield outside(settings, robots)
    yield _zone()
    yield _holidays()
    yield _fonts()
    yield _assets(STATIC_FOLDER / "vendor")
    yield _secure(settings)


def _has_database(settings: Settings) -> bool:
    return bool(settings.database_url) or (settings.state / "cluster.json").exists()


def _database(settings: Settings, robots: list[DeliveryState]) -> Iterator[Finding]:
    """Look at everything that the database tells; the robots that it knows are added to a list."""
    name = N_("数据库")
    if not _has_database(settings):
        yield Finding(name, NOTE, words("还没有建立，weiwang serve 会建立它"))
        return
    try:
        with database_url(settings) as url:
            state, work, known, ends = asyncio.run(_ask(url))
    except WeiwangError as error:
        yield Finding(name, BAD, error.detail)
        return
    yield Finding(name, GOOD, f"PostgreSQL {state.postgresql}")
    yield _postgis(state)
    yield _tables(state.migration)
    apart = abs((state.now - datetime.now(UTC)).total_seconds())
    text = words("与数据库相差 {n} 秒", n=round(apart, 1))
    yield Finding(N_("时钟"), GOOD if apart <= CLOCK_S else BAD, text)
    if work is not None:
        yield from queues(work, settings)
        yield from chains(ends, settings)
    robots += known
    yield from _robots(robots)


def _tables(there: str) -> Finding:
    if not there:
        return Finding(N_("数据库版本"), NOTE, words("还没有表"))
    if there < newest_migration():
        text = words("{there}，应为 {wanted}：weiwang db upgrade", there=there, wanted=newest_migration())
        return Finding(N_("数据库版本"), NOTE, text)
    if there > newest_migration():
        text = words("{there}，比这个版本（{wanted}）新", there=there, wanted=newest_migration())
        return Finding(N_("数据库版本"), NOTE, text)
    return Finding(N_("数据库版本"), GOOD, there)


def _zone() -> Finding:
    """Look at whether the machine knows the time zone that offices keep their hours in."""
    try:
        shown = datetime.now(ZoneInfo(CHINA_TIME)).strftime("%Y-%m-%d %H:%M %Z")
    except ZoneInfoNotFoundError:
        return Finding(N_("时区"), BAD, words("缺少时区数据：apt-get install tzdata"))
    return Finding(N_("时区"), GOOD, shown)


async def _ask(url: str) -> tuple[DatabaseState, Pulse | None, list[DeliveryState], list[Head]]:
    database = Database(url, pool_size=1)
    try:
        async with database.read() as session:
            state = await database_state(session)
            if state.migration != newest_migration():
                return state, None, [], []
            now = datetime.now(UTC)
            robots = await delivery_states(session, now - LOOK_BACK)
            return state, await pulse(session, now), robots, await heads(session)
    finally:
        await database.close()


def _holidays() -> Finding:
    """Tell whether the public holidays of this year and of the next weeks are known."""
    today = datetime.now(UTC).astimezone(ZoneInfo(CHINA_TIME)).date()
    ahead = today + HOLIDAYS_AHEAD
    missing = [year for year in sorted({today.year, ahead.year}) if not announced(CHINA_TIME, year)]
    if not missing:
        return Finding(N_("放假安排"), GOOD, words("到 {day} 都知道", day=ahead))
    text = words("{year} 年的放假安排还没有公布，只按周末计算", year=missing[0])
    return Finding(N_("放假安排"), NOTE, f"{text}: weiwang calendar --import")


def _robots(robots: list[DeliveryState]) -> Iterator[Finding]:
    """Tell of messages to chat groups that were given up, and of those that have waited."""
    for one in robots:
        missed = one.failed + one.unknown
        if not (one.enabled or missed):
            continue
        text = words(
            "{name}：一周内 {missed} 条没有送达，{waiting} 条待发",
            name=one.name,
            missed=missed,
            waiting=one.waiting,
        )
        yield Finding(N_("群机器人"), NOTE if missed else GOOD, f"{text} {one.error}".rstrip())


def _postgis(state: DatabaseState) -> Finding:
    if not state.postgis:
        return Finding("PostGIS", BAD, words("没有安装到这个数据库：CREATE EXTENSION postgis"))
    numbers = tuple(int(part) for part in state.postgis.split(".")[:2])
    return Finding("PostGIS", GOOD if numbers >= OLDEST_POSTGIS else BAD, state.postgis)


def _fonts() -> Finding:
    program = shutil.which("fc-list")
    if program is None:
        return Finding(N_("字体"), NOTE, words("没有 fc-list，无法查看；只影响在本机上看页面"))
    found = subprocess.run(
        [program, ":lang=zh", "family"], capture_output=True, text=True, check=False
    ).stdout
    count = len(set(found.splitlines()))
    text = words("{n} 种中文字体", n=count) if count else words("没有中文字体；只影响在本机上看页面")
    return Finding(N_("字体"), GOOD if count else NOTE, text)


def _assets(folder: Path) -> Finding:
    manifest = folder / "manifest.json"
    if not manifest.is_file():
        return Finding(N_("页面资源"), BAD, words("缺少：运行 scripts/install_assets.py"))
    files = json.loads(manifest.read_text())["files"]
    wrong = [name for name, digest in files.items() if _digest(folder / name) != digest]
    if wrong:
        return Finding(N_("页面资源"), BAD, words("与清单不符：{names}", names=", ".join(sorted(wrong)[:5])))
    return Finding(N_("页面资源"), GOOD, words("{n} 个文件与清单一致", n=len(files)))


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _secure(settings: Settings) -> Finding:
    try:
        loopback = settings.host == "localhost" or ip_address(settings.host).is_loopback
    except ValueError:
        loopback = False
    if loopback or settings.secure_cookies:
        return Finding(N_("安全来源"), GOOD, settings.host)
    text = words("手机定位和拍照需要 HTTPS：请放在 HTTPS 之后并设置 WEIWANG_SECURE_COOKIES=1")
    return Finding(N_("安全来源"), NOTE, text)
