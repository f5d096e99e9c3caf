"""What is known of everybody on duty when responders are looked for: facts only, no judgement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite
from typing import Any, NamedTuple
from uuid import UUID

import numpy as np
import numpy.typing as npt

from gis.words import Mode, Role

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]


class OnDuty(NamedTuple):  # made two dozen times for every report: a third of a dataclass's cost
    """A responder on duty, seen from one case.

    Parameters
    ----------
    person_id, name, role, mode
        Who, and how they move.
    lon, lat
        Where they are, else where they are at home; None: neither is known. EPSG:4326.
    position_age_s
        Age of the position; None: it is the home of one who sent none lately.
    load, capacity
        Live offers and tasks, and how many they may have.
    skills, languages
        What they know and speak.
    micro_grids
        Codes of the micro-grids that are theirs.
    tasks_today
        Tasks they have taken since midnight.
    rested_s
        Time since their last task ended; None: none did.
    shift_left_s
        Time until their calendar takes them off duty; None: it doesn't, they went on duty by hand.
    refused
        They let an offer of this case pass a short while ago.
    straight_m
        Distance from the case as the crow flies; None without a place.
    """

    person_id: UUID
    name: str
    role: Role
    mode: Mode
    lon: float | None
    lat: float | None
    position_age_s: float | None
    load: int
    capacity: int
    skills: Sequence[str] = ()
    languages: Sequence[str] = ()
    micro_grids: Sequence[str] = ()
    tasks_today: int = 0
    rested_s: float | None = None
    shift_left_s: float | None = None
    refused: bool = False
    straight_m: float | None = None


class Responder(NamedTuple):
    """What of a responder doesn't depend on the moment, nor on who asks; the fields as in ``OnDuty``."""

    person_id: UUID
    name: str
    role: Role
    mode: Mode
    capacity: int
    skills: Sequence[str]
    languages: Sequence[str]
    micro_grids: Sequence[str]
    tasks_today: int


@dataclass(frozen=True, slots=True)
class Roster:
    """Everybody on duty in a community at a moment, in columns; in the order of identifiers.

    Parameters
    ----------
    people
        Who.
    fix, home
        Longitude and latitude of the last position and of the home, EPSG:4326, a row each; NaN where there is none.
    fixed_at, rested_since, border_at
        Seconds since 1970: of the position, the end of the last task, and when the calendar takes them off duty; NaN for
        none.
    load
        Live offers and tasks.
    """

    people: tuple[Responder, ...]
    fix: Floats
    home: Floats
    fixed_at: Floats
    rested_since: Floats
    border_at: Floats
    load: Integers
    capacity: Integers
    row_of: dict[UUID, int] = field(repr=False)

    def placed(self, now: datetime, fresh_s: float) -> tuple[Floats, Floats]:
        """Return where everybody is, and the age of that position: the home, without an age, where it isn't fresh.

        Parameters
        ----------
        now
            The time.
        fresh_s
            How old a position may be.
        """
        age_s = now.timestamp() - self.fixed_at
        fresh = age_s <= fresh_s  # never for NaN
        return np.where(fresh[:, None], self.fix, self.home), np.where(fresh, age_s, np.nan)

    def seen(  # noqa: PLR0917 - what was worked out for all of them at once
        self,
        rows: Integers,
        here: Floats,
        age_s: Floats,
        straight_m: Floats,
        now: datetime,
        refused: frozenset[UUID] = frozenset(),
    ) -> list[OnDuty]:
        """Return some of them as they are seen from a case.

        Parameters
        ----------
        rows
            Which, in this order.
        here, age_s
            Of everybody, from ``placed``.
        straight_m
            Of everybody: how far off they are; infinite where that isn't known.
        now
            The time.
        refused
            Who let an offer of the case pass.
        """
        at = now.timestamp()
        columns = zip(
            [self.people[row] for row in rows.tolist()],
            here[rows].tolist(),
            _known(age_s[rows]),
            self.load[rows].tolist(),
            _known(at - self.rested_since[rows]),
            _known(self.border_at[rows] - at),
            _known(straight_m[rows]),
            strict=True,
        )
        return [
            OnDuty(
                who.person_id,
                who.name,
                who.role,
                who.mode,
                None if lon != lon else lon,  # noqa: PLR0124 - not a number
                None if lat != lat else lat,  # noqa: PLR0124
                age,
                load,
                who.capacity,
                who.skills,
                who.languages,
                who.micro_grids,
                who.tasks_today,
                rested,
                left,
                bool(refused) and who.person_id in refused,  # an identifier's hash is dear
                straight,
            )
            for who, (lon, lat), age, load, rested, left, straight in columns
        ]

    def take(self, person_id: UUID, cases: int = 1) -> None:
        """Count more tasks of somebody, or fewer."""
        row = self.row_of.get(person_id)
        if row is not None:
            self.load[row] = max(0, self.load[row] + cases)


def _known(column: Floats) -> list[float | None]:
    return [value if isfinite(value) else None for value in column.tolist()]


def roster_of(rows: Iterable[Sequence[Any]]) -> Roster:
    """Return rows of the store as columns.

    Parameters
    ----------
    rows
        The fields of ``Responder``, load, longitude and latitude of position and home, and the three moments in seconds
        since 1970; in the order of identifiers.
    """
    told = list(rows)
    people = tuple(Responder(UUID(row[0]), row[1], _ROLES[row[2]], _MODES[row[3]], *row[4:9]) for row in told)
    figures = np.array([row[9:] for row in told], dtype=np.float64).reshape(len(told), 8)
    return Roster(
        people,
        fix=figures[:, 1:3],
        home=figures[:, 3:5],
        fixed_at=figures[:, 5],
        rested_since=figures[:, 6],
        border_at=figures[:, 7],
        load=figures[:, 0].astype(np.int64),
        capacity=np.array([one.capacity for one in people], dtype=np.int64),
        row_of={one.person_id: row for row, one in enumerate(people)},
    )


_ROLES = {one.value: one for one in Role}
_MODES = {one.value: one for one in Mode}
