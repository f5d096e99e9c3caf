"""Who may see which cases, as one SQL condition used by every read model."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, false, or_, true

from gis.store.tables import case, hand_over, offer, referral, report
from gis.words import SUB_DISTRICT, TOP_LEVEL, Scope

# aliases, so that lists of these can use the condition as well
_reported, _asked, _called = report.alias("reported"), hand_over.alias("asked"), referral.alias("called")


def reaches(scope: Scope, *, reported: bool = True) -> ColumnElement[bool]:
    """Return the condition on ``case`` that holds for every case inside a scope.

    Parameters
    ----------
    scope
        Whose.
    reported
        False: without cases that are in it only because the reader has reported them.
    """
    return and_(case.c.community_id == scope.community_id, or_(*_doors(scope, reported=reported)))


def _doors(scope: Scope, *, reported: bool) -> list[ColumnElement[bool]]:
    if scope.everything:
        return [true()]
    doors: list[ColumnElement[bool]] = []
    if scope.grid_codes:
        doors.append(case.c.grid_code.in_(sorted(scope.grid_codes)))
    if scope.micro_grid_codes:
        doors.append(case.c.micro_grid_code.in_(sorted(scope.micro_grid_codes)))
    if scope.agency_code:
        doors += [
            case.c.agency_code == scope.agency_code,
            exists().where(  # what the sub-district has called a department for
                _called.c.community_id == case.c.community_id,
                _called.c.case_id == case.c.case_id,
                _called.c.from_agency == scope.agency_code,
                _called.c.ended_at.is_(None),
            ),
        ]
    if scope.agency_code == SUB_DISTRICT:
        doors.append(case.c.escalation >= TOP_LEVEL)
    if scope.person_id is not None and reported:
        doors += [
            case.c.reporter_id == scope.person_id,
            exists().where(
                _reported.c.community_id == case.c.community_id,
                _reported.c.case_id == case.c.case_id,
                _reported.c.reporter_id == scope.person_id,
            ),
        ]
    if scope.person_id is not None:
        doors += [
            case.c.assignee_id == scope.person_id,
            exists().where(
                offer.c.community_id == case.c.community_id,
                offer.c.case_id == case.c.case_id,
                offer.c.responder_id == scope.person_id,
                offer.c.status == "live",
            ),
            exists().where(
                _asked.c.community_id == case.c.community_id,
                _asked.c.case_id == case.c.case_id,
                _asked.c.to_id == scope.person_id,
                _asked.c.status == "asked",
            ),
        ]
    return doors or [false()]
