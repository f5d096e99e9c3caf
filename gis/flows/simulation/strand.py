"""What the strands of a simulated year share: a chance of their own, who acts for the office, days, and ids."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import ClassVar
from uuid import NAMESPACE_URL, UUID, uuid5

from gis.flows.simulation.lanes import Step
from gis.flows.simulation.year import Year
from gis.words import Actor, Role


@dataclass(slots=True)
class Strand:
    """One thing that people do in a year besides their cases; what it draws by chance changes nothing of the others.

    Parameters
    ----------
    year
        The year that is lived.
    """

    name: ClassVar[str]
    """Of its chance and its ids: another name is another year."""

    year: Year
    choose: random.Random = field(init=False)
    desk: Actor = field(init=False)

    def __post_init__(self) -> None:
        """Have the year's seed decide."""
        self.choose = random.Random(f"{self.name}-{self.year.behaviour.seed}")  # noqa: S311 - not a secret
        self.desk = self.year.of(Role.DESK)[0]

    def moment(self, day: int, hour: int, minute: int = 0) -> datetime:
        """Return a moment of a day of the year, 0 the first, by the community's clock."""
        planner = self.year.planner
        return datetime.combine(planner.first + timedelta(days=day), time(hour, minute), planner.zone)

    def at(self, day: int, hour: int, step: Step) -> None:
        """Have something done on a day of the year at a full hour."""
        self.year.at(self.moment(day, hour), step)

    def id_of(self, *parts: object) -> UUID:
        """Return the id of something of this strand, the same each time this year is lived."""
        words = (self.year.world.community_id, self.name, self.year.planner.first, *parts)
        return uuid5(NAMESPACE_URL, "/".join(map(str, words)))
