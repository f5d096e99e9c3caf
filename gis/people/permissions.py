"""The one check of who may see and do what."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from gis.errors import NotAllowedError, NotFoundError
from gis.words import SUB_DISTRICT, TOP_LEVEL, Actor, CaseFacts, Relation, Role, Scope

_SEE_EVERYTHING = frozenset({Role.ADMIN, Role.DESK, Role.PLANNER})
_OFFICE = frozenset({Role.ADMIN, Role.DESK})
_RESPONDERS = frozenset({Role.WATCHER, Role.RIDER})
_MAY_WITHDRAW = frozenset({Relation.DESK, Relation.GRID_WORKER, Relation.ASSIGNEE})

ACTS: dict[str, frozenset[Role]] = {
    "submit": frozenset(Role) - {Role.AGENCY, Role.PLANNER},
    "duty": _RESPONDERS,
    "plan_duty": _OFFICE,
    "read_on_duty": _OFFICE | {Role.GRID_WORKER},
    "patrol": _RESPONDERS | {Role.GRID_WORKER},
    "visit": _OFFICE | {Role.GRID_WORKER, Role.WATCHER},
    "plan_rounds": _OFFICE | {Role.GRID_WORKER},
    "run_campaigns": _OFFICE,
    "create_person": frozenset({Role.ADMIN}),
    "administer": frozenset({Role.ADMIN}),
    "print_plates": _OFFICE | {Role.GRID_WORKER},
    "read_boundaries": _OFFICE | {Role.GRID_WORKER},
    "edit_boundaries": _OFFICE,
    "publish_boundaries": _OFFICE,
    "reassign_cases": _OFFICE,
    "unlink": _OFFICE | {Role.GRID_WORKER},
    "merge": _OFFICE | {Role.GRID_WORKER},
    "renew_plate_key": frozenset({Role.ADMIN}),
    "manage_robots": frozenset({Role.ADMIN}),
    "edit_calendar": frozenset({Role.ADMIN}),
    "muster": _OFFICE,
    "read_musters": _OFFICE | {Role.GRID_WORKER, Role.PLANNER},
    "order": _OFFICE | {Role.RESIDENT, Role.GRID_WORKER, Role.WATCHER},
    "read_orders": _OFFICE,
    "meals": frozenset(Role) - {Role.AGENCY, Role.PLANNER},
    "run_kitchen": _OFFICE,
    "mind_stations": _OFFICE,
    "hotline": _OFFICE,
    "read_residents": _OFFICE | {Role.GRID_WORKER, Role.WATCHER},
    "keep_residents": _OFFICE | {Role.GRID_WORKER},
    "suggest_residents": frozenset({Role.WATCHER}),
    "import_residents": _OFFICE | {Role.GRID_WORKER},
    "mind_residents": frozenset({Role.ADMIN}),
    "hand_out_data": _OFFICE,
    "seek_missing": _OFFICE | {Role.GRID_WORKER, Role.WATCHER},
    "read_indicators": _OFFICE | {Role.GRID_WORKER, Role.PLANNER},
    "read_team": _OFFICE | {Role.GRID_WORKER},
    "desk": _OFFICE,
    "keep_filters": _OFFICE | {Role.GRID_WORKER, Role.AGENCY},
    "export": _OFFICE | {Role.GRID_WORKER, Role.PLANNER, Role.AGENCY},
    "publish_heat": frozenset({Role.ADMIN}),
    "plan_repairs": _OFFICE | {Role.PLANNER},
    "read_plans": _OFFICE | {Role.PLANNER, Role.GRID_WORKER},
    "manage_teams": _OFFICE,
    "announce": _OFFICE | {Role.GRID_WORKER},
    "keep_activities": _OFFICE,
    "sign_up": frozenset(Role) - {Role.AGENCY},
    "open_mediation": _OFFICE | {Role.GRID_WORKER},
    "edit_handbook": _OFFICE,
    "record_certificates": _OFFICE,
    "keep_rewards": _OFFICE,
    "enter_hours": _OFFICE,
    "read_books": _OFFICE,
    "read_referrals": _OFFICE | {Role.GRID_WORKER, Role.AGENCY, Role.PLANNER},
}
"""What roles may do besides acting on a case, for which ``gis.cases.transitions`` holds the table."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """A responder on duty, as seen from a case."""

    near: bool
    """Whether a fresh position is within the distance at which open cases may be claimed."""


def may(actor: Actor, act: str) -> bool:
    """Tell whether the actor's role may do something.

    Parameters
    ----------
    actor
        Who.
    act
        A key of ``ACTS``.
    """
    return actor.role in ACTS[act]


def require(actor: Actor, act: str) -> None:
    """Refuse an act that the actor's role may not do.

    Parameters
    ----------
    actor
        Who acts.
    act
        A key of ``ACTS``.

    Raises
    ------
    NotAllowedError
        ``not_allowed``.
    """
    if not may(actor, act):
        raise NotAllowedError(f"{actor.role} may not {act}", verb=act)


def scope_of(actor: Actor) -> Scope:
    """Return which cases an actor sees.

    Parameters
    ----------
    actor
        Administrators, the desk and planners see everything; others what lies in their areas, is referred to
        their agency, was reported by them, or is offered or given to them.
    """
    if actor.role in _SEE_EVERYTHING:
        return Scope(actor.community_id, everything=True)
    return Scope(
        actor.community_id,
        grid_codes=actor.grid_codes if actor.role is Role.GRID_WORKER else frozenset(),
        micro_grid_codes=actor.micro_grid_codes if actor.role is Role.WATCHER else frozenset(),
        person_id=actor.person_id,
        agency_code=actor.agency_code if actor.role is Role.AGENCY else None,
    )


def order_scope(actor: Actor) -> Scope:
    """Return which orders an actor sees besides those that they do the work of.

    Parameters
    ----------
    actor
        The desk sees all, grid workers what lies in their grids, everybody their own.
    """
    if may(actor, "read_orders"):
        return Scope(actor.community_id, everything=True)
    grids = actor.grid_codes if actor.role is Role.GRID_WORKER else frozenset[str]()
    return Scope(actor.community_id, grid_codes=grids, person_id=actor.person_id)


def may_cancel_order(actor: Actor, created_by: UUID) -> bool:
    """Tell whether somebody may cancel an order: who placed it, and the desk.

    Parameters
    ----------
    actor
        Who.
    created_by
        Who placed it.
    """
    return actor.person_id == created_by or may(actor, "read_orders")


def sees_order_privately(actor: Actor, created_by: UUID, takers: Collection[UUID]) -> bool:
    """Tell whether somebody sees an order's flat, note, and whom it is for.

    Parameters
    ----------
    actor
        Who.
    created_by, takers
        Who placed it, and who has one of its cases in hand.
    """
    return may_cancel_order(actor, created_by) or actor.person_id in takers


def may_keep_mediation(actor: Actor, grid_code: str | None) -> bool:
    """Tell whether somebody may be the social worker who is responsible for a mediation.

    Parameters
    ----------
    actor
        Who, with the role and areas of now.
    grid_code
        Of the case.
    """
    return actor.role in _OFFICE or (actor.role is Role.GRID_WORKER and grid_code in actor.grid_codes)


def sees_mediation(actor: Actor, keeper_id: UUID, mediator_id: UUID | None, grid_code: str | None) -> bool:
    """Tell whether somebody may look into a mediation: its social worker and its mediator, nobody else in the office.

    Parameters
    ----------
    actor
        Who, with the role and areas of now.
    keeper_id, mediator_id, grid_code
        Of the mediation; no mediator where theirs has left the post.
    """
    if actor.person_id == keeper_id and may_keep_mediation(actor, grid_code):
        return True
    return actor.person_id == mediator_id and actor.role in _RESPONDERS


def mediation_grids(actor: Actor) -> list[str] | None:
    """Return in which grids somebody knows that there are mediations, though not what is said in them; None: in all.

    Parameters
    ----------
    actor
        Who, with the role and areas of now.
    """
    if actor.role in _OFFICE:
        return None
    return sorted(actor.grid_codes) if actor.role is Role.GRID_WORKER else []


def relations(actor: Actor, facts: CaseFacts) -> frozenset[Relation]:
    """Return what an actor is to a case; nothing at all means that it lies outside what they may touch.

    Parameters
    ----------
    actor
        Who acts.
    facts
        The case.
    """
    reporters = facts.reporter_ids | {facts.reporter_id}
    alone = not reporters - {actor.person_id, None}
    agency = (
        actor.role is Role.AGENCY and facts.agency_code is not None and actor.agency_code == facts.agency_code
    )
    found = {
        Relation.DESK: actor.role in _OFFICE,
        Relation.GRID_WORKER: actor.role is Role.GRID_WORKER and facts.grid_code in actor.grid_codes,
        Relation.WATCHER: actor.role is Role.WATCHER and facts.micro_grid_code in actor.micro_grid_codes,
        Relation.REPORTER: actor.person_id in reporters and alone,
        Relation.CO_REPORTER: actor.person_id in reporters and not alone,
        Relation.OFFEREE: actor.person_id == facts.offeree_id,
        Relation.ASSIGNEE: actor.person_id == facts.assignee_id,
        Relation.AGENCY: agency,
        Relation.SUB_DISTRICT: actor.role is Role.AGENCY
        and actor.agency_code == SUB_DISTRICT
        and (agency or facts.escalation >= TOP_LEVEL),
        Relation.ASKED: actor.person_id == facts.asked_id,
    }
    held = {relation for relation, holds in found.items() if holds}
    if facts.asked_id is not None and held & _MAY_WITHDRAW:
        held.add(Relation.ASKING)
    return frozenset(held)


def may_claim(actor: Actor, facts: CaseFacts, readiness: Readiness | None) -> bool:
    """Tell whether a responder may claim an open case that nobody has offered them.

    Parameters
    ----------
    actor
        Who.
    facts
        The case.
    readiness
        How far they are from it; None for who takes no offers or is off duty.

    Returns
    -------
    bool
        On duty, and either near by a fresh position (riders) or the reporter. Watchers and grid workers may claim
        what is open in their own areas at any time: the transition table says so.
    """
    if readiness is None or actor.role not in _RESPONDERS:
        return False
    reported = actor.person_id in facts.reporter_ids | {facts.reporter_id}
    return reported or (actor.role is Role.RIDER and readiness.near)


def relations_or_not_found(actor: Actor, facts: CaseFacts | None) -> frozenset[Relation]:
    """Return what an actor is to a case, telling 'no such case' and 'not yours to see' apart for nobody.

    Parameters
    ----------
    actor
        Who acts.
    facts
        The case, or None when there is none.

    Raises
    ------
    NotFoundError
        ``case_not_found``.
    """
    if facts is not None:
        found = relations(actor, facts)
        if found or actor.role in _SEE_EVERYTHING:
            return found
    raise NotFoundError("no such case, or not one of yours", code="case_not_found")
