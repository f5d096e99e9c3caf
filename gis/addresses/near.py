"""What is nearly the same: spellings a slip apart, and the neighbours of a house number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from gis.addresses.place import Key
from gis.addresses.text import is_latin

LEAST_ALIKE = 0.6
"""Below it two spellings have nothing to do with each other."""
MOST_ALIKE = 0.89
"""A guess is never as good as what is written so."""
NEAREST = 0.7
"""A neighbour is worth less than a number that looks like the one that was written."""
MOST = 40
NEIGHBOURS = 4


class Near:
    """Spellings of all places, compared at once.

    Parameters
    ----------
    pairs
        Spellings, each with the row of its place.
    """

    def __init__(self, pairs: Sequence[tuple[Key, int]]) -> None:
        self._rows = np.array([row for _, row in pairs], dtype=np.int64)
        self._texts = [key.text for key, _ in pairs]
        self._sounds = [key.sound for key, _ in pairs]

    def similar(self, text: str, sound: str) -> Iterator[tuple[int, float]]:
        """Return places spelt or sounding nearly so, with how much alike they are.

        Chinese is compared by letters and by sound, for a wrong letter is mostly a wrong choice among those that
        sound alike; Latin letters by sound only.
        """
        if not len(self._rows):
            return
        alike = self._alike(sound, self._sounds)
        if not is_latin(text):
            alike = (alike + self._alike(text, self._texts)) / 2.0
        best = np.argsort(-alike, kind="stable")[:MOST]
        for at in best[alike[best] >= LEAST_ALIKE].tolist():
            yield int(self._rows[at]), MOST_ALIKE * float(alike[at])

    @staticmethod
    def _alike(text: str, spellings: Sequence[str]) -> np.ndarray:
        from rapidfuzz.distance import OSA
        from rapidfuzz.process import cdist

        found = cdist([text], spellings, scorer=OSA.normalized_similarity, dtype=np.float32)
        return np.asarray(found[0], dtype=np.float64)

    @staticmethod
    def numbers(houses: Sequence[tuple[int, str]], wanted: str) -> Iterator[tuple[int, float]]:
        """Return the houses of a street next to a number that it doesn't have; those on the same side come first."""
        figure = re.match(r"\d+", wanted)
        if figure is None:
            return
        number = int(figure[0])
        apart = [
            (abs(int(found[0]) - number) + ((int(found[0]) - number) % 2) * 2, row)
            for row, house in houses
            if (found := re.match(r"\d+", house))
        ]
        for place, (_, row) in enumerate(sorted(apart)[:NEIGHBOURS]):
            yield row, NEAREST - 0.01 * place


def natural(text: str) -> tuple[tuple[int, int, str], ...]:
    """Return what to sort by so that 八经街9号 comes before 八经街10号."""
    parts = re.findall(r"\d+|\D+", text)
    return tuple((0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts)
