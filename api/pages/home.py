"""The first page: what needs its reader now, by role."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from fastapi import Request
from starlette.responses import Response

from api.answers import case_out
from api.answers.referrals import hand_over_out
from api.deps import PartsDep, ReadDep, ReaderDep
from api.pages.boards import my_cases, my_points, my_reports
from api.pages.frame import show
from api.parts import Parts
from api.rooms import pages
from api.routes.musters import detail_out
from api.routes.referrals import listed_referral
from api.routes.session import duty_dict
from gis.people.permissions import may, scope_of
from gis.store.session import ReadSession
from gis.views.boards import (
    database_state,
    duty_of,
    live_offers,
    newest_migration,
    status_counts,
)
from gis.views.cases import CaseFilters, LightFilter, case_list
from gis.views.home import my_grids, set_up_of, trend
from gis.views.musters import muster_list, my_musters
from gis.views.referrals import asked_of_me, inbox
from gis.words import Actor, Role

router = pages()
SHOWN = 5
UNFINISHED = ("open", "offered", "accepted", "on_site", "referred")
FREE_BYTES = 1_000_000_000
NOTHING: Mapping[str, Any] = {
    "counts": {},
    "late": 0,
    "worst": [],
    "offers": 0,
    "duty": None,
    "tasks": [],
    "asked": [],
    "musters": [],
    "points": None,
    "my_grids": [],
    "referrals": {},
    "inbox": [],
    "weeks": [],
    "streets": [],
    "set_up": None,
    "health": None,
}


@router.get("/")
async def get_home(request: Request, parts: PartsDep, reader: ReaderDep, session: ReadDep) -> Response:
    """Show the first page."""
    actor = reader.actor
    found = dict(NOTHING) | {"reports": await my_reports(session, actor, SHOWN)}
    if actor.role in {Role.WATCHER, Role.RIDER}:
        found |= await _responder(parts, session, actor)
    if may(actor, "read_referrals"):
        found |= await _cases(parts, session, actor)
    if actor.role is Role.GRID_WORKER:
        states = await my_grids(session, actor, parts.clock.now())
        found |= {"my_grids": [asdict(one) for one in states], "asked": await _asked(session, actor)}
    if actor.role is Role.PLANNER:
        weeks, streets = await trend(session, actor, parts.clock.now())
        found |= {"weeks": [asdict(one) for one in weeks], "streets": [asdict(one) for one in streets]}
    if may(actor, "administer"):
        found |= await _administration(parts, session, actor)
    return await show(request, session, reader, "home.html", **found)


async def _responder(parts: Parts, session: ReadSession, actor: Actor) -> dict[str, Any]:
    """Return what a rider or watcher has to answer and to do."""
    now = parts.clock.now()
    return {
        "offers": len(await live_offers(session, actor.community_id, actor.person_id, now)),
        "duty": duty_dict(await duty_of(session, actor.community_id, actor.person_id)),
        "tasks": await my_cases(session, actor, "task", now, SHOWN),
        "asked": await _asked(session, actor),
        "musters": [detail_out(one).model_dump() for one in await my_musters(session, actor)],
        "points": await my_points(session, actor, parts.clock.now()),
    }


async def _asked(session: ReadSession, actor: Actor) -> list[dict[str, Any]]:
    return [
        {**hand_over_out(row).shown(), "case": case_out(item).shown()}
        for row, item in await asked_of_me(session, actor)
    ]


async def _cases(parts: Parts, session: ReadSession, actor: Actor) -> dict[str, Any]:
    """Return how the cases of one's areas stand, the latest of those past a deadline, and referrals."""
    now, scope = parts.clock.now(), scope_of(actor)
    box = await inbox(session, actor, now, limit=SHOWN)
    late = CaseFilters(statuses=UNFINISHED, lights=LightFilter(("red",), now))
    worst = await case_list(session, actor, late, now=now, limit=SHOWN)
    agency, planner = actor.role is Role.AGENCY, actor.role is Role.PLANNER
    return {
        "counts": await status_counts(session, scope),
        "late": worst.total,
        "worst": [] if agency or planner else [case_out(one).shown() for one in worst.items],
        "referrals": {} if planner else box.counts,
        "inbox": [listed_referral(one).shown() for one in box.page.items] if agency else [],
        "musters": [
            {"id": one.muster_id, "title": one.title, "status": one.status, "mine": None}
            for one in (await muster_list(session, actor, limit=SHOWN)).items
            if one.status == "calling"
        ]
        if may(actor, "muster")
        else [],
    }


async def _administration(parts: Parts, session: ReadSession, actor: Actor) -> dict[str, Any]:
    """Return whether the service is well, and what is still to be set up."""
    state = await database_state(session)
    folder = parts.settings.state
    free = shutil.disk_usage(folder if folder.exists() else ".").free
    return {
        "set_up": asdict(await set_up_of(session, actor, parts.clock.now())),
        "health": {
            "database": state.postgresql,
            "migrated": state.migration == newest_migration(),
            "free_gb": free / 1e9,
            "disk": free >= FREE_BYTES,
        },
    }
