"""What a month came to: servings and money by rule for the office, and what each person owes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from gis.errors import InvalidInputError
from gis.flows.meals.sealed import open_contact
from gis.flows.work import Work
from gis.people.permissions import require
from gis.recurrence import DAY
from gis.store import kitchens, meals, servings
from gis.store.access_log import log_access
from gis.words import Actor
from gis.words.meals import PriceRule

FIRST_YEAR, LAST_YEAR = 2000, 2199


@dataclass(frozen=True, slots=True)
class RuleLine:
    """Servings of one rule: how many people had them, and what they came to."""

    rule: PriceRule | None
    servings: int
    fen: int
    people: int


@dataclass(frozen=True, slots=True)
class PersonLine:
    """What one subscription came to."""

    subscription_id: UUID
    name: str
    servings: int
    fen: int
    cancelled: int
    rules: Sequence[str]


@dataclass(frozen=True, slots=True)
class Statement:
    """A month of the kitchen."""

    month: date
    rules: Sequence[RuleLine]
    ways: Mapping[str, int]
    states: Mapping[str, int]
    people: Sequence[PersonLine]

    @property
    def servings(self) -> int:
        """All that were cooked."""
        return sum(one.servings for one in self.rules)

    @property
    def fen(self) -> int:
        """All that they came to."""
        return sum(one.fen for one in self.rules)


def month_of(text: str) -> date:
    """Return the first day of a month as it is stated, ``2026-06``.

    Raises
    ------
    InvalidInputError
        ``month_invalid``.
    """
    year, _, month = text.partition("-")
    if not (year.isascii() and year.isdigit() and month.isascii() and month.isdigit()):
        raise InvalidInputError("no month", code="month_invalid", field="month")
    if not (FIRST_YEAR <= int(year[:5]) <= LAST_YEAR and 1 <= int(month[:3]) <= 12):  # noqa: PLR2004
        raise InvalidInputError("no month", code="month_invalid", field="month")
    return date(int(year), int(month), 1)


def end_of(month: date) -> date:
    """Return the last day of a month."""
    return (month.replace(day=28) + 4 * DAY).replace(day=1) - DAY


async def statement(work: Work, actor: Actor, month: date) -> Statement:
    """Return a month for the office; that the names were looked at is recorded.

    Parameters
    ----------
    work, actor, month
        Who looks at which month.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "run_kitchen")
    community_id, last = actor.community_id, end_of(month)
    rules = {one.rule_id: one for one in await kitchens.all_rules(work.session, community_id)}
    counts = await servings.month_counts(work.session, community_id, month, last)
    accounts = await servings.month_accounts(work.session, community_id, month, last)
    await log_access(
        work.session,
        community_id,
        at=work.clock.now(),
        person_id=actor.person_id,
        kind="meal_statement",
        subject_id=f"{month:%Y-%m}",
    )
    people = [
        PersonLine(
            one.subscription_id,
            open_contact(work.settings, community_id, one.subscription_id, one.contact).name
            if one.contact
            else "",
            one.servings,
            one.fen,
            one.cancelled,
            [rules[rule].name for rule in one.rules if rule in rules],
        )
        for one in accounts
    ]
    cooked = [one for one in counts if one.state != "cancelled"]
    return Statement(
        month,
        _by_rule(cooked, accounts, rules),
        _sums(cooked, "way"),
        _sums(counts, "state"),
        people,
    )


def _sums(counts: Sequence[servings.Count], name: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for one in counts:
        key = str(getattr(one, name))
        found[key] = found.get(key, 0) + one.servings
    return found


def _by_rule(
    counts: Sequence[servings.Count],
    accounts: Sequence[servings.Account],
    rules: Mapping[UUID, PriceRule],
) -> list[RuleLine]:
    lines: list[RuleLine] = []
    for rule_id in dict.fromkeys(one.rule_id for one in counts):
        own = [one for one in counts if one.rule_id == rule_id]
        people = sum(rule_id in one.rules if rule_id else not one.rules for one in accounts)
        lines.append(
            RuleLine(
                rules.get(rule_id) if rule_id else None,
                sum(one.servings for one in own),
                sum(one.fen for one in own),
                people,
            )
        )
    return sorted(lines, key=lambda one: one.rule.from_age if one.rule else -1)


@dataclass(frozen=True, slots=True)
class OwnDay:
    """One day of one's own month."""

    day: date
    servings: int
    fen: int
    state: str


async def own_month(work: Work, actor: Actor, month: date) -> list[OwnDay]:
    """Return what somebody's own subscriptions came to in a month, day by day.

    Parameters
    ----------
    work, actor, month
        Whose.
    """
    require(actor, "meals")
    own = await meals.subscriptions(
        work.session, actor.community_id, since=date.min, person_id=actor.person_id
    )
    ids = [one.subscription_id for one in own]
    if not ids:
        return []
    rows = await servings.servings_of(work.session, actor.community_id, ids, month, end_of(month))
    return [
        OwnDay(
            row.day, row.servings, 0 if row.state == "cancelled" else row.servings * row.price_fen, row.state
        )
        for row in rows
    ]
