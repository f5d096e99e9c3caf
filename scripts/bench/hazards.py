"""Drawn hazards and the reports that people make of them, with the truth: for fitting and judging duplicates.

Nothing here is taken from the scoring. Phones err in ways that their stated accuracy doesn't tell: a bias towards the
middle of the street that all who stand there share, a scale that is stated too small or too large, outliers. People mark
the spot by hand, stand away from the thing, use ready words or none, name another category; some hazards have a twin of
the same kind a few metres on, seen at the same time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

SIDE_M = 600.0
STREETS_M = np.array([60.0, 180.0, 300.0, 420.0, 540.0])
HASH_BITS = 64

# category: share of hazards, further reports of one on average, hours until mended (median), what it may be taken for
KINDS: dict[str, tuple[float, float, float, str | None]] = {
    "road_damage": (0.16, 1.2, 14.0, "manhole"),
    "street_lamp": (0.14, 0.8, 20.0, None),
    "water_leak": (0.10, 1.8, 3.0, "sewer"),
    "sewer": (0.12, 1.3, 20.0, "water_leak"),
    "power_cut": (0.06, 3.0, 3.0, None),
    "rubbish": (0.16, 0.7, 10.0, None),
    "illegal_parking": (0.12, 0.6, 4.0, "blocked_exit"),
    "manhole": (0.06, 1.6, 4.0, "road_damage"),
    "tree": (0.05, 1.0, 10.0, None),
    "fire_equipment": (0.03, 0.3, 24.0, None),
}
SUBJECTS: dict[
    str, tuple[tuple[str, ...], ...]
] = {  # a hazard is of one row; its reporters choose among the row's words
    "road_damage": (
        ("路面塌了个坑", "路塌陷", "马路中间有大坑"),
        ("地砖松动", "人行道砖翘起来", "步道砖松了"),
        ("路面积水坑洼", "坑洼积水", "路不平有积水"),
    ),
    "street_lamp": (
        ("路灯不亮", "路灯坏了", "灯灭了"),
        ("路灯一直闪", "灯忽明忽暗", "路灯闪烁"),
        ("灯杆歪了", "路灯杆倾斜", "灯杆要倒"),
    ),
    "water_leak": (
        ("水管爆了", "自来水管爆裂", "水管炸了在喷水"),
        ("地面冒水", "路边往外冒水", "地上渗水"),
        ("楼上漏水", "天花板滴水", "顶棚漏水"),
    ),
    "sewer": (
        ("下水堵了", "下水道堵塞", "管道不通返水"),
        ("污水外溢", "井里往外冒脏水", "污水流一地"),
        ("臭味很大", "下水味道难闻", "返臭味"),
    ),
    "power_cut": (("停电了", "没电了", "整栋楼停电"), ("电闸跳了", "单元没电", "楼道没电")),
    "rubbish": (
        ("垃圾没人收", "垃圾满了", "垃圾桶溢出来"),
        ("建筑垃圾乱倒", "装修垃圾堆着", "渣土没清"),
        ("旧沙发扔在这", "大件家具没人管", "床垫丢路边"),
    ),
    "illegal_parking": (
        ("占消防通道", "车堵消防通道", "消防通道停车"),
        ("堵住出入口", "车挡门口", "大门被车堵了"),
        ("停在人行道上", "车占便道", "盲道停车"),
    ),
    "manhole": (
        ("井盖没了", "井盖丢了", "没有井盖危险"),
        ("井盖松动响", "井盖咣当响", "井盖不平"),
        ("井盖破了", "井盖裂开", "井盖碎了"),
    ),
    "tree": (
        ("树枝断了", "大树枝掉下来", "断枝挂在线上"),
        ("树倒了", "大树倒了拦路", "树歪了压车"),
    ),
    "fire_equipment": (
        ("灭火器没了", "灭火器丢失", "灭火箱空的"),
        ("消火栓坏了", "消防栓漏水", "消火栓打不开"),
    ),
}
READY: dict[str, tuple[str, ...]] = {kind: tuple(row[0] for row in rows) for kind, rows in SUBJECTS.items()}
MARKS = (
    "超市门口",
    "幼儿园旁边",
    "早餐铺对面",
    "公交站后面",
    "车棚边上",
    "小广场",
    "理发店门前",
    "快递柜旁",
    "药店拐角",
    "锅炉房后身",
)
MORE = (
    "晚上看不清",
    "请尽快处理",
    "好几天了",
    "老人差点摔倒",
    "快来人",
    "影响出行",
    "孩子上学路过危险",
    "麻烦看看",
)


@dataclass(frozen=True, slots=True)
class World:
    """How people and phones behave.

    Parameters
    ----------
    hazards_per_day, days
        How much happens.
    scale_m, spread
        Error of a phone: median and spread of its logarithm.
    misstated
        Spread of the logarithm of stated over true accuracy.
    bias_m
        Error shared by all who stand in the same street.
    outliers, pinned, photos, twins
        Shares: of fixes far off, of spots marked by hand, of reports with a photo, of hazards with a twin.
    stand_off_m
        How far from the thing people stand, mean.
    """

    hazards_per_day: float = 30.0
    days: int = 60
    scale_m: float = 5.0
    spread: float = 0.5
    misstated: float = 0.4
    bias_m: float = 3.0
    outliers: float = 0.04
    pinned: float = 0.35
    photos: float = 0.8
    forwarded: float = 0.05
    twins: float = 0.10
    stand_off_m: float = 3.5
    other_kind: float = 0.05


@dataclass(frozen=True, slots=True)
class Told:
    """One report, with the hazard that it is truly about."""

    hazard: int
    at_h: float
    kind: str
    x: float
    y: float
    accuracy_m: float | None
    source: str
    words: str
    photo: int | None


@dataclass(frozen=True, slots=True)
class Hazard:
    """One thing, from when it can be seen until it is mended."""

    number: int
    kind: str
    x: float
    y: float
    subject: int
    mark: str
    from_h: float
    to_h: float


@dataclass
class History:
    """What happened in a drawn community."""

    hazards: list[Hazard] = field(default_factory=list)
    reports: list[Told] = field(default_factory=list)


def draw(world: World, seed: int) -> History:
    """Return a history: reports in the order of time.

    Parameters
    ----------
    world, seed
        How people behave, and chance.
    """
    random = np.random.default_rng(seed)
    history = History()
    for _ in range(int(world.hazards_per_day * world.days)):
        first = _hazard(world, random, len(history.hazards))
        history.hazards.append(first)
        if _happens(random, world.twins):
            history.hazards.append(_twin(random, first, len(history.hazards)))
    for hazard in history.hazards:
        history.reports += _reports(world, random, hazard)
    history.reports.sort(key=lambda one: one.at_h)
    return history


def _hazard(world: World, random: np.random.Generator, number: int) -> Hazard:
    codes = list(KINDS)
    shares = np.array([KINDS[code][0] for code in codes])
    kind = codes[int(random.choice(len(codes), p=shares / shares.sum()))]
    along, across = random.uniform(0, SIDE_M), random.choice(STREETS_M) + random.normal(0, 9.0)
    x, y = (along, across) if _happens(random, 0.5) else (across, along)
    begun = random.uniform(0, world.days * 24.0)
    lasts = KINDS[kind][2] * random.lognormal(0.0, 0.8)
    subject = int(random.integers(len(SUBJECTS[kind])))
    return Hazard(number, kind, float(x), float(y), subject, str(random.choice(MARKS)), begun, begun + lasts)


def _twin(random: np.random.Generator, of: Hazard, number: int) -> Hazard:
    angle, away = random.uniform(0, 2 * math.pi), random.uniform(10.0, 45.0)
    begun = of.from_h + random.exponential(2.0)
    subject = of.subject if _happens(random, 0.5) else int(random.integers(len(SUBJECTS[of.kind])))
    return Hazard(
        number,
        of.kind,
        of.x + away * math.cos(angle),
        of.y + away * math.sin(angle),
        subject,
        of.mark if _happens(random, 0.5) else str(random.choice(MARKS)),
        begun,
        begun + (of.to_h - of.from_h) * random.lognormal(0.0, 0.3),
    )


def _reports(world: World, random: np.random.Generator, hazard: Hazard) -> list[Told]:
    mean = KINDS[hazard.kind][1]
    count = 1 + int(random.poisson(random.gamma(1.2, mean / 1.2)))
    times = np.sort(random.beta(1.0, 2.0, count)) * (hazard.to_h - hazard.from_h) + hazard.from_h
    bias = random.normal(
        0.0, world.bias_m, 2
    )  # those who stand in the same street have the same sky above them
    sent: list[int] = []
    found = []
    for at_h in times:
        x, y, accuracy_m, source = _fix(world, random, hazard, bias)
        kind = KINDS[hazard.kind][3] if _happens(random, world.other_kind) else None
        photo = _photo(world, random, sent)
        words = _words(random, hazard)
        found.append(
            Told(hazard.number, float(at_h), kind or hazard.kind, x, y, accuracy_m, source, words, photo)
        )
    return found


def _fix(
    world: World, random: np.random.Generator, hazard: Hazard, bias: np.ndarray
) -> tuple[float, float, float | None, str]:
    if _happens(random, world.pinned):
        off = random.normal(0.0, 3.0, 2) if _happens(random, 0.9) else random.normal(0.0, 12.0, 2)
        return hazard.x + off[0], hazard.y + off[1], None, "pin"
    scale = world.scale_m * random.lognormal(0.0, world.spread)
    stated = scale * 1.5 * random.lognormal(0.0, world.misstated)
    if _happens(random, world.outliers):
        scale *= random.uniform(3.0, 7.0)
    angle, away = random.uniform(0, 2 * math.pi), random.gamma(2.0, world.stand_off_m / 2.0)
    off = bias + random.normal(0.0, scale, 2) + away * np.array([math.cos(angle), math.sin(angle)])
    return hazard.x + off[0], hazard.y + off[1], float(max(3.0, stated)), "gnss"


def _photo(world: World, random: np.random.Generator, sent: list[int]) -> int | None:
    """Return a perceptual hash: of a photo of one's own, or of one that was passed on and compressed again."""
    if not _happens(random, world.photos):
        return None
    if sent and _happens(random, world.forwarded):
        found = sent[int(random.integers(len(sent)))]
        for bit in random.integers(0, HASH_BITS, int(random.poisson(2.0))):
            found ^= 1 << int(bit)
        return found
    bits = random.permutation(np.arange(HASH_BITS))[: HASH_BITS // 2]  # the median halves them
    found = sum(1 << int(bit) for bit in bits)
    sent.append(found)
    return found


def _happens(random: np.random.Generator, chance: float) -> bool:
    return bool(random.random() < chance)


def _words(random: np.random.Generator, hazard: Hazard) -> str:
    own = SUBJECTS[hazard.kind][hazard.subject]
    if _happens(random, 0.2):
        return ""
    if _happens(random, 0.3):
        return own[0]  # the ready words of the page
    parts = [str(random.choice(own))]
    if _happens(random, 0.45):
        parts.insert(0, hazard.mark if _happens(random, 0.85) else str(random.choice(MARKS)))
    if _happens(random, 0.35):
        parts.append(str(random.choice(MORE)))
    return "，".join(parts)
