"""Invented names: common surnames with common given names, drawn by a seed, of nobody in particular."""

from __future__ import annotations

import random
from collections.abc import Iterator

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
)
FIRST = "建国志文明春秀丽海玉桂红晓永立家俊雅思雨欣梦佳嘉子浩宇泽一诗慧静晨亚德宝金福兴长庆忠"
SECOND = "军华平强伟芳英兰梅霞玲敏娟勇杰涛斌辉鹏飞宁波峰磊洋艳婷颖琳雪阳光明亮东林山江河民生成"


def invented_names(seed: int) -> Iterator[str]:
    """Yield names without end, none twice.

    Parameters
    ----------
    seed
        The same seed yields the same names.
    """
    choose = random.Random(seed)  # noqa: S311 - not a secret
    given: set[str] = set()
    while True:
        first = choose.choice(FIRST) if choose.random() < 0.7 else ""  # noqa: PLR2004 - most names have three characters
        name = choose.choice(SURNAMES) + first + choose.choice(SECOND)
        if name not in given:
            given.add(name)
            yield name
