"""Whether a street has more or fewer cases than before."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from gis.hotspots.arrays import Floats
from gis.hotspots.learning import History
from gis.hotspots.streets import summed

FEWEST = 5.0
DISCOVERIES = 0.1


class Trend(StrEnum):
    """What becomes of a street."""

    RISING = "rising"
    STEADY = "steady"
    FALLING = "falling"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Trends:
    """The trend of each street, with the cases in the earlier and the later half of the period."""

    trend: list[Trend]
    earlier: Floats
    later: Floats


def trends(history: History, streets: int, *, begin: float, end: float) -> Trends:
    """Compare the later half of a period with the earlier one: under no change each case falls into either by chance.

    Parameters
    ----------
    history
        What happened.
    streets
        How many streets there are.
    begin, end
        The period, in the days of the history.
    """
    middle = (begin + end) / 2.0
    case = history.attached.case
    late = history.day[case] >= middle
    share = history.attached.share
    later = summed(history.attached.street, np.where(late, share, 0.0), streets)
    earlier = summed(history.attached.street, np.where(late, 0.0, share), streets)
    total = later + earlier
    known = total >= FEWEST
    more, fewer = _at_least(later, total), _at_least(earlier, total)
    adjusted = np.ones(streets)
    if known.any():
        from scipy.stats import false_discovery_control

        both = np.minimum(2.0 * np.minimum(more, fewer)[known], 1.0)
        adjusted[known] = false_discovery_control(both)
    names = np.where(
        adjusted < DISCOVERIES,
        np.where(later > earlier, Trend.RISING, Trend.FALLING),
        np.where(known, Trend.STEADY, Trend.UNKNOWN),
    )
    return Trends([Trend(name) for name in names], earlier, later)


def _at_least(part: Floats, total: Floats) -> Floats:
    """Return the chance of so many or more out of a total, each with an even chance; parts of cases are allowed."""
    from scipy.special import betainc

    rest = total - part + 1.0
    chance: Floats = np.where(part > 0.0, betainc(np.maximum(part, 1e-9), rest, 0.5), 1.0)
    return chance
