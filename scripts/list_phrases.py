#!/usr/bin/env python3
"""Print what gis/sounds/phrases.txt holds: the phrases of pypinyin that sound other than their letters do one by one.

A phrase that reads as its letters do is kept too where one that doesn't lies within it: 人行道 isn't 人 + 行道.
    scripts/list_phrases.py > gis/sounds/phrases.txt

when the pinned version of pypinyin changes; a test says so.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from importlib.resources import files

from pypinyin import Style, lazy_pinyin

HEAD = "# From the table of phrases of pypinyin (MIT licence), by scripts/list_phrases.py: letters, then how each sounds."


def phrases() -> dict[str, list[str]]:
    """Return the phrases that are kept, and how their letters sound."""
    every: Mapping[str, object] = json.loads((files("pypinyin") / "phrases_dict.json").read_bytes())
    together = {one: lazy_pinyin(one, style=Style.NORMAL) for one in every}
    alone = _letter_by_letter("".join(sorted({letter for one in every for letter in one})))
    odd = {one for one, sounds in together.items() if sounds != [alone[letter] for letter in one]}
    return {one: together[one] for one in sorted(every) if _holds(one, odd)}


def _letter_by_letter(letters: str) -> dict[str, str]:
    return {one: lazy_pinyin(one, style=Style.NORMAL)[0] for one in letters}


def _holds(phrase: str, odd: set[str]) -> bool:
    """Tell whether one of the odd phrases is in this one, or is this one."""
    ends = range(1, len(phrase) + 1)
    return any(phrase[start:end] in odd for end in ends for start in range(end))


def text() -> str:
    """Return the file."""
    lines = [f"{one} {' '.join(sounds)}" for one, sounds in phrases().items()]
    return "\n".join([HEAD, *lines]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(text())
