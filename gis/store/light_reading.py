"""Lights and pauses of cases in lists: the same rule as ``gis.cases.lights``, as a condition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from gis.store.tables import case, pause

FINISHED = ("done", "closed", "rejected", "cancelled")


@dataclass(frozen=True, slots=True)
class LightFilter:
    """Any of these lights, at this time."""

    lights: tuple[str, ...]
    now: datetime


def has_light(wanted: LightFilter) -> ColumnElement[bool]:
    """Return the condition on ``case`` that holds for cases with one of the lights."""
    c, seen = case.c, func.least(literal(wanted.now), func.coalesce(case.c.paused_at, wanted.now))
    unanswered = and_(c.answered_at.is_(None), c.status.in_(("open", "offered")))
    red = or_(
        and_(unanswered, c.answer_due_at <= seen),
        and_(c.status == "accepted", func.coalesce(c.on_site_due_at <= seen, False)),
        c.resolve_due_at <= seen,
    )
    near = or_(
        and_(unanswered, func.coalesce(c.answer_soon_at <= seen, False)),
        and_(c.status == "accepted", func.coalesce(c.on_site_soon_at <= seen, False)),
        func.coalesce(c.resolve_soon_at <= seen, False),
    )
    shown = {"red": red, "yellow": and_(near, ~red), "green": and_(~near, ~red)}
    return and_(c.status.not_in(FINISHED), or_(*(shown[light] for light in wanted.lights)))


def open_pause() -> ColumnElement[Any]:
    """Return a case's pause that is asked for or runs, as an object, or null."""
    p = pause.c
    facts = func.jsonb_build_object(
        "state",
        p.status,
        "kind",
        p.kind,
        "reason",
        p.reason,
        "until",
        p.until,
        "asked_by",
        p.asked_by,
        type_=JSONB,
    )
    return (
        select(facts)
        .where(p.community_id == case.c.community_id, p.case_id == case.c.case_id, p.ended_at.is_(None))
        .scalar_subquery()
    )
