"""Who may see which cases, as one SQL condition used by every read model."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, exists, false, or_, true

from gis.store.tables import case, offer, report
from gis.words import Scope

_reported = report.alias("reported")  # an alias, so that lists of reports can use the condition as well


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
        doors.append(case.c.agency_code == scope.agency_code)
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
        ]
    return doors or [false()]
