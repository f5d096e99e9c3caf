"""A call to the 12345 hotline (工单): taken by the desk or read from a file, it goes the way of every report."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from gis.cases import ladder
from gis.cases.deadlines import SOON
from gis.errors import ConflictError, InvalidInputError, NotFoundError
from gis.flows.clocks import await_climb, case_clock, deadlines_of, next_look
from gis.flows.submit import ReportDraft, Submitted, submit
from gis.flows.texts import plain
from gis.flows.work import OpenWork, Work
from gis.people.permissions import require
from gis.store import cases, hotline
from gis.store.access_log import log_access
from gis.store.cases import LockedCase
from gis.store.hotline import Kept, NewOrder
from gis.store.jobs import Task
from gis.words import Actor, Position

EVERY_MINUTE = ("sweep_callbacks",)
ERASED_AT_ONCE = 500
SHORT = 64
SLACK = timedelta(minutes=5)
CALLBACK = re.compile(r"[\d+() ,;/转\-]{3,40}")
FINAL = frozenset({"closed", "rejected", "cancelled"})
# A mobile number, or a landline with its area code: what callers say is read by whoever gets the case.
_NUMBER = re.compile(r"(?<!\d)(1[3-9]\d)\d{4}(\d{4})(?!\d)|(?<!\d)(0\d{2,3})[- ]?\d{3,4}(\d{4})(?!\d)")


@dataclass(frozen=True, slots=True)
class HotlineCall:
    """A call as the desk writes it down, or as the hotline's file states it.

    Parameters
    ----------
    id
        Made by the client; sent again, it changes nothing.
    category
        A code.
    words
        The caller's; numbers of telephones in them are masked, for whoever gets the case reads them.
    position
        Of the address that was found (source ``plate``), or a point on the map.
    received_at
        When the call came in.
    order_number
        The hotline's own; none: the office's own telephone.
    due_at
        Until when the hotline wants it settled; none: the category's own time.
    callback
        Number to call back: for the desk only, every look is recorded, erased some time after the case has ended.
    building_id
        The building that was found or chosen.
    address, detail
        As the caller said it; floor, unit or landmark.
    same_as, separate
        As for ``ReportDraft``.
    """

    id: UUID
    category: str
    words: str
    position: Position
    received_at: datetime
    order_number: str = ""
    due_at: datetime | None = None
    callback: str = ""
    building_id: UUID | None = None
    address: str = ""
    detail: str = ""
    same_as: UUID | None = None
    separate: bool = False


async def take_call(work: Work, actor: Actor, call: HotlineCall) -> Submitted:
    """Take a call: a report with the source ``hotline``, and a case with the hotline's own deadline.

    Parameters
    ----------
    work, actor
        Unit of work, and who takes it.
    call
        What was said.

    Raises
    ------
    InvalidInputError
        ``received_in_future``, ``hotline_due_backwards``, ``callback_invalid``, and those of ``submit``.
    ConflictError
        ``order_number_used``: another call has this number. Those of ``submit``.
    NotAllowedError
        ``not_allowed``.
    """
    require(actor, "hotline")
    new = _checked(work, actor, call)
    draft = ReportDraft(
        id=call.id,
        category=call.category,
        description=new.words,
        position=call.position,
        detail=call.detail,
        source="hotline",
        same_as=call.same_as,
        separate=call.separate,
        chosen_place=str(call.building_id) if call.building_id else None,
    )
    submitted = await submit(work, actor, draft)
    if submitted.replayed:
        return submitted
    if not await hotline.add(work.session, actor.community_id, new):
        raise ConflictError(
            "another call has this number",
            code="order_number_used",
            field="order_number",
            order_number=new.order_number,
        )
    data = {"order_number": new.order_number, "report_id": str(call.id)}
    await _set_due(work, actor, submitted.case_id, "hotline", new.due_at, data)
    return submitted


async def change_call(work: Work, actor: Actor, kept: Kept, words: str, due_at: datetime | None) -> bool:
    """Take over what the hotline has changed of an order; the report stays as it was, the timeline tells of it.

    Parameters
    ----------
    work, actor
        Unit of work, and on whose behalf.
    kept
        The order as it was read.
    words, due_at
        As they are now; no deadline leaves the one that there is.

    Returns
    -------
    bool
        False when nothing was to be changed.
    """
    require(actor, "hotline")
    said, due = masked(plain(words, "words")), due_at or kept.due_at
    now = work.clock.now()
    if not await hotline.change(work.session, actor.community_id, kept.order_id, said, due, now):
        return False
    data: dict[str, Any] = {"order_number": kept.order_number}
    if said != kept.words:
        data["words"] = said
    if due is not None and due != kept.due_at:
        data["due_at"] = due.isoformat()
    await _set_due(work, actor, kept.case_id, "hotline_change", due, data)
    return True


async def callback_of(work: Work, actor: Actor, order_id: UUID) -> str:
    """Return the number to call back, empty where there is none any more; the look is recorded.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    NotFoundError
        ``hotline_order_not_found``.
    """
    require(actor, "hotline")
    found = await hotline.callback(work.session, actor.community_id, order_id)
    if found is None:
        raise NotFoundError("no such order", code="hotline_order_not_found")
    await log_access(
        work.session,
        actor.community_id,
        at=work.clock.now(),
        person_id=actor.person_id,
        kind="callback",
        subject_id=str(order_id),
    )
    return found[0]


def masked(words: str) -> str:
    """Return words with the middle of every telephone number hidden.

    Parameters
    ----------
    words
        What a caller said.
    """
    return _NUMBER.sub(lambda found: f"{found[1] or found[3]}****{found[2] or found[4]}", words)


def _checked(work: Work, actor: Actor, call: HotlineCall) -> NewOrder:
    now = work.clock.now()
    if call.received_at > now + SLACK:
        raise InvalidInputError(
            "the call comes from the future", code="received_in_future", field="received_at"
        )
    if call.due_at is not None and call.due_at <= call.received_at:
        raise InvalidInputError("due before it came in", code="hotline_due_backwards", field="due_at")
    callback = plain(call.callback, "callback", limit=SHORT)
    if callback and not CALLBACK.fullmatch(callback):
        raise InvalidInputError("no number of a telephone", code="callback_invalid", field="callback")
    return NewOrder(
        order_id=call.id,
        order_number=plain(call.order_number, "order_number", limit=SHORT),
        words=masked(plain(call.words, "words")),
        address=masked(plain(call.address, "address", limit=200)),
        callback=callback,
        received_at=call.received_at,
        due_at=call.due_at,
        taken_by=actor.person_id,
        taken_at=now,
    )


async def _set_due(  # noqa: PLR0917 - which case, what is told of it, and its deadline
    work: Work, actor: Actor, case_id: UUID, verb: str, due_at: datetime | None, data: Mapping[str, Any]
) -> None:
    """Append the event, and give an unfinished case the hotline's deadline; of several the nearest holds."""
    case = await cases.lock(work.session, actor.community_id, case_id)
    if case is None:
        raise AssertionError  # it has just been filed, or is joined by key
    columns: dict[str, Any] = {}
    if due_at is not None and case.facts.status.value not in FINAL:
        columns = await _due_columns(work, actor.community_id, case, due_at, first=verb == "hotline")
    state = await cases.change(
        work.session,
        actor.community_id,
        case.facts,
        verb,
        case.facts.status,
        at=work.clock.now(),
        actor_id=actor.person_id,
        reason=str(data["order_number"]),
        data=data,
        columns=columns,
    )
    if state is None:
        raise ConflictError("somebody else changed the case first", code="changed_meanwhile")
    await await_climb(work, actor.community_id, case_id, columns.get("climb_at"))


