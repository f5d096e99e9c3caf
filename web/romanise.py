"""Chinese addresses for readers of English: 八经街46号 is shown as 46 Bajing Street, as maps write it."""

from __future__ import annotations

import re
from functools import lru_cache

from gis.sounds import syllables

STREET_ENDS = {
    "大街": "Street",
    "大道": "Avenue",
    "胡同": "Hutong",
    "街": "Street",
    "路": "Road",
    "巷": "Lane",
    "道": "Road",
    "里": "Li",
}
"""What streets are called, the longer first, and the word that the English names of maps have for it."""
SIDES = {"东": "East", "南": "South", "西": "West", "北": "North"}
LANES = dict(
    zip(
        "一二三四五六七八九十",
        ["First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth"],
        strict=True,
    )
)
NAMED = 2
"""Letters that a name has at least before a side: 南京西路 is Nanjing West Road, 河南路 is Henan Road."""
_STREET = re.compile(rf"[\u4e00-\u9fff]{{1,12}}?(?:{'|'.join(STREET_ENDS)})")
_ADDRESS = re.compile(rf"(?P<street>{_STREET.pattern})(?P<number>\d[\d\-]*)号?(?P<rest>[^\d号].*)?")


@lru_cache(maxsize=4096)
def place_name(language: str, name: str) -> str:
    """Return the name of a building or street for a reader.

    Parameters
    ----------
    language
        Of the reader; only English is written in Latin letters.
    name
        As stored. What is no street and no address stays as it is: a shop's name is its name.
    """
    if language != "en":
        return name
    if _STREET.fullmatch(name):
        return _street(name)
    found = _ADDRESS.fullmatch(name)
    if found is None:
        return name
    rest = f" {found['rest'].strip()}" if found["rest"] else ""
    return f"{found['number']} {_street(found['street'])}{rest}"


def _street(name: str) -> str:
    end = next(one for one in STREET_ENDS if name.endswith(one))
    stem, last = name.removesuffix(end), ""
    if len(stem) > NAMED:
        last = SIDES.get(stem[-1]) or (LANES.get(stem[-1], "") if end == "巷" else "")
    if last:
        stem = stem[:-1]
    return " ".join(filter(None, ["".join(syllables(stem)).capitalize(), last, STREET_ENDS[end]]))
