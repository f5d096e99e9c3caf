"""What a reporter says of the work that was done; "not solved" opens the case again."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from gis.cases.ratings import RATEABLE, Rating, checked_rating, in_time
from gis.errors import ConflictError, NotAllowedError, NotFoundError
from gis.flows.acting import hold
from gis.flows.reopen import reopen
from gis.flows.texts import plain
from gis.flows.work import Work
from gis.store import ratings
from gis.store.cases import LockedCase
from gis.store.ratings import RatedReport
from gis.words import Actor, CaseState, Relation

LONGEST_WORDS = 500


async def rate(
    work: Work,
    actor: Actor,
    report_id: UUID,
    given: Rating,
) -> CaseState:
    """Say how the work on one's own report was; the same again changes nothing.

    Parameters
    ----------
    work, actor, report_id
        Who rates the work on which report.
    given
        What isn't solved opens the case again, with the words as the reason.

    Returns
    -------
    CaseState
        The case as it stands then.

    Raises
    ------
    InvalidInputError
        ``stars_out_of_range``, ``rating_words_needed``, ``text_too_long``.
    NotFoundError
        ``report_not_found``: no such report of this person's.
    NotAllowedError
        ``own_work``: nobody rates what they did themselves.
    ConflictError
        ``rating_not_done``: there is nothing to rate yet; ``rating_too_late``.
    """
    said = checked_rating(replace(given, words=plain(given.words, "words", limit=LONGEST_WORDS)))
    report = await ratings.rated_report(work.session, actor.community_id, report_id)
    if report is None or report.reporter_id != actor.person_id:
        raise NotFoundError("no such report, or not one of yours", code="report_not_found")
    case, found = await hold(work, actor, report.case_id)
    report = await ratings.rated_report(work.session, actor.community_id, report_id) or report
    now = work.clock.now()
    if _said_before(case, report, said):
        return CaseState(report.case_id, case.facts.status, case.facts.revision)
    if case.facts.status not in RATEABLE:
        raise ConflictError("the work isn't done", code="rating_not_done")
    if Relation.ASSIGNEE in found:
        raise NotAllowedError("nobody may rate their own work", code="own_work", verb="rate")
    if not in_time(case.done_at, now):
        raise ConflictError("it was done too long ago", code="rating_too_late")
    await ratings.put(
        work.session,
        actor.community_id,
        case.facts,
        report_id,
        person_id=actor.person_id,
        stars=said.stars,
        solved=said.solved,
        words=said.words,
        at=now,
    )
    if said.solved:
        return CaseState(report.case_id, case.facts.status, case.facts.revision)
    return await reopen(work, actor, report.case_id, said.words)


def _said_before(case: LockedCase, report: RatedReport, said: Rating) -> bool:
    """Tell whether this is what was said of this work already, and not of work that was done again since."""
    same = (report.stars, report.solved, report.words) == (said.stars, said.solved, said.words)
    done_since = case.done_at is not None and report.at is not None and report.at < case.done_at
    return same and not done_since
