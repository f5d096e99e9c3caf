"""The one table of what may become of a case, and who may do it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from gis.errors import IllegalTransitionError, NotAllowedError
from gis.words import CaseFacts, Relation, Status, Verb

_SERVICE = frozenset({Relation.SERVICE})
_OFFICE = frozenset({Relation.DESK, Relation.GRID_WORKER})
_DESK = frozenset({Relation.DESK})
_OFFEREE = frozenset({Relation.OFFEREE})
_ASSIGNEE = frozenset({Relation.ASSIGNEE})
_AGENCY = frozenset({Relation.AGENCY})
_AREA = frozenset({Relation.GRID_WORKER, Relation.WATCHER})
_REPORTER = frozenset({Relation.REPORTER})
_CO_REPORTER = frozenset({Relation.CO_REPORTER})
_CLAIMANT = frozenset({Relation.CLAIMANT})
_SUB_DISTRICT = frozenset({Relation.SUB_DISTRICT})
_ASKED = frozenset({Relation.ASKED})
_ASKING = frozenset({Relation.ASKING})

FINAL = frozenset({Status.CLOSED, Status.REJECTED, Status.CANCELLED})


@dataclass(frozen=True, slots=True)
class Transition:
    """One row: what a verb makes of a status, and for whom."""

    to: Status
    who: frozenset[Relation]
    never: frozenset[Relation] = frozenset()
    to_agency: Status | None = None
    """Instead of ``to``, for a case that an agency did the work of."""

    def target(self, facts: CaseFacts) -> Status:
        """Return what becomes of a case."""
        return self.to_agency if self.to_agency and facts.agency_code else self.to


def _row(
    to: Status,
    who: frozenset[Relation],
    *,
    never: frozenset[Relation] = frozenset(),
    to_agency: Status | None = None,
) -> Transition:
    return Transition(to, who, never, to_agency)


S, V = Status, Verb
TRANSITIONS: dict[tuple[Status, Verb], Transition] = {
    (S.OPEN, V.OFFER): _row(S.OFFERED, _SERVICE | _OFFICE),  # the office: to somebody whom it names
    (S.OPEN, V.ACCEPT): _row(S.ACCEPTED, _AREA | _CLAIMANT),  # self-claimed
    (S.OPEN, V.REFER): _row(S.REFERRED, _OFFICE | _SUB_DISTRICT),
    (S.OPEN, V.REJECT): _row(S.REJECTED, _OFFICE),
    (S.OPEN, V.CANCEL): _row(S.CANCELLED, _DESK | _REPORTER),
    (S.OPEN, V.MERGE): _row(S.CANCELLED, _OFFICE),  # its reports now belong to another case
    (S.OFFERED, V.EXPIRE): _row(S.OPEN, _SERVICE),
    (S.OFFERED, V.DECLINE): _row(S.OPEN, _OFFEREE),
    (S.OFFERED, V.WITHDRAW): _row(S.OPEN, _OFFICE),
    (S.OFFERED, V.ACCEPT): _row(S.ACCEPTED, _OFFEREE),
    (S.OFFERED, V.REFER): _row(S.REFERRED, _OFFICE),
    (S.OFFERED, V.REJECT): _row(S.REJECTED, _OFFICE),
    (S.OFFERED, V.CANCEL): _row(S.CANCELLED, _DESK | _REPORTER),
    (S.OFFERED, V.MERGE): _row(S.CANCELLED, _OFFICE),
    (S.ACCEPTED, V.ARRIVE): _row(S.ON_SITE, _ASSIGNEE),
    (S.ACCEPTED, V.DONE): _row(S.DONE, _ASSIGNEE),
    (S.ACCEPTED, V.RELEASE): _row(S.OPEN, _OFFICE | _ASSIGNEE, never=_AGENCY),
    (S.ACCEPTED, V.REFER): _row(S.REFERRED, _OFFICE | _ASSIGNEE, never=_AGENCY),
    (S.ACCEPTED, V.RETURN): _row(S.OPEN, _AGENCY),
    (S.ACCEPTED, V.REJECT): _row(S.REJECTED, _DESK),
    (S.ACCEPTED, V.CANCEL): _row(S.CANCELLED, _DESK | _REPORTER),
    (S.ACCEPTED, V.MERGE): _row(S.CANCELLED, _OFFICE),
    (S.ON_SITE, V.DONE): _row(S.DONE, _ASSIGNEE),
    (S.ON_SITE, V.RELEASE): _row(S.OPEN, _OFFICE | _ASSIGNEE, never=_AGENCY),
    (S.ON_SITE, V.REFER): _row(S.REFERRED, _OFFICE | _ASSIGNEE, never=_AGENCY),
    (S.ON_SITE, V.RETURN): _row(S.OPEN, _AGENCY),
    (S.ON_SITE, V.REJECT): _row(S.REJECTED, _DESK),
    (S.ON_SITE, V.CANCEL): _row(S.CANCELLED, _DESK),
    (S.ON_SITE, V.MERGE): _row(S.CANCELLED, _OFFICE),
    (S.REFERRED, V.REFER): _row(S.REFERRED, _DESK | _SUB_DISTRICT),  # to another agency
    (S.REFERRED, V.ACCEPT): _row(S.ACCEPTED, _AGENCY),
    (S.REFERRED, V.DONE): _row(S.DONE, _AGENCY),
    (S.REFERRED, V.RETURN): _row(S.OPEN, _AGENCY | _DESK),
    (S.REFERRED, V.REJECT): _row(S.REJECTED, _DESK),
    (S.REFERRED, V.CANCEL): _row(S.CANCELLED, _DESK | _REPORTER),
    (S.REFERRED, V.MERGE): _row(S.CANCELLED, _OFFICE),
    (S.DONE, V.VERIFY): _row(S.CLOSED, _AREA | _DESK, never=_ASSIGNEE),
    (S.DONE, V.REOPEN): _row(
        S.OPEN,
        _AREA | _DESK | _REPORTER | _CO_REPORTER,
        never=_ASSIGNEE,
        to_agency=S.REFERRED,
    ),
    (S.CLOSED, V.REOPEN): _row(  # reporters only for some time: gis.cases.ratings
        S.OPEN,
        _OFFICE | _REPORTER | _CO_REPORTER,
        never=_ASSIGNEE,
        to_agency=S.REFERRED,
    ),
    (S.REFERRED, V.UNDO): _row(S.OPEN, _OFFICE),  # the ways back of what was done last: gis.flows.undo
    (S.CLOSED, V.UNDO): _row(S.DONE, _OFFICE),
    (S.REJECTED, V.UNDO): _row(S.OPEN, _OFFICE),
    (S.CANCELLED, V.UNDO): _row(S.OPEN, _OFFICE),
    (S.REJECTED, V.REOPEN): _row(S.OPEN, _OFFICE),
    (S.CANCELLED, V.REOPEN): _row(S.OPEN, _OFFICE),
}
_UNCLAIMED, _IN_HAND = (S.OPEN, S.OFFERED), (S.ACCEPTED, S.ON_SITE)
for _verb, _statuses, _who in (  # what leaves the status as it is
    (V.PROGRESS, (S.REFERRED,), _AGENCY),
    (V.PROGRESS, _IN_HAND, _AGENCY | _ASSIGNEE),
    (V.ASK_HELP, _IN_HAND, _ASSIGNEE),
    (V.HAND_OVER, _UNCLAIMED, _OFFICE),
    (V.HAND_OVER, _IN_HAND, _OFFICE | _ASSIGNEE),
    (V.REFUSE_HAND_OVER, _UNCLAIMED + _IN_HAND, _ASKED),
    (V.WITHDRAW_HAND_OVER, _UNCLAIMED + _IN_HAND, _ASKING),
    (V.DECIDE, (*_UNCLAIMED, *_IN_HAND, S.REFERRED), _AREA | _DESK | _SUB_DISTRICT),
    (V.PAUSE, (*_IN_HAND, S.REFERRED), _OFFICE | _ASSIGNEE | _AGENCY),
    (V.APPROVE_PAUSE, (*_IN_HAND, S.REFERRED), _OFFICE),
    (V.REFUSE_PAUSE, (*_IN_HAND, S.REFERRED), _OFFICE),
    (V.RESUME, (*_IN_HAND, S.REFERRED), _OFFICE | _ASSIGNEE | _AGENCY | _SERVICE),
    (V.CLASSIFY, (*_UNCLAIMED, *_IN_HAND, S.REFERRED), _OFFICE),
    (V.SET_URGENT, (*_UNCLAIMED, *_IN_HAND, S.REFERRED), _OFFICE),
):
    TRANSITIONS |= {(_status, _verb): _row(_status, _who) for _status in _statuses}
TRANSITIONS |= {(_status, V.ACCEPT_HAND_OVER): _row(S.ACCEPTED, _ASKED) for _status in _UNCLAIMED + _IN_HAND}
"""Everything else is illegal."""


def legal(status: Status, relations: Collection[Relation]) -> tuple[Verb, ...]:
    """Return the verbs that somebody may do now, in the table's order.

    Taking back isn't among them: whether that is possible depends on what was done last (``gis.cases.undoing``).

    Parameters
    ----------
    status
        The case's status.
    relations
        What the person is to the case.
    """
    return tuple(
        verb
        for (at, verb), row in TRANSITIONS.items()
        if at is status and verb is not Verb.UNDO and _permits(row, relations)
    )


def transition(facts: CaseFacts, verb: Verb, relations: Collection[Relation]) -> Transition:
    """Return what a verb makes of a case.

    Parameters
    ----------
    facts
        The case as it is.
    verb
        What is to be done.
    relations
        What the actor is to the case.

    Raises
    ------
    IllegalTransitionError
        The status doesn't allow it to anybody; ``legal`` names the verbs that it allows this actor.
    NotAllowedError
        It is allowed, but not to this actor: ``not_allowed``, or ``own_work`` for checking one's own work.
    """
    row = TRANSITIONS.get((facts.status, verb))
    if row is None:
        raise IllegalTransitionError(
            f"{verb} is not possible for a case that is {facts.status}",
            verb=verb.value,
            status=facts.status.value,
            legal=[one.value for one in legal(facts.status, relations)],
        )
    if Relation.ASSIGNEE in row.never & frozenset(relations) and row.who & frozenset(relations):
        raise NotAllowedError(f"nobody may {verb} their own work", code="own_work", verb=verb.value)
    if not _permits(row, relations):
        raise NotAllowedError(f"{verb} is for others to do", verb=verb.value)
    return row


def _permits(row: Transition, relations: Collection[Relation]) -> bool:
    mine = frozenset(relations)
    return bool(row.who & mine) and not row.never & mine
