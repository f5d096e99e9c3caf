"""Colleagues to choose from where a task is handed over."""

from __future__ import annotations

from typing import Any

from api.answers.referrals import colleague_out
from gis.store.session import ReadSession
from gis.views.referrals import colleagues_for
from gis.words import Actor

NEAREST = 8


async def task_colleagues(
    session: ReadSession, actor: Actor, cases: list[dict[str, Any]]
) -> dict[str, list[dict[str, Any]]]:
    """Return the nearest colleagues who could take each case over, by the case's id."""
    return {
        str(case["id"]): [
            colleague_out(one).shown() for one in (await colleagues_for(session, actor, case["id"]))[:NEAREST]
        ]
        for case in cases
        if "hand_over" in case["legal"]
    }
