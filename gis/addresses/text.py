"""Texts as they are compared: one width, one case, one sort of dash, Arabic figures; by sound and by first letters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from gis.sounds import syllables

LONGEST_SOUND = 64
"""Letters; nobody's address is longer, and turning texts into sounds takes time."""
_DASHES = re.compile(r"[‐-―−~～﹘﹣－·.、]|(?<=\d)之(?=\d)")
_BETWEEN_FIGURES = re.compile(r"(?<=\d)[\s,，/_]+(?=\d)")
_NOISE = re.compile(r"[^\w#-]|_")
_NUMERAL = re.compile(r"[〇零一二三四五六七八九十百两]+(?=号|號|栋|幢|座|楼|层|单元|门|室|院|弄)")
_FIGURES = {figure: value for value, figure in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}


def tidy(text: str) -> str:
    """Return a text in one width and case without spaces and marks; figures that stand apart are joined by dashes."""
    plain = unicodedata.normalize("NFKC", text).lower().replace("號", "号").replace("#", "号")
    plain = _BETWEEN_FIGURES.sub("-", _DASHES.sub("-", plain))
    plain = _NUMERAL.sub(lambda found: _figure(found[0]), _NOISE.sub("", plain))
    return re.sub(r"-+", "-", re.sub(r"(?<!\d)-|-(?!\d)", "", plain))


def bare(text: str) -> str:
    """Return a tidy text without 号: 46号 and 46 are one number, 6号院 and 6院 one courtyard."""
    return tidy(text).replace("号", "")


def _figure(numeral: str) -> str:
    """Return a Chinese numeral in figures: 四十六 and 四六 are 46."""
    if "十" not in numeral and "百" not in numeral:
        return "".join(str(_FIGURES[letter]) for letter in numeral)
    total = digit = 0
    for letter in numeral:
        if letter in "十百":
            total += (digit or 1) * (10 if letter == "十" else 100)
            digit = 0
        else:
            digit = _FIGURES[letter]
    return str(total + digit)


def is_latin(text: str) -> bool:
    """Tell whether a text has no Chinese letters."""
    return not any("\u4e00" <= letter <= "\u9fff" for letter in text)


def address(street: str, housenumber: str) -> str:
    """Return an address as it is said: 八经街46号, or 12 Rue Grimaldi; empty without a number."""
    if not street or not housenumber:
        return ""
    if is_latin(street):
        return f"{housenumber} {street}"
    return f"{street}{housenumber}{'号' if is_figure(housenumber[-1]) else ''}"


@lru_cache(maxsize=4096)
def pinyin(text: str) -> str:
    """Return a text as it sounds, without tones and spaces; letters that aren't Chinese stay."""
    return "".join(_syllables(text))


@lru_cache(maxsize=4096)
def initials(text: str) -> str:
    """Return the first letters of a Chinese text's syllables; figures and other words stay as they are."""
    if is_latin(text):
        return text
    return "".join(one if is_figure(one) else one[:1] for one in _syllables(text))


def is_figure(text: str) -> bool:
    """Tell whether a text begins with a figure."""
    return text[:1].isdigit()


def _syllables(text: str) -> list[str]:
    return syllables(text[:LONGEST_SOUND])
