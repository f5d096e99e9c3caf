"""What the pages of visits are drawn with in tests/unit/test_render.py."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from gis.errors import InvalidInputError

FIGURES = (
    "buildings", "visited_buildings", "visits", "not_home", "findings", "on_spot", "transferred", "unanswered",
)  # fmt: skip
STOPS = ("todo", "done", "not_home", "skipped")
NOW = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)
FRAME: dict[str, Any] = {
    "area": "service",
    "service_key": "visits",
    "service_pages": [("/service", "mine"), ("/visits", "visits")],
}


def finding(evil: str, state: str, **fields: Any) -> dict[str, Any]:
    """Return a problem."""
    return {
        "id": uuid4(), "visit_id": uuid4(), "campaign": None, "campaign_name": evil, "campaign_name_en": "", "category": "sewer", "words": evil,
        "state": state, "answered": state == "on_spot", "answer": evil if state == "on_spot" else "", "answered_at": None,
        "answered_by": None, "transferred_to": evil if state == "transferred" else "",
        "case_id": uuid4() if state == "transferred" else None, "case_status": "open", "found_at": NOW,
        "found_by": {"id": uuid4(), "name": evil}, "place": evil, "flat": evil, "building": None, "grid": "01",
        "micro_grid": "01-01", **fields,
    }  # fmt: skip


def visit(evil: str, **fields: Any) -> dict[str, Any]:
    """Return an entry of the watch log."""
    return {
        "id": uuid4(), "kind": "check", "outcome": "not_home", "visited_at": NOW, "person": {"id": uuid4(), "name": evil},
        "mine": False, "place": evil, "building": uuid4(), "household": None, "flat": evil, "grid": "01",
        "micro_grid": "01-01", "lon": 123.4, "lat": 41.8, "words": evil, "checks": {"a": "ok", "b": "wrong"},
        "answers": {"q1": "yes", "q2": evil}, "campaign": uuid4(), "campaign_name": evil, "campaign_name_en": "",
        "photos": [{"id": uuid4(), "kind": "before", "view_url": "/v", "thumb_url": "/t"}],
        "findings": [finding(evil, state) for state in ("open", "on_spot", "transferred")], **fields,
    }  # fmt: skip


def stop(evil: str, state: str, number: int) -> dict[str, Any]:
    """Return a stop of a round."""
    return {
        "n": number, "building": uuid4(), "household": None, "flat": evil, "label": evil, "lon": 123.4, "lat": 41.8,
        "reason": "never" if number else "31", "arrive_s": 60.0, "state": state, "at": NOW if number else None,
        "visit_id": uuid4() if state == "done" else None, "tick": "x",
    }  # fmt: skip


def campaign(evil: str) -> dict[str, Any]:
    """Return a campaign."""
    questions = [
        {"key": "q1", "text": evil, "kind": "yes_no", "options": [], "text_en": evil, "options_en": []},
        {
            "key": "q2",
            "text": evil,
            "kind": "choice",
            "options": [evil, "b"],
            "text_en": evil,
            "options_en": [evil, ""],
        },
        {"key": "q3", "text": evil, "kind": "number", "options": [], "text_en": "", "options_en": []},
    ]
    return {
        "id": uuid4(), "name": evil, "name_en": evil, "purpose": evil, "purpose_en": "", "starts_on": date(2026, 6, 1), "ends_on": date(2026, 9, 8),
        "grids": ["01"], "questions": questions, "ended_at": None, "visits": 12, "not_home": 3, "findings": 614,
        "on_spot": 546, "transferred": 68, "unanswered": 2,
    }  # fmt: skip


def visit_contexts(evil: str) -> dict[str, dict[str, Any]]:
    """Return what each template of visits is drawn with; ``evil`` is what people typed."""
    lists = [{"code": "gas", "name": evil, "name_en": evil, "items": [
        {"id": "a", "words": evil, "words_en": evil, "category": "gas_smell"}]}]  # fmt: skip
    asked = campaign(evil)
    choices = {
        "campaigns": [asked, campaign(evil)],
        "addresses": [{"id": uuid4(), "label": evil, "lon": 123.4, "lat": 41.8}],
        "grids": [{"code": code, "name": evil, "name_en": evil} for code in ("01", "02")],
        "kinds": ["look", "check"],
    }
    entry = {"kinds": ["look", "check"], "lists": lists, "mine": [visit(evil)]}
    typed = {
        "id": str(uuid4()),
        "campaign": str(asked["id"]),
        "kind": "look",
        "words": evil,
        "lists": ["gas"],
        "wrong": ["a"],
        "problem": evil,
    }
    found = finding(evil, "transferred")
    around = {
        "id": uuid4(),
        "day": NOW.date(),
        "name": evil,
        "travel_s": 600.0,
        "stops": 4,
        "done": 1,
        "todo": 1,
        "person": {"id": uuid4(), "name": evil},
        "planned_by": {"id": uuid4(), "name": evil},
    }
    months = {
        "month": SimpleNamespace(first=NOW.date(), last=NOW.date(), today=NOW.date()), "earlier": "2026-05", "later": None,
        "coverage": SimpleNamespace(doors=3, met=1, not_home=1, left=1), "grid": "01", "building": uuid4(),
        "buildings": [{"grid": "01", "micro_grid": "01-01", "building": uuid4(), "label": evil, "doors": 3, "met": 1,
            "not_home": 1, "left": 1}],
        "doors": [{"household": uuid4(), "flat": evil, "tried": tried, "last_met": NOW if tried else None}
            for tried in (True, False)],
        "grids": [{"code": "01", "name": evil, "name_en": evil}], "may_plan": True,
    }  # fmt: skip
    progress = [dict.fromkeys(FIGURES, 3) | {"code": "01", "name": evil, "name_en": evil}]
    held = {"campaign": asked, "progress": progress, "answers": [(evil, [("yes", 3), (evil, 1)])]}
    rows = [
        {
            "line": 2,
            "words": evil,
            "place": evil,
            "what": "wrong",
            "state": "",
            "unanswered": False,
            "error": InvalidInputError("x", code="finding_how", how=evil),
        },
        {
            "line": 3,
            "words": evil,
            "place": evil,
            "what": "new",
            "state": "on_spot",
            "unanswered": True,
            "error": None,
        },
    ]
    totals = {"new": 1, "same": 0, "wrong": 1, "on_spot": 1, "transferred": 0, "unanswered": 1}
    kept = {
        "id": str(asked["id"]),
        "name": evil,
        "name_en": evil,
        "purpose": evil,
        "purpose_en": "",
        "questions": evil,
        "grids": ["01"],
    }
    return {
        "visits_campaigns.html": FRAME | choices | {"may_run": True, "form": kept, "errors": {"name": evil}},
        "visits_campaign.html": FRAME | choices | held | {"may_run": True, "form": kept, "rows": rows, "totals": totals,
            "digest": "", "hidden": 2, "example": [], "errors": {"file": evil}},
        "visits_coverage.html": FRAME | months,
        "visits_rounds.html": FRAME | {"people": [{"username": "x", "name": evil, "areas": "01"}], "rounds": [around], "days": (7, 30), "stops": (8, 15), "today": NOW.date(),
            "form": {"id": "x", "name": evil}, "errors": {"days": evil}},
        "visits_round.html": FRAME | {"round": around, "mine": True, "line": [(123.4, 41.8)], "points": [],
            "stops": [stop(evil, state, number) for number, state in enumerate(STOPS)],
            "form": {"n": "0", "words": evil}, "errors": {"words": evil}},
        "admin_checklists.html": {"section": "checklists", "sections": ["people", "checklists"],
            "rows": [{"code": "gas", "name": evil, "name_en": evil, "active": False, "text": evil}],
            "form": {"shown": "gas", "name": evil, "items": evil}, "errors": {"items": evil}},
        "patrols.html": FRAME | {"streets": [evil], "minutes": (30, 60), "errors": {"streets": evil},
            "form": {"id": "x", "streets": [evil], "note": evil}},
        "visits.html": FRAME | choices | entry | {"form": typed, "errors": {"words": evil, "answer_q1": evil}},
        "visits_log.html": FRAME | choices | {"filters": {"kind": "look"}, "visits": [visit(evil)], "total": 31,
            "next_url": "/visits/log?cursor=x", "items": {}},
        "visits_findings.html": FRAME | choices | {"filters": {}, "findings": [found, *visit(evil)["findings"]],
            "total": 4, "export_url": "/visits/findings.xlsx", "next_url": "/visits/findings?cursor=x", "states": ["open", "on_spot", "transferred"],
            "form": {"finding": str(found["id"]), "act": "answer", "answer": evil}, "errors": {"answer": evil}},
        "visits_entry.html": FRAME | {"visit": visit(evil), "items": {"a": {"name": evil, "name_en": evil}},
            "answers": [(evil, [(evil, 1)])]},
    }  # fmt: skip
