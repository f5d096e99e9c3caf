"""The indicators: one table of what is published, of which measures each is made, and where it leads.

What they are called and how they are defined in words is in ``web.indicator_words``; a test compares the keys.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """How a figure is shown."""

    COUNT = "count"
    SHARE = "share"
    DURATION = "duration"
    HOURS = "hours"
    POINTS = "points"


class Better(StrEnum):
    """Which direction is good; the load of work is neither."""

    UP = "up"
    DOWN = "down"
    NEITHER = "neither"


ALL_KINDS = frozenset({"all", "grid", "micro_grid", "category"})
WITHOUT_MICRO = frozenset({"all", "grid", "category"})


@dataclass(frozen=True, slots=True)
class Indicator:
    """One figure.

    Parameters
    ----------
    key
        Its name for programs.
    group
        Under which heading.
    unit, better
        How it is shown, and which direction is good.
    numerator
        The measure that is added up; of durations the measure whose buckets are read.
    denominator
        Of shares: the measure that it is a share of.
    quantile
        Of durations: 0.5 for the median.
    kinds
        Of which kinds of cell it is known.
    link
        The list of what it is about; empty where there is none.
    """

    key: str
    group: str
    unit: Unit
    better: Better
    numerator: str
    denominator: str = ""
    quantile: float = 0.0
    kinds: frozenset[str] = ALL_KINDS
    link: str = ""

    @property
    def by_deadline(self) -> bool:
        """Whether it is about what fell due: only days that are over count."""
        return self.denominator in {"due", "hotline_due"}


_C, _S, _D = Unit.COUNT, Unit.SHARE, Unit.DURATION
_UP, _DOWN, _NEITHER = Better.UP, Better.DOWN, Better.NEITHER
_AREAS = frozenset({"all", "grid", "micro_grid"})
_PEOPLE = frozenset({"all", "grid", "micro_grid", "category", "person"})
INDICATORS: tuple[Indicator, ...] = (
    Indicator(
        "reports", "reporting", _C, _NEITHER, "reports", kinds=ALL_KINDS | {"source"}, link="/desk?status=all"
    ),
    Indicator("cases", "reporting", _C, _NEITHER, "opened", link="/desk?status=all"),
    Indicator("urgent", "reporting", _C, _NEITHER, "urgent", link="/desk?status=all"),
    Indicator(
        "response_median",
        "speed",
        _D,
        _DOWN,
        "answer",
        quantile=0.5,
        kinds=WITHOUT_MICRO,
        link="/desk?status=all",
    ),
    Indicator(
        "response_p90",
        "speed",
        _D,
        _DOWN,
        "answer",
        quantile=0.9,
        kinds=WITHOUT_MICRO,
        link="/desk?status=all",
    ),
    Indicator(
        "resolution_median",
        "speed",
        _D,
        _DOWN,
        "resolve",
        quantile=0.5,
        kinds=WITHOUT_MICRO,
        link="/desk?status=closed",
    ),
    Indicator(
        "resolution_p90",
        "speed",
        _D,
        _DOWN,
        "resolve",
        quantile=0.9,
        kinds=WITHOUT_MICRO,
        link="/desk?status=closed",
    ),
    Indicator("closed", "closing", _C, _NEITHER, "closed", kinds=_PEOPLE, link="/desk?status=closed"),
    Indicator("on_time", "closing", _S, _UP, "due_on_time", "due", link="/desk?status=all&light=red"),
    Indicator("closure", "closing", _S, _UP, "due_closed", "due", link="/desk?status=live"),
    Indicator("reopened", "closing", _S, _DOWN, "reopened", "closed", link="/desk?status=all"),
    Indicator("satisfaction", "closing", _S, _UP, "satisfied", "rated", link="/desk?status=closed"),
    Indicator("hotline", "hotline", _S, _UP, "hotline_closed", "hotline_due", link="/desk?status=all"),
    Indicator(
        "disputes", "care", _C, _NEITHER, "disputes_settled", link="/desk?category=dispute&status=closed"
    ),
    Indicator(
        "dispute_success",
        "care",
        _S,
        _UP,
        "disputes_settled",
        "disputes_ended",
        link="/desk?category=dispute&status=all",
    ),
    Indicator("visits", "visits", _C, _UP, "visits", kinds=_AREAS | {"person"}, link="/visits/log"),
    Indicator(
        "problems", "visits", _C, _NEITHER, "problems", kinds=_AREAS | {"person"}, link="/visits/findings"
    ),
    Indicator(
        "problems_on_spot",
        "visits",
        _C,
        _NEITHER,
        "problems_on_spot",
        kinds=_AREAS,
        link="/visits/findings?state=on_spot",
    ),
    Indicator(
        "problems_transferred",
        "visits",
        _C,
        _NEITHER,
        "problems_transferred",
        kinds=_AREAS,
        link="/visits/findings?state=transferred",
    ),
    Indicator(
        "problems_answered",
        "visits",
        _S,
        _UP,
        "problems_answered",
        "problems",
        kinds=_AREAS,
        link="/visits/findings?unanswered=true",
    ),
    Indicator("records", "visits", _C, _UP, "records", kinds=_AREAS, link="/residents/updates"),
    Indicator("patrols", "patrolling", _C, _NEITHER, "patrols", kinds=frozenset({"all", "person"})),
    Indicator("hazards", "patrolling", _C, _NEITHER, "hazards", link="/desk?status=all"),
    Indicator("hours", "service", Unit.HOURS, _NEITHER, "hours", kinds=_PEOPLE),
    Indicator("points", "service", Unit.POINTS, _NEITHER, "points", kinds=_PEOPLE),
    Indicator("meals", "meals", _C, _NEITHER, "meals", kinds=frozenset({"all"}), link="/meals/statement"),
    Indicator(
        "meals_delivered",
        "meals",
        _C,
        _NEITHER,
        "meals_delivered",
        kinds=frozenset({"all"}),
        link="/meals/statement",
    ),
)
BY_KEY = {one.key: one for one in INDICATORS}
GROUPS = tuple(dict.fromkeys(one.group for one in INDICATORS))
HOURS_PER_AMOUNT = 0.01
"""Hours are added up in hundredths."""
