"""The table of what is kept how long. Cases, events, hours and the ledger aren't in it: nothing that was done is forgotten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gis.settings import Settings

SIX_MONTHS, YEAR = 183, 365.25


@dataclass(frozen=True, slots=True)
class Purpose:
    """One kind of what is kept.

    Parameters
    ----------
    code
        Its key in ``web.retention_words``.
    setting
        Where the usual number is set: group and field of ``gis.settings.Settings``.
    days_each
        How many days one of the setting's units is.
    least, most
        What an office may choose, days.
    """

    code: str
    setting: tuple[str, str]
    days_each: float = 1.0
    least: int = 1
    most: int = 3660

    def usual(self, settings: Settings) -> float:
        """Return the usual number of days.

        Parameters
        ----------
        settings
            The operator's.
        """
        group, field = self.setting
        return float(getattr(getattr(settings, group), field)) * self.days_each


PURPOSES: Mapping[str, Purpose] = {
    one.code: one
    for one in (
        Purpose("reporters", ("retention", "reporters_days"), least=30),
        Purpose("originals", ("retention", "originals_days"), least=7),
        Purpose("dispatches", ("retention", "dispatches_days"), least=7),
        Purpose("positions", ("retention", "positions_days"), most=7),
        Purpose("sessions", ("retention", "sessions_days"), most=30),
        Purpose("notices", ("retention", "notices_days"), least=7, most=366),
        Purpose("imports", ("retention", "imports_days"), most=366),
        Purpose("exports", ("retention", "exports_days"), most=366),
        Purpose("orders", ("retention", "orders_days"), least=7),
        Purpose("callbacks", ("hotline", "callback_days"), most=366),
        Purpose("visits", ("retention", "visits_days"), least=30),
        Purpose("meals", ("retention", "meals_days"), least=30, most=1100),
        Purpose("mediations", ("retention", "mediations_days"), least=180),
        Purpose("missing", ("residents", "missing_days"), most=366),
        Purpose("residents", ("residents", "keep_years"), YEAR, least=30, most=3660),
        Purpose("access_log", ("retention", "access_log_days"), least=SIX_MONTHS),
    )
}


def days_of(settings: Settings, chosen: Mapping[str, int]) -> dict[str, float]:
    """Return how many days each purpose is kept.

    Parameters
    ----------
    settings, chosen
        The usual numbers, and what a community has chosen instead.
    """
    return {
        code: float(chosen[code]) if code in chosen else one.usual(settings) for code, one in PURPOSES.items()
    }
