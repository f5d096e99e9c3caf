"""A town of walled compounds, its responders, and the cases of a few hours: all that chance decides, before any policy acts.

The same seed gives every policy the same town, the same shut gates, the same cases at the same times, and for each case and
each responder the same answer to an offer. So policies differ only by what they do.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from gis.words import Mode
from scripts.simulation_dispatch.ground import draw_ground

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

WORKERS, RIDERS = 30, 10
"""On the roster: with breaks and shifts about 24 are on duty at a time, a third of them on e-bikes."""
ACCEPTED = 0.75
SAYS_NO = 0.5
"""Share of refusals that are said; the others let the offer lapse."""
ANSWER_S = 12.0
"""How long people look at an offer, on average."""
OFFER_S = 45.0
ON_SITE_S, ON_SITE_SPREAD = 720.0, 0.6
"""Time on site: mean, and spread of its logarithm."""
URGENT = 0.05
INSIDE = 0.8
"""Share of cases inside compounds; the others lie on streets."""
BREAK_S = 1800.0
LATE = 5
"""So many come an hour later, and as many others leave an hour earlier."""
TRIES = 4
HOUR_S = 3600.0


@dataclass(frozen=True, slots=True)
class Town:
    """Everything given; times in seconds from the beginning, places are rows of `xy`: first homes, then cases.

    Parameters
    ----------
    hours
        How long cases come.
    xy
        Metres.
    ride
        Of each worker: on an e-bike, else on foot.
    duty
        Of each worker: spans of time on duty, (workers, spans, 2).
    reported_s, urgent, on_site_s
        Of each case.
    takes, answers_s
        Of each case, worker and try: whether they say yes, and after how long; no answer is past the end of the offer.
    travel_s, travel_m
        From each place to each case, on foot and by e-bike: (2, cases, places).
    """

    hours: float
    xy: Floats
    ride: Flags
    duty: Floats
    reported_s: Floats
    urgent: Flags
    on_site_s: Floats
    takes: Flags
    answers_s: Floats
    travel_s: Floats
    travel_m: Floats

    @property
    def workers(self) -> int:
        """Return how many responders there are."""
        return len(self.ride)

    @property
    def cases(self) -> int:
        """Return how many cases there are."""
        return len(self.reported_s)

    def place_of(self, case: int) -> int:
        """Return the row of a case's place."""
        return self.workers + case

    def on_duty(self, now_s: float) -> Flags:
        """Return who is on duty."""
        return np.asarray(((self.duty[..., 0] <= now_s) & (now_s < self.duty[..., 1])).any(axis=1))

    def left_s(self, worker: int, now_s: float) -> float:
        """Return for how long somebody stays on duty; a break ends it too, as a calendar does."""
        spans = self.duty[worker]
        within = (spans[:, 0] <= now_s) & (now_s < spans[:, 1])
        return float((spans[within, 1] - now_s).max(initial=0.0))


def draw_town(reports_per_hour: float, hours: float, seed: int, kind: str = "demo") -> Town:
    """Return a town with its cases.

    Parameters
    ----------
    reports_per_hour, hours
        How many cases come, for how long.
    seed
        Of everything; the town itself is the same for every load.
    kind
        ``demo`` or ``city``.
    """
    ground = draw_ground(kind, seed)
    people = np.random.default_rng([seed, 1])
    homes = people.choice(ground.doors, WORKERS)
    ride = np.arange(WORKERS) < RIDERS
    chance = np.random.default_rng([seed, 2, int(reports_per_hour)])
    count = int(chance.poisson(reports_per_hour * hours))
    reported_s = np.sort(chance.uniform(0.0, hours * HOUR_S, count))
    inside, outside = chance.choice(ground.doors, count), chance.choice(ground.streets, count)
    where = np.where(chance.random((count, 1)) < INSIDE, inside, outside)
    xy = np.concatenate([homes, where])
    foot, bike = (ground.net.travel_many(mode, xy, where) for mode in (Mode.WALK, Mode.E_BIKE))
    takes, answers_s = _answers(chance, (count, WORKERS, TRIES))
    spread = ON_SITE_SPREAD
    return Town(
        hours=hours,
        xy=xy,
        ride=ride,
        duty=_duty(people, hours * HOUR_S),
        reported_s=reported_s,
        urgent=chance.random(count) < URGENT,
        on_site_s=ON_SITE_S * np.exp(chance.normal(-spread * spread / 2, spread, count)),
        takes=takes,
        answers_s=answers_s,
        travel_s=np.stack([foot[0], bike[0]]),
        travel_m=np.stack([foot[1], bike[1]]),
    )


def _answers(chance: np.random.Generator, shape: tuple[int, ...]) -> tuple[Flags, Floats]:
    """Return who says yes, and how long every answer takes; nobody's silence is an answer past the offer's end."""
    takes = chance.random(shape) < ACCEPTED
    silent = ~takes & (chance.random(shape) >= SAYS_NO)
    after_s = np.minimum(chance.exponential(ANSWER_S, shape), OFFER_S - 1.0)
    return takes, np.where(silent, np.inf, after_s)


def _duty(people: np.random.Generator, end_s: float) -> Floats:
    """Return when each worker is on duty: before and after a break, some coming later and some leaving earlier."""
    order = people.permutation(WORKERS)
    begin = np.where(order < LATE, HOUR_S, 0.0)
    stop = np.where(order >= WORKERS - LATE, end_s - HOUR_S, np.inf)
    # breaks are staggered over the middle of the shift
    pause = 0.2 * end_s + 0.6 * end_s * (people.permutation(WORKERS) + 0.5) / WORKERS
    spans = [
        np.stack([begin, np.maximum(pause, begin)]),
        np.stack([np.maximum(pause + BREAK_S, begin), stop]),
    ]
    return np.stack(spans, axis=1).transpose(2, 1, 0)
