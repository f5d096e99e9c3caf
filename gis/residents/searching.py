"""Finding people by what is typed: names as written, as they sound, by first letters; flats, flags. Pure, in memory.

Only letters are remembered, never names: how a Chinese letter sounds is nobody's secret.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from itertools import product

from gis.sounds import readings

MOST_WORDS = 6
MOST_SOUNDS = 12
"""Readings of a name that are tried; few letters of names have more than two."""
LONGEST = 80
_LATIN = re.compile(r"[a-z']+")


def words_of(text: str) -> list[str]:
    """Return the words of a search, in one width and case; more than a few are cut off.

    Parameters
    ----------
    text
        As it was typed.
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).lower()
    return [word for word in re.split(r"[\s,，、;；]+", plain) if word][:MOST_WORDS]


def is_sound(word: str) -> bool:
    """Tell whether a word may be how a name sounds.

    Parameters
    ----------
    word
        One of ``words_of``.
    """
    return bool(_LATIN.fullmatch(word))


def name_matches(name: str, word: str) -> bool:
    """Tell whether a word means a name: part of it as written, or the beginning of how it sounds.

    wangxiuying, wangxy and wxy all mean 王秀英: each syllable may be cut after any of its letters, and the last
    syllables be missing.

    Parameters
    ----------
    name, word
        A name as written, and one of ``words_of``.
    """
    plain = unicodedata.normalize("NFKC", name).lower()
    if word in plain:
        return True
    if not is_sound(word):
        return False
    typed = word.replace("'", "")
    return any(_begins(typed, reading) for reading in _readings(plain.replace(" ", "")))


def matcher(words: Sequence[str], flags: Callable[[str], bool]) -> Callable[[Callable[[], str], str], bool]:
    """Return a function that tells whether a person is meant by all words.

    Parameters
    ----------
    words
        Of a search.
    flags
        Whether a word is what one of the person's flags is called.

    Returns
    -------
    callable
        Takes what gives the name, which is asked for only where the flat and the flags don't settle a word, and the flat.
    """

    def matches(name: Callable[[], str], place: str) -> bool:
        known: str | None = None
        for word in words:
            if word in place or flags(word):
                continue
            known = name() if known is None else known
            if not name_matches(known, word):
                return False
        return True

    return matches


def _begins(typed: str, reading: tuple[str, ...]) -> bool:
    """Tell whether letters are syllables of a reading, each cut anywhere after its first, from any syllable on."""
    return any(_eats(typed, reading[start:]) for start in range(len(reading)))


def _eats(typed: str, syllables: tuple[str, ...]) -> bool:
    ends = {0}
    for syllable in syllables:
        nexts = set()
        for end in ends:
            for length in range(1, len(syllable) + 1):
                if typed[end : end + length] != syllable[:length]:
                    break
                nexts.add(end + length)
        if len(typed) in nexts:
            return True
        if not nexts:
            return False
        ends = nexts
    return False


def _readings(name: str) -> list[tuple[str, ...]]:
    sounds = [readings(letter) for letter in name[:8]]
    found: list[tuple[str, ...]] = []
    for reading in product(*sounds):
        found.append(reading)
        if len(found) == MOST_SOUNDS:
            break
    return found
