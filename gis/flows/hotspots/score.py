"""From reports and streets to a table of hotspot streets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from gis.flows.hotspots.cases_file import Cases
from gis.hotspots.arrays import Floats
from gis.hotspots.clusters import Clusters, clusters
from gis.hotspots.distinct import distinct
from gis.hotspots.learning import History, Weighing, learn
from gis.hotspots.lixels import Lixels, cut
from gis.hotspots.rates import Neighbourhood, Rates, neighbourhoods
from gis.hotspots.streets import Streets, attach, summed
from gis.hotspots.trends import Trends, trends

if TYPE_CHECKING:
    import pandas as pd

YEAR_DAYS = 365.25

Report = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Scored:
    """Streets with all that is known of them; ``period_days`` is what the rates are over."""

    streets: Streets
    rates: Rates
    cases: Floats
    reports: Floats
    clusters: Clusters
    trends: Trends
    weighing: Weighing
    period_days: float
    off: int


@dataclass(frozen=True, slots=True)
class Prepared:
    """Streets in pieces, with what is around each: kept for as long as the streets are the same."""

    lixels: Lixels
    around: list[Neighbourhood]

    @property
    def streets(self) -> Streets:
        """The streets themselves."""
        return self.lixels.streets


def prepare(streets: Streets) -> Prepared:
    """Return streets ready to be ranked."""
    lixels = cut(streets)
    return Prepared(lixels, neighbourhoods(lixels))


def score(streets: Streets, cases: Cases, report: Report = lambda _share: None) -> Scored:
    """Return the rates, clusters and trends of streets by what was reported.

    Parameters
    ----------
    streets
        Where.
    cases
        What was reported.
    report
        Is told how much is done, 0 to 1.
    """
    ready = prepare(streets)
    report(0.3)
    past = _history(streets, cases)
    report(0.6)
    begin, end = (float(past.day.min()), float(past.day.max())) if len(past.day) else (0.0, 0.0)
    found = rank(ready, past, begin, end)
    report(1.0)
    return found if cases.dated else replace(found, period_days=YEAR_DAYS)


def rank(ready: Prepared, past: History, begin: float, end: float) -> Scored:
    """Return the rates, clusters and trends of streets by the things that happened on them.

    Parameters
    ----------
    ready
        Where.
    past
        What happened.
    begin, end
        The period, in the days of the history.
    """
    streets = ready.streets
    rates, weighing = learn(ready.lixels, ready.around, past)
    on, share = past.attached.street, past.attached.share
    number = summed(on, share, len(streets))
    reports = summed(on, share * past.reports[past.attached.case], len(streets))
    observed = np.divide(number, streets.length_m, out=np.zeros(len(streets)), where=streets.length_m > 0.0)
    return Scored(
        streets,
        rates,
        number,
        reports,
        clusters(streets, observed),
        trends(past, len(streets), begin=begin, end=end),
        weighing,
        max(end - begin, 1.0),
        int(past.attached.off.sum()),
    )


def table(found: Scored) -> pd.DataFrame:
    """Return one row a street, the worst first; rates are cases per 100 m and year with their 90% interval."""
    import pandas as pd

    per = 100.0 * YEAR_DAYS / found.period_days
    rates = found.rates
    rows = pd.DataFrame(
        {
            "street": found.streets.key,
            "name": found.streets.name,
            "length_m": found.streets.length_m.round(1),
            "cases": found.cases.round(2),
            "reports": found.reports.round(2),
            "rate_per_100m_year": (rates.mean * per).round(4),
            "low": (rates.low * per).round(4),
            "high": (rates.high * per).round(4),
            "enough_data": rates.enough,
            "trend": [each.value for each in found.trends.trend],
            "gi_z": found.clusters.z.round(3),
            "gi_p_adjusted": found.clusters.adjusted_p.round(4),
            "hot": found.clusters.hot,
        }
    )
    order = np.argsort(-rates.mean, kind="stable")
    rows = rows.iloc[order].reset_index(drop=True)
    rows.insert(0, "rank", np.arange(1, len(rows) + 1))
    return rows


def _history(streets: Streets, cases: Cases) -> History:
    if cases.dated:
        first = distinct(cases.x, cases.y, cases.day, cases.category)
        row, reports = first.row, first.reports
    else:
        row, reports = np.arange(len(cases.x)), np.ones(len(cases.x))
    return History(attach(streets, cases.x[row], cases.y[row]), cases.day[row], reports)
