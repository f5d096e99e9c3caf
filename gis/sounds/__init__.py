"""How Chinese text sounds: pinyin without tones, for names in Latin letters and for searching by typing.

pypinyin knows 47,000 phrases, which take 44 MB of a process; all but some 3,500 of them read as their letters do one by
one. Only those few are loaded, from ``phrases.txt`` beside this file, which ``scripts/list_phrases.py`` writes.
"""

from __future__ import annotations

import os
from functools import cache, lru_cache
from importlib.resources import files
from types import ModuleType

WITHOUT = ("PYPINYIN_NO_PHRASES", "PYPINYIN_NO_DICT_COPY")
"""What the library looks for in the environment when it is imported."""


def syllables(text: str) -> list[str]:
    """Return the syllables of a text, each letter's as it sounds in its phrase; what isn't Chinese stays as it is.

    Parameters
    ----------
    text
        Any text.
    """
    found: list[str] = _library().lazy_pinyin(text)
    return found


@lru_cache(maxsize=8192)
def readings(letter: str) -> tuple[str, ...]:
    """Return all readings of one letter by itself, the usual one first; ü is written v.

    Parameters
    ----------
    letter
        One character.
    """
    library = _library()
    found = library.pinyin(letter, style=library.Style.NORMAL, heteronym=True)[0]
    return tuple(dict.fromkeys(one.replace("ü", "v") for one in found))


@cache
def _library() -> ModuleType:
    os.environ |= dict.fromkeys(WITHOUT, "true")
    import pypinyin

    for name in WITHOUT:
        del os.environ[name]

    lines = (files(__name__) / "phrases.txt").read_text("utf-8").splitlines()
    phrases = (line.split() for line in lines if not line.startswith("#"))
    pypinyin.load_phrases_dict({letters: [[one] for one in sounds] for letters, *sounds in phrases})
    return pypinyin
