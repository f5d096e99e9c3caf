"""Certificates: which skill each stands for, how long it holds, when its end is told.

A skill for which somebody has certificates counts only while one of them holds; a skill without any counts as the office
has entered it. ``gis.store.certificates.SKILLS`` says the same to the database.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from gis.errors import InvalidInputError

KINDS: Mapping[str, str | None] = {
    "health": None,
    "first_aid": "first_aid",
    "mediator": "mediation",
    "electrician": "electrical",
    "plumber": "plumbing",
    "fire": "fire",
    "carer": "elderly_care",
    "driver": None,
}
"""Kinds of certificate, each with the skill that it stands for; in the order in which they are shown."""
TOLD_AHEAD = timedelta(days=30)
LONGEST_YEARS = 30
LONGEST_MONTHS = 12 * LONGEST_YEARS
OLDEST = date(1950, 1, 1)


@dataclass(frozen=True, slots=True)
class Held:
    """A certificate as eligibility sees it."""

    skill: str
    issued_on: date
    ends_on: date | None
    withdrawn: bool = False

    def holds(self, day: date) -> bool:
        """Tell whether it holds on a day; on its last day it still does.

        Parameters
        ----------
        day
            By the community's clock.
        """
        return not self.withdrawn and self.issued_on <= day and (self.ends_on is None or day <= self.ends_on)


def skills_in_force(skills: Iterable[str], certificates: Iterable[Held], day: date) -> tuple[str, ...]:
    """Return the skills of somebody that count on a day.

    Parameters
    ----------
    skills
        As the office has entered them.
    certificates
        All that they have had.
    day
        By the community's clock.
    """
    known = list(certificates)
    shown = {one.skill for one in known}
    holding = {one.skill for one in known if one.holds(day)}
    return tuple(skill for skill in skills if skill not in shown or skill in holding)


def standing(ends_on: date | None, day: date, *, withdrawn: bool = False) -> str:
    """Return how a certificate stands: holds, soon (its end is near), ended, withdrawn.

    Parameters
    ----------
    ends_on, withdrawn
        Of the certificate.
    day
        By the community's clock.
    """
    if withdrawn:
        return "withdrawn"
    if ends_on is None:
        return "holds"
    if ends_on < day:
        return "ended"
    return "soon" if ends_on - day <= TOLD_AHEAD else "holds"


def checked_kind(kind: str) -> str:
    """Return a kind of certificate.

    Raises
    ------
    InvalidInputError
        ``certificate_kind``.
    """
    if kind not in KINDS:
        raise InvalidInputError("no such certificate", code="certificate_kind", field="kind")
    return kind


def checked_dates(issued_on: date, ends_on: date | None, today: date) -> None:
    """Refuse dates that no certificate has.

    Parameters
    ----------
    issued_on, ends_on
        As stated.
    today
        By the community's clock.

    Raises
    ------
    InvalidInputError
        ``certificate_issued``, ``certificate_ends``.
    """
    if not OLDEST <= issued_on <= today:
        raise InvalidInputError("issued before today", code="certificate_issued", field="issued_on")
    if ends_on is not None and not issued_on <= ends_on <= after(today, LONGEST_MONTHS):
        raise InvalidInputError("it ends after it was issued", code="certificate_ends", field="ends_on")


def after(day: date, months: int) -> date:
    """Return the day so many months later; of a month without that day its last.

    Parameters
    ----------
    day, months
        From when, how many.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
