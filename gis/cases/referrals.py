"""Referrals: what becomes of one when something is done to its case, until when it is due, and who decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from gis.cases.office import CaseClock
from gis.categories import Category
from gis.errors import InvalidInputError
from gis.words import DecisionLevel, ReferralStatus, Relation, Verb

SOON_SHARE = 0.8
"""Of the time allowed; from then on a referral is soon due."""
LATEST = timedelta(days=366)
_R = ReferralStatus
_FOLLOWS: Mapping[Verb, ReferralStatus] = {
    Verb.ACCEPT: _R.ACCEPTED,
    Verb.DONE: _R.DONE,
    Verb.VERIFY: _R.VERIFIED,
    Verb.RETURN: _R.RETURNED,
    Verb.REFER: _R.WITHDRAWN,
    Verb.RELEASE: _R.WITHDRAWN,
    Verb.REJECT: _R.WITHDRAWN,
    Verb.CANCEL: _R.WITHDRAWN,
    Verb.MERGE: _R.WITHDRAWN,
    Verb.UNDO: _R.WITHDRAWN,
}


def follows(verb: Verb, relations: Collection[Relation]) -> ReferralStatus | None:
    """Return what an act on a case makes of its open referral; None: it stays as it is.

    Parameters
    ----------
    verb
        What is done.
    relations
        What who does it is to the case: what the desk takes back was withdrawn, not returned; what the sub-district
        refers to a department was passed on.
    """
    if verb is Verb.REFER and Relation.SUB_DISTRICT in relations:
        return _R.PASSED_ON
    if verb is Verb.RETURN and Relation.AGENCY not in relations:
        return _R.WITHDRAWN
    return _FOLLOWS.get(verb)


def checked_due_at(stated: datetime | None, promised: datetime, now: datetime) -> datetime:
    """Return until when an agency has time.

    Parameters
    ----------
    stated
        By who refers the case; None: as long as the category allows.
    promised
        What the category allows.
    now
        The time.

    Raises
    ------
    InvalidInputError
        ``due_in_past``, ``due_too_far``.
    """
    if stated is None:
        return promised
    if stated <= now:
        raise InvalidInputError("the deadline has passed already", code="due_in_past", field="due_at")
    if stated > now + LATEST:
        raise InvalidInputError("the deadline is over a year off", code="due_too_far", field="due_at")
    return stated


def accept_due(kind: Category, now: datetime, due_at: datetime, clock: CaseClock) -> datetime:
    """Return until when an agency should say that it takes a case: the category's time to answer, by its clock.

    Parameters
    ----------
    kind, clock
        The case's category, and what its time is counted by.
    now, due_at
        When it is referred, and until when it should be settled: not later than that.
    """
    return min(clock.later(now, kind.answer_s), due_at)


def checked_expected(stated: datetime | None, now: datetime) -> datetime | None:
    """Return when an agency expects to be done, as it says when it takes a case.

    Parameters
    ----------
    stated
        By the agency; None: it doesn't say.
    now
        The time.

    Raises
    ------
    InvalidInputError
        ``expected_past``, ``due_too_far``.
    """
    if stated is not None and stated <= now:
        raise InvalidInputError("that moment has passed already", code="expected_past", field="expected_at")
    if stated is not None and stated > now + LATEST:
        raise InvalidInputError("over a year off", code="due_too_far", field="expected_at")
    return stated


def soon_at(referred_at: datetime, due_at: datetime) -> datetime:
    """Return from when on a referral is soon due.

    Parameters
    ----------
    referred_at, due_at
        Of the referral.
    """
    return referred_at + (due_at - referred_at) * SOON_SHARE


def level_of(relations: Collection[Relation]) -> DecisionLevel | None:
    """Return at which of the three levels somebody decides on a case; None: at none.

    Parameters
    ----------
    relations
        What they are to it.
    """
    if Relation.SUB_DISTRICT in relations:
        return DecisionLevel.SUB_DISTRICT
    if {Relation.DESK, Relation.GRID_WORKER} & set(relations):
        return DecisionLevel.COMMUNITY
    if {Relation.WATCHER, Relation.ASSIGNEE} & set(relations):
        return DecisionLevel.COURTYARD
    return None


def may_decide(level: DecisionLevel, relations: Collection[Relation]) -> bool:
    """Tell whether somebody may decide for a level: for their own, and a grid worker for the courtyards as well.

    Parameters
    ----------
    level
        For which.
    relations
        What they are to the case.
    """
    own = level_of(relations)
    return own is level or (level is DecisionLevel.COURTYARD and Relation.GRID_WORKER in relations)
