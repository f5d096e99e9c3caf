"""Opening a mediation, naming its mediator, passing it on to another social worker."""

from __future__ import annotations

from uuid import UUID

from gis.cases.categories import category
from gis.categories import Family
from gis.errors import ConflictError, InvalidInputError, NotAllowedError
from gis.flows.acting import hold
from gis.flows.assign import assign
from gis.flows.mediation.holding import held_open
from gis.flows.naming import person_called
from gis.flows.notify import notify
from gis.flows.residents.access import present
from gis.flows.work import Work
from gis.people.permissions import may_keep_mediation, require
from gis.store import mediation, mediation_reading
from gis.store.sessions import actor_of
from gis.words import Actor, Notice, Relation, Status

WAITING = frozenset({Status.OPEN, Status.OFFERED})
_OFFICE = frozenset({Relation.DESK, Relation.GRID_WORKER})


async def open_mediation(
    work: Work, actor: Actor, case_id: UUID, mediator: str = "", *, offer: bool = False
) -> None:
    """Open the mediation of a dispute's case; who opens it is its social worker. Said again it changes nothing.

    Parameters
    ----------
    work, actor, case_id
        Who of the office opens which.
    mediator, offer
        As for ``name_mediator``; may be named later.

    Raises
    ------
    InvalidInputError
        ``mediation_category``: the case is no dispute.
    ConflictError
        ``mediation_elsewhere``: another social worker has it.
    NotAllowedError, NotFoundError
        ``not_allowed``, ``case_not_found``.
    """
    now = await present(work.session, actor)
    require(now, "open_mediation")
    case, relations = await hold(work, now, case_id)
    if not relations & _OFFICE:
        raise NotAllowedError("for the office", verb="open_mediation")
    if category(case.facts.category).family is not Family.DISPUTE:
        raise InvalidInputError("the case is no dispute", code="mediation_category", field="case_id")
    where = actor.community_id
    if not await mediation.add(work.session, where, case_id, actor.person_id, work.clock.now()):
        before = await mediation.get(work.session, where, case_id, work.clock.now())
        if before is None or before.keeper_id != actor.person_id:
            raise ConflictError("another social worker has it", code="mediation_elsewhere")
    if mediator:
        await name_mediator(work, actor, case_id, mediator, offer=offer)


async def name_mediator(
    work: Work, actor: Actor, case_id: UUID, mediator: str, *, offer: bool = False
) -> None:
    """Name who mediates; who did before no longer sees anything of it.

    Parameters
    ----------
    work, actor, case_id
        Its social worker, and which.
    mediator
        Id, username or name of somebody whose skill of mediation counts now, and who hasn't reported the dispute.
    offer
        Offer them the case too, by the way in which cases are assigned.

    Raises
    ------
    InvalidInputError
        ``person_not_called``, ``person_unclear``, ``mediator_unable``.
    NotAllowedError
        ``not_allowed``: only the social worker names.
    ConflictError
        As ``gis.flows.assign.assign``.
    """
    one = await held_open(work, actor, case_id)
    if one.keeper_id != actor.person_id:
        raise NotAllowedError("its social worker names", verb="name_mediator")
    chosen = await person_called(work, actor.community_id, mediator, "mediator")
    able = await mediation_reading.mediators(work.session, actor.community_id, case_id, work.clock.now())
    if chosen.person_id not in {each.person_id for each in able}:
        raise InvalidInputError(
            "they may not mediate this", code="mediator_unable", field="mediator", name=chosen.name
        )
    await mediation.name(work.session, actor.community_id, case_id, mediator_id=chosen.person_id)
    if one.mediator_id != chosen.person_id:
        await notify(
            work,
            actor.community_id,
            Notice("mediation_named", [chosen.person_id], case_id, key=f"{case_id}:{chosen.person_id}"),
        )
    if offer:
        case, _ = await hold(work, actor, case_id)
        if case.facts.status in WAITING:
            await assign(work, actor, case_id, str(chosen.person_id))


async def pass_mediation(work: Work, actor: Actor, case_id: UUID, keeper: str) -> None:
    """Make another one of the office responsible; whoever passes it on no longer sees anything of it.

    Parameters
    ----------
    work, actor, case_id
        Its social worker, and which. Where they have left the office, an administrator passes it on unread.
    keeper
        Id, username or name of one of the desk, or of the grid's worker.

    Raises
    ------
    InvalidInputError
        ``person_not_called``, ``person_unclear``, ``keeper_unable``.
    """
    now = await present(work.session, actor)
    one = await mediation.lock(work.session, actor.community_id, case_id, work.clock.now())
    before = None if one is None else await actor_of(work.session, actor.community_id, one.keeper_id)
    left = before is None or (one is not None and not may_keep_mediation(before, one.grid_code))
    if one is None or not (one.keeper_id == actor.person_id or (left and now.role == "admin")):
        raise NotAllowedError("its social worker passes it on", verb="pass_mediation")
    chosen = await person_called(work, actor.community_id, keeper, "keeper")
    after = await actor_of(work.session, actor.community_id, chosen.person_id)
    if after is None or not may_keep_mediation(after, one.grid_code):
        raise InvalidInputError(
            "not one of the office here", code="keeper_unable", field="keeper", name=chosen.name
        )
    await mediation.name(work.session, actor.community_id, case_id, keeper_id=chosen.person_id)
    key = f"{case_id}:{chosen.person_id}:{work.clock.now().isoformat()}"
    await notify(work, actor.community_id, Notice("mediation_named", [chosen.person_id], case_id, key=key))
