"""What past cases say of each street: how to weigh them is chosen by how well they foretold their own last quarter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from gis.hotspots.arrays import Flags, Floats, Integers
from gis.hotspots.lixels import Lixels
from gis.hotspots.rates import Neighbourhood, Rates, estimate
from gis.hotspots.streets import Attached, summed

REPORTS_POWERS = (0.0, 0.5, 1.0)
"""Whether a thing that many reported counts once, by the root of the reports, or by each of them."""
HALF_LIVES_DAYS = (np.inf, 180.0, 60.0)
HELD_OUT = 0.25
FEWEST = 40
"""With fewer cases in either part nothing is chosen: each thing counts once, for good."""


@dataclass(frozen=True, slots=True)
class Weighing:
    """How cases are counted: by reports to a power, and with a half-life in days."""

    reports_power: float = 0.0
    half_life_days: float = np.inf


@dataclass(frozen=True, slots=True)
class History:
    """Distinct things that happened on streets.

    Parameters
    ----------
    attached
        On which streets.
    day
        When, days since any moment; one a case.
    reports
        How many reported it; one a case.
    """

    attached: Attached
    day: Floats
    reports: Floats

    def only(self, kept: Flags) -> History:
        """Return some of the things."""
        row = kept[self.attached.case]
        number = np.cumsum(kept) - 1
        attached = Attached(
            number[self.attached.case[row]],
            self.attached.street[row],
            self.attached.share[row],
            self.attached.along_m[row],
            self.attached.off[kept],
        )
        return History(attached, self.day[kept], self.reports[kept])


def learn(lixels: Lixels, around: Sequence[Neighbourhood], history: History) -> tuple[Rates, Weighing]:
    """Return the rates of streets and how their cases were weighed.

    Parameters
    ----------
    lixels, around
        The streets, and ``neighbourhoods`` of them.
    history
        What happened.
    """
    weighing = _chosen(lixels, around, history)
    return _rates(lixels, around, history, np.ones(len(history.day), np.bool_), weighing), weighing


def counted(lixels: Lixels, attached: Attached, weight: Floats) -> tuple[Floats, Floats]:
    """Return cases on each piece, and those of them that one street has alone.

    Parameters
    ----------
    lixels
        The pieces.
    attached
        Cases on streets.
    weight
        Of each case; 0 leaves it out.
    """
    piece: Integers = lixels.of(attached)
    value = attached.share * weight[attached.case]
    whole = attached.share > 1.0 - 1e-9
    counts = summed(piece, value, len(lixels))
    return counts, summed(piece[whole], value[whole], len(lixels))


def _chosen(lixels: Lixels, around: Sequence[Neighbourhood], history: History) -> Weighing:
    """Return the weighing under which the first three quarters foretell the last one best."""
    if len(history.day) < FEWEST:
        return Weighing()
    border = float(np.quantile(history.day, 1.0 - HELD_OUT))
    early = history.day < border
    if min(early.sum(), (~early).sum()) < FEWEST * HELD_OUT:
        return Weighing()
    later = _on_streets(lixels, history.attached, (~early).astype(np.float64))
    best, most = Weighing(), -np.inf
    for weighing in _weighings(history, early):
        rates = _rates(lixels, around, history, early, weighing)
        share = rates.mean * lixels.streets.length_m
        if not share.sum() > 0.0:
            continue  # nothing early enough counts any more: it foretells nothing
        found = float(np.sum(later * np.log(np.maximum(share / share.sum(), 1e-12))))
        if found > most + 1e-9:
            best, most = weighing, found
    return best


def _weighings(history: History, early: Flags) -> Iterator[Weighing]:
    repeated = bool(np.any(history.reports > 1.0))
    span = float(np.ptp(history.day[early]))
    for half_life_days in HALF_LIVES_DAYS:
        if np.isfinite(half_life_days) and span < half_life_days:
            continue
        for power in REPORTS_POWERS if repeated else REPORTS_POWERS[:1]:
            yield Weighing(power, half_life_days)


def _rates(
    lixels: Lixels, around: Sequence[Neighbourhood], history: History, kept: Flags, weighing: Weighing
) -> Rates:
    now = float(history.day[kept].max()) if kept.any() else 0.0
    weight = history.reports**weighing.reports_power * 0.5 ** (
        np.maximum(now - history.day, 0.0) / weighing.half_life_days
    )
    weight = np.where(kept, weight, 0.0)
    total = float(weight.sum())
    if total:  # as much evidence as there are things
        weight *= kept.sum() / total
    return estimate(lixels, around, *counted(lixels, history.attached, weight))


def _on_streets(lixels: Lixels, attached: Attached, weight: Floats) -> Floats:
    return summed(attached.street, attached.share * weight[attached.case], len(lixels.streets))
