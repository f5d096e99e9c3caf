"""Lists by the ways into a reader's scope: each way is read in the order of its own index, and only as far as a page needs.

Asked as one condition ("in my grid, or reported by me, or offered to me"), the newest fifty of a community with a million cases are
found by looking at all of them, case by case. So what belongs to a scope is asked for way by way, the newest of each, and the
newest of those are the page. How many there are in all is counted up to ``COUNTED_TO``: further nobody reads, and to count a
million takes longer than anything else on the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    SelectBase,
    and_,
    false,
    func,
    literal_column,
    select,
    true,
    tuple_,
    union,
    union_all,
)

from gis.store.tables import case, community, hand_over, offer, referral, report
from gis.words import COUNTED_TO, SUB_DISTRICT, TOP_LEVEL, Scope

_own = case.alias("own")
SEARCHED = 10_000


@dataclass(frozen=True, slots=True)
class Listed:
    """What a list is of.

    Parameters
    ----------
    source
        Its table, with those that its conditions name.
    key, moment
        What tells its rows apart, and by what they are ordered, the newest first.
    """

    source: FromClause
    key: ColumnElement[Any]
    moment: ColumnElement[Any]


CASES = Listed(case, case.c.case_id, case.c.opened_at)
SAID_CASES = replace(CASES, source=case.join(community, community.c.community_id == case.c.community_id))
"""By what they say, their number as people read it too: it takes the community's own day."""


def ways(scope: Scope) -> list[ColumnElement[bool]]:
    """Return the ways into a scope, each a condition on ``case`` that one index answers; together they are ``reach.reaches``.

    Parameters
    ----------
    scope
        Whose.
    """
    here = case.c.community_id == scope.community_id
    if scope.everything:
        return [and_(here, true())]
    c = case.c
    found = [c.grid_code == code for code in sorted(scope.grid_codes)]
    found += [c.micro_grid_code == code for code in sorted(scope.micro_grid_codes)]
    if scope.agency_code:
        found.append(c.agency_code == scope.agency_code)
    if scope.agency_code == SUB_DISTRICT:
        found.append(c.escalation >= TOP_LEVEL)
    if scope.person_id is not None:
        found.append(c.assignee_id == scope.person_id)
    one_by_one = _one_by_one(scope)
    if one_by_one:
        found.append(any_of(union_all(*one_by_one)))
    return [and_(here, one) for one in found]


def _one_by_one(scope: Scope) -> list[SelectBase]:
    """Return the selections of cases that others' rows name: reports, offers, questions to take over, calls for a department."""
    here, found = scope.community_id, list[SelectBase]()
    if scope.agency_code:
        found.append(
            select(referral.c.case_id).where(
                referral.c.community_id == here,
                referral.c.from_agency == scope.agency_code,
                referral.c.ended_at.is_(None),
            )
        )
    if scope.person_id is None:
        return found
    return [
        *found,
        reported_by(here, scope.person_id),
        offered_to(here, scope.person_id),
        _asked(here, scope.person_id),
    ]


def any_of(cases: SelectBase) -> ColumnElement[bool]:
    """Return the condition for certain cases: a list of keys rather than a join, so that they are looked up and nothing is walked.

    Parameters
    ----------
    cases
        Selects their keys.
    """
    return case.c.case_id == func.any(func.array(cases.scalar_subquery()))


def reported_by(community_id: str, person_id: UUID) -> SelectBase:
    """Return the cases that somebody has reported, or that were opened for them."""
    return union_all(
        select(report.c.case_id).where(
            report.c.community_id == community_id, report.c.reporter_id == person_id
        ),
        select(_own.c.case_id).where(_own.c.community_id == community_id, _own.c.reporter_id == person_id),
    )


def offered_to(community_id: str, person_id: UUID) -> Select[Any]:
    """Return the cases that somebody is being offered."""
    return select(offer.c.case_id).where(
        offer.c.community_id == community_id, offer.c.responder_id == person_id, offer.c.status == "live"
    )


def _asked(community_id: str, person_id: UUID) -> Select[Any]:
    return select(hand_over.c.case_id).where(
        hand_over.c.community_id == community_id,
        hand_over.c.to_id == person_id,
        hand_over.c.status == "asked",
    )


def newest(
    listed: Listed,
    each: Sequence[ColumnElement[bool]],
    narrowing: ColumnElement[bool],
    *,
    limit: int,
    after: tuple[datetime, UUID] | None = None,
    words: ColumnElement[bool] | None = None,
) -> Select[Any]:
    """Return the selection of the keys of a page, the newest first.

    Parameters
    ----------
    listed
        Of what.
    each
        The ways by which they are found.
    narrowing
        What has to hold besides.
    limit
        At most so many.
    after
        The last one already seen.
    words
        What no index helps with: looked for among the newest ``SEARCHED`` that all else holds for.
    """

    def by(way: ColumnElement[bool]) -> Select[Any]:
        found = select(listed.key.label("key"), listed.moment.label("moment")).select_from(listed.source)
        found = found.where(way, narrowing, *_saying(listed, way, narrowing, words))
        if after is not None:
            found = found.where(tuple_(listed.moment, listed.key) < after)
        return found.order_by(listed.moment.desc(), listed.key.desc()).limit(limit)

    together = union(*map(by, each or (false(),))).subquery("ways")
    return select(together.c.key).order_by(together.c.moment.desc(), together.c.key.desc()).limit(limit)


def _saying(
    listed: Listed,
    way: ColumnElement[bool],
    narrowing: ColumnElement[bool],
    words: ColumnElement[bool] | None,
) -> Iterator[ColumnElement[bool]]:
    if words is None:
        return
    last = (
        select(listed.moment)
        .select_from(listed.source)
        .where(way, narrowing)
        .order_by(listed.moment.desc())
        .offset(SEARCHED)
        .limit(1)
        .correlate(None)
        .scalar_subquery()
    )
    yield words
    yield listed.moment > func.coalesce(last, literal_column("'-infinity'::timestamptz"))


def how_many(
    listed: Listed,
    each: Sequence[ColumnElement[bool]],
    narrowing: ColumnElement[bool],
    *,
    words: ColumnElement[bool] | None = None,
) -> Select[Any]:
    """Return the selection of one number: how many there are, ``COUNTED_TO`` at most.

    Parameters
    ----------
    listed, each, narrowing, words
        As for ``newest``.
    """

    def by(way: ColumnElement[bool]) -> Select[Any]:
        found = select(listed.key.label("key")).select_from(listed.source)
        return found.where(way, narrowing, *_saying(listed, way, narrowing, words)).limit(COUNTED_TO)

    together = union(*map(by, each or (false(),))).subquery("ways")
    first = select(literal_column("1")).select_from(together).limit(COUNTED_TO).subquery("first")
    return select(func.count()).select_from(first)
