"""Judge duplicate scoring on drawn hazards: precision and recall of automatic links, recall of the three best suggestions.

Reports are filed in the order of time, as live ones are: each is compared with the cases open at that moment, linked when
the score is high, else it opens a case. So one wrong link can lead to others. ``--fit`` prints new coefficients; they are
fitted on other seeds, in one kind of world, than those they are judged on.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from gis.duplicates import (  # noqa: E402
    ASK,
    AUTOMATIC,
    Pairs,
    extent_m,
    reach_m,
    related,
    score,
    sigma_m,
    text_similarity,
)
from gis.duplicates.scoring import COEFFICIENTS, NAMES, features  # noqa: E402
from scripts.bench.hazards import History, Told, World, draw  # noqa: E402

WORLDS = {
    "as fitted, other seeds": World(),
    "narrow streets": World(scale_m=9.0, bias_m=8.0, outliers=0.10, misstated=0.7),
    "good phones, few pins": World(scale_m=3.0, bias_m=1.5, pinned=0.1, photos=0.95),
    "many hazards, many twins": World(hazards_per_day=80.0, days=25, twins=0.25),
    "no photos, few words": World(photos=0.2, forwarded=0.0),
}
FIT_SEEDS, TEST_SEEDS = range(1, 9), range(101, 106)
MOST_COMPARED = 5
WRONG_COSTS = 4.0
"""A wrong link hides a hazard until the desk undoes it; a missed one costs a second look."""
LIMITS = {
    "z": (None, 0),
    "z_squared": (None, 0),
    "log_hours": (None, 0),
    "related": (None, 0),
    "photo": (0, None),
}
Similar = Callable[[str, str], float | None]


@dataclass
class Filed:
    """An open case: the hazard that its first report is about, and its reports."""

    hazard: int
    first: Told
    until_h: float
    reports: list[Told] = field(default_factory=list)


@dataclass
class Tally:
    """What came of the reports."""

    links: int = 0
    right: int = 0
    again: int = 0
    suggested: int = 0
    nearby: int = 0
    asked: int = 0
    reports: int = 0
    wrong_by: dict[str, int] = field(default_factory=dict)

    def line(self) -> str:
        """Return the figures."""
        return (
            f"{self.right / max(1, self.links):9.3f} {self.right / max(1, self.again):7.3f}"
            f" {self.suggested / max(1, self.again):9.3f} {self.nearby / max(1, self.again):8.3f}"
            f" {self.asked / max(1, self.reports):7.3f} {self.again:7d} {self.links:6d}"
        )


def pairs_of(report: Told, cases: list[Filed], similar: Similar) -> Pairs:
    """Return a report beside each of some cases: with the position of the first report, the most alike words and photos."""
    rows = []
    for one in cases:
        first = one.first
        spread = sigma_m(report.accuracy_m, report.source) ** 2 + sigma_m(first.accuracy_m, first.source) ** 2
        some = one.reports[:MOST_COMPARED]
        alike = [similar(report.words, other.words) for other in some]
        bits = [
            (report.photo ^ other.photo).bit_count()
            for other in some
            if report.photo is not None and other.photo is not None
        ]
        rows.append(
            (
                float(np.hypot(report.x - first.x, report.y - first.y)),
                float(np.sqrt(spread + extent_m(first.kind) ** 2)),
                report.at_h - first.at_h,
                float(report.kind != first.kind),
                float(min(bits)) if bits else np.nan,
                max((value for value in alike if value is not None), default=np.nan),
            )
        )
    columns = np.array(rows, dtype=float).reshape(-1, 6).T
    return Pairs(*columns)


def comparable(report: Told, cases: list[Filed]) -> list[Filed]:
    """Return the cases of the same or a related category that are open now and not far."""
    kinds = {report.kind, *related(report.kind)}
    near = 150.0
    return [
        one
        for one in cases
        if one.first.kind in kinds
        and one.until_h > report.at_h
        and abs(one.first.x - report.x) < near
        and abs(one.first.y - report.y) < near
    ]


def live(history: History, tally: Tally, similar: Similar, scored: Callable[[Pairs], np.ndarray]) -> None:
    """File all reports of a history."""
    cases: list[Filed] = []
    for report in history.reports:
        cases = [one for one in cases if one.until_h > report.at_h]
        found = comparable(report, cases)
        pairs = pairs_of(report, found, similar)
        scores = scored(pairs)
        true = np.array([one.hazard == report.hazard for one in found], dtype=bool)
        again = any(one.hazard == report.hazard for one in cases)
        order = np.argsort(-scores, kind="stable")
        tally.reports += 1
        tally.again += again
        within = reach_m(report.kind, sigma_m(report.accuracy_m, report.source))
        if again:
            shown = [i for i in order if scores[i] >= ASK][:3]
            tally.suggested += bool(true[shown].any()) if shown else False
            near = [
                i
                for i in np.argsort(pairs.distance_m)
                if pairs.distance_m[i] <= within and not pairs.related[i]
            ]
            tally.nearby += bool(true[near[:3]].any()) if near else False
        best = next(
            (i for i in order if not pairs.related[i]), -1
        )  # those of related categories are asked about
        if best >= 0 and scores[best] >= AUTOMATIC:
            tally.links += 1
            tally.right += bool(true[best])
            if not true[best]:
                tally.wrong_by[report.kind] = tally.wrong_by.get(report.kind, 0) + 1
            found[best].reports.append(report)
            continue
        tally.asked += bool(best >= 0 and scores[best] >= ASK)
        cases.append(Filed(report.hazard, report, history.hazards[report.hazard].to_h, [report]))


def examples(similar: Similar, seeds: range) -> tuple[np.ndarray, np.ndarray]:
    """Return features and truth of all pairs that are compared when every report is put where it belongs."""
    rows, truth = [], []
    for seed in seeds:
        history = draw(World(), seed)
        cases: list[Filed] = []
        for report in history.reports:
            cases = [one for one in cases if one.until_h > report.at_h]
            found = comparable(report, cases)
            pairs = pairs_of(report, found, similar)
            inside = pairs.distance_m <= np.maximum(3.0 * pairs.sigma_m, 50.0)
            rows.append(features(pairs)[inside])
            truth.append(np.array([one.hazard == report.hazard for one in found], dtype=bool)[inside])
            own = next((one for one in cases if one.hazard == report.hazard), None)
            if own is not None:
                own.reports.append(report)
            else:
                cases.append(Filed(report.hazard, report, history.hazards[report.hazard].to_h, [report]))
    return np.concatenate(rows), np.concatenate(truth)


def fit(similar: Similar) -> np.ndarray:
    """Return coefficients by maximum likelihood, with the signs that keep the score monotone."""
    rows, truth = examples(similar, FIT_SEEDS)
    print(f"fitted on {len(truth)} pairs, {truth.mean():.3f} of them true")
    sign, weight = np.where(truth, 1.0, -1.0), np.where(truth, 1.0, WRONG_COSTS)

    def loss(coefficients: np.ndarray) -> tuple[float, np.ndarray]:
        margin = sign * (rows @ coefficients)
        value = (weight * np.logaddexp(0.0, -margin)).mean() + 1e-5 * (coefficients**2).sum()
        pull = weight * sign / (1.0 + np.exp(np.clip(margin, -50, 50)))
        slope = -pull @ rows / len(rows) + 2e-5 * coefficients
        return float(value), slope

    bounds = [LIMITS.get(name, (None, None)) for name in NAMES]
    result = minimize(loss, np.zeros(len(NAMES)), jac=True, method="L-BFGS-B", bounds=bounds)
    return np.asarray(result.x)


def report(similar: Similar, scored: Callable[[Pairs], np.ndarray]) -> None:
    """Print the figures of all worlds, and how far stated probabilities are from what came true."""
    print(f"{'world':26s} precision  recall  top-3 by score  top-3 nearby  asked  repeats  links")
    for name, world in WORLDS.items():
        tally = Tally()
        for seed in TEST_SEEDS:
            live(draw(world, seed), tally, similar, scored)
        worst = sorted(tally.wrong_by.items(), key=lambda one: -one[1])[:3]
        print(f"{name:26s} {tally.line()}   wrong: {', '.join(f'{kind} {n}' for kind, n in worst)}")


def main() -> int:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--fit", action="store_true", help="fit coefficients anew, print them and judge those"
    )
    options = parser.parse_args()
    begun = time.perf_counter()
    scored = score
    if options.fit:
        found = fit(text_similarity)
        print("COEFFICIENTS", [round(float(one), 2) for one in found])
        import gis.duplicates.scoring as module

        module.COEFFICIENTS = np.round(found, 2)
    print(dict(zip(NAMES, COEFFICIENTS if not options.fit else np.round(found, 2), strict=True)))
    report(text_similarity, scored)
    print(f"{time.perf_counter() - begun:.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