async def _due_columns(
    work: Work, community_id: str, case: LockedCase, due_at: datetime, *, first: bool
) -> dict[str, Any]:
    now, before = work.clock.now(), case.moments["resolve_due_at"]
    joined = first and case.opened_at < now
    due = min(due_at, before) if joined else due_at
    soon = now + SOON * (due - now) if due > now else due
    columns: dict[str, Any] = {"resolve_soon_at": soon, "resolve_due_at": due}
    if case.facts.status in ladder.IN_HAND and case.paused_at is None:
        kind = await work.atlas.kind(work.session, community_id, case.facts.category)
        clock = await case_clock(work, community_id, kind)
        found = deadlines_of({**case.moments, **columns})
        columns["climb_at"] = next_look(case.facts.status, kind, found, clock, now, case.escalation)
    return columns


def bind_hotline(open_work: OpenWork) -> dict[str, Task]:
    """Return the tasks for ``gis.store.jobs.JobRunner``.

    Parameters
    ----------
    open_work
        Opens a unit of work that is committed when its block ends without an error.
    """

    async def sweep() -> None:
        async with open_work() as work:
            now = work.clock.now()
            before = now - timedelta(days=work.settings.hotline.callback_days)
            await hotline.erase_callbacks(work.session, before, now, limit=ERASED_AT_ONCE)

    return {"sweep_callbacks": sweep}
