"""Templates render in both languages with what the service gives them: escaped, under the policy, with real files."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import UTC, datetime
from html.parser import HTMLParser
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from jinja2 import UndefinedError

from api.pages.personal import COUNTED
from gis.categories import CATEGORIES
from gis.retention.purposes import PURPOSES
from gis.words import Actor, Role, Status, Verb
from tests.drawn_admin import admin_contexts
from tests.drawn_meals import meal_contexts
from tests.drawn_residents import resident_contexts
from tests.drawn_service import service_contexts
from tests.drawn_teams import handbook_contexts, mediation_contexts, team_contexts
from tests.drawn_visits import visit_contexts
from web.assets import STATIC_FOLDER, Assets
from web.render import TEMPLATE_FOLDER, Renderer
from web.security import content_security_policy

NOW = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)
EVIL = "<script>alert(1)</script>\"'"
NONCE = "n0nce"
COMMUNITY = {
    "id": "x", "name": "和平新村", "name_en": "Heping", "timezone": "Asia/Shanghai", "demo": True,
    "bounds": [123.4, 41.7, 123.5, 41.8], "centre": [123.45, 41.75], "area_version": 1, "network_version": 1,
}  # fmt: skip
DISPATCH = {
    "outcome": "offered", "chosen": "a",
    "candidates": [{"place": 1, "person_id": "a", "name": EVIL, "mode": "walk", "travel_s": 90.0, "distance_m": 120.0,
                    "straight_m": 80.0, "position_age_s": None, "load": 1, "penalties_s": {"load": 25.0, "owner": -60.0},
                    "cost_s": 55.0},  # as stored before the way on foot was told
                   {"place": 2, "person_id": "c", "name": EVIL, "mode": "e_bike", "travel_s": 90.0, "distance_m": 220.0,
                    "on_foot_m": 40, "straight_m": 80.0, "position_age_s": 75.0, "load": 0, "tasks_today": 2,
                    "penalties_s": {"today": 16.0, "rest": 3.5, "skill": -45.0, "language": 45.0, "other_area": 30.0},
                    "cost_s": 139.5}],
    "excluded": [{"person_id": "b", "name": "b", "reason": "full", "straight_m": None}],
    "excluded_counts": {"too_far": 40, "off_shift": 1, "lacks_skill": 2, "no_way_in": 1, "further": 9}, "matched_with": 2,
}  # fmt: skip
PHOTO = {"id": uuid4(), "kind": "before", "view_url": "/photos/1/view", "thumb_url": "/photos/1/thumb"}


REFERRAL = {
    "accept_due_at": NOW, "expected_at": NOW,
    "id": uuid4(), "case_id": uuid4(), "number": "20260603-00001", "category": "sewer", "agency": EVIL, "from_agency": EVIL,
    "level": "community", "status": "accepted", "reason": EVIL, "referred_by": EVIL, "referred_at": NOW, "due_at": NOW,
    "accepted_by": EVIL, "accepted_at": NOW, "done_at": NOW, "reopened": 1, "ended_at": None, "ended_reason": "",
}  # fmt: skip
HAND_OVER = {
    "id": uuid4(), "case_id": uuid4(), "from": EVIL, "to": {"id": uuid4(), "name": EVIL},
    "asked_by": {"id": uuid4(), "name": EVIL}, "asked_at": NOW, "status": "asked", "reason": EVIL, "answer": EVIL,
    "ended_at": None,
}  # fmt: skip
COLLEAGUE = {
    "id": uuid4(),
    "username": EVIL,
    "name": EVIL,
    "role": "rider",
    "live_load": 1,
    "capacity": 2,
    "straight_m": 120.0,
}


def place() -> dict[str, Any]:
    return {
        "grid": {"code": "07", "name": "第七网格"},
        "micro_grid": {"code": "07-03", "name": ""},
        "building": {"code": "b", "name": EVIL},
        "street": None,
    }


def case(status: str = "offered", legal: tuple[str, ...] = tuple(Verb)) -> dict[str, Any]:
    return {
        "id": uuid4(), "number": "20260603-00001", "category": "sewer", "status": status, "urgent": True, "summary": EVIL,
        "lon": 123.41, "lat": 41.78, "place": place(), "opened_at": NOW, "answer_due_at": NOW, "on_site_due_at": NOW,
        "resolve_due_at": NOW, "light": "yellow", "level": 3,
        "pause": {"state": "asked", "kind": "materials", "reason": EVIL, "until": NOW, "asked_by": uuid4()},
        "closed_at": None, "assignee": {"id": uuid4(), "name": EVIL}, "agency": "water", "reports": 1, "photos": [PHOTO],
        "revision": 3, "legal": list(legal), "asked": {"id": uuid4(), "name": EVIL},
    }  # fmt: skip


def report() -> dict[str, Any]:
    return {
        "id": uuid4(), "number": "20260603-00001", "case_id": uuid4(), "category": "sewer", "description": EVIL, "detail": EVIL,
        "status": "open", "lon": 123.41, "lat": 41.78, "accuracy_m": 5.0, "source": "gnss", "received_at": NOW, "complete": False,
        "missing": ["a"], "photos": [PHOTO], "place": place(), "mine": True, "reporter": {"id": uuid4(), "name": EVIL},
        "link_score": 0.93, "fixed_at": NOW, "clock_off": True, "rating": {"stars": 2, "solved": False, "words": EVIL, "at": NOW},
    }  # fmt: skip


def detail() -> dict[str, Any]:
    event = {
        "id": 1,
        "at": NOW,
        "verb": "accept",
        "from": "offered",
        "to": "accepted",
        "reason": EVIL,
        "data": {},
    }
    other = {"id": uuid4(), "number": "20260603-00002", "status": "open", "how": "suggestion", "score": 0.5}
    return case() | {
        "recurrence_of": other | {"score": None}, "merged_into": None, "recurrences": [other], "merged": [other],
        "suggestions": [other], "reports": [report(), report()], "reports_count": 2, "place_full": {}, "offers": [], "duplicates": 2,
        "undo": event | {"verb": "refer"},
        "timeline": [event | {"data": {"expected_at": "2026-06-03T04:00:00+00:00"}, "actor": {"id": uuid4(), "name": EVIL, "role": "rider"}}, event | {"actor": None, "verb": "offer"}],
        "service": [{"person": {"id": uuid4(), "name": EVIL}, "hours": 0.5, "points": 5}],
        "referrals": [REFERRAL, REFERRAL | {"ended_at": NOW, "ended_reason": EVIL, "status": "returned"}],
        "hand_overs": [HAND_OVER],
        "levels": [{"level": "courtyard", "decision": "raise", "by": EVIL, "at": NOW, "reason": EVIL, "agency": None},
                   {"level": "community", "decision": "refer", "by": EVIL, "at": NOW, "reason": EVIL, "agency": EVIL},
                   {"level": "sub_district", "decision": None, "by": None, "at": None, "reason": "", "agency": None}],
    }  # fmt: skip


SAVED = {"filter_id": uuid4(), "name": EVIL, "query": "light=red", "shared": True, "is_default": True, "owner_id": uuid4(),
         "owner_name": EVIL, "mine": True}  # fmt: skip
NOTE = {"note_id": uuid4(), "case_id": uuid4(), "number": "20260603-00001", "words": EVIL, "written_by": EVIL, "written_at": NOW,
        "settled_by": None, "settled_at": None}  # fmt: skip
SHIFT = {"shift_id": uuid4(), "person_id": uuid4(), "person_name": EVIL, "began_at": NOW, "ended_at": None, "words": EVIL,
         "taken_by": None, "taken_at": None}  # fmt: skip
COLUMN = {
    "key": "open",
    "cards": [case() | {"column": "open"}],
    "next": "x",
    "total": 31,
    "red": 1,
    "yellow": 0,
}
BOARD = {
    "columns": [COLUMN, COLUMN | {"key": "in_hand", "cards": [], "next": None}],
    "total": 31,
    "red": 1,
    "yellow": 2,
}

DUTY = {
    "on_duty": True,
    "duty_since": NOW,
    "mode": "e_bike",
    "position_at": NOW,
    "capacity": 2,
    "live_load": 1,
}
POINTS = {
    "balance": 1230,
    "today": 30,
    "month": 460,
    "hours": 123.0,
    "debt": 0,
    "entries": [{"at": NOW, "points": -50, "memo": EVIL, "kind": "redeemed", "other": EVIL, "other_en": ""}],
}
GRIDS = [
    {"code": "07", "name": "第七网格", "name_en": "Grid 7"},
    {"code": "08", "name": "08", "name_en": ""},
]
FILTERS = {"status": "open", "category": "sewer", "grid": "07", "q": EVIL, "from": "2026-01-01", "to": ""}
CALL = {
    "person_id": uuid4(),
    "name": EVIL,
    "seat": "person",
    "mode": "car",
    "wave": 1,
    "status": "called",
    "travel_s": 90.0,
    "distance_m": 400.0,
    "called_at": NOW,
    "answered_at": None,
    "arrived_at": None,
}
ORDER = {
    "id": uuid4(), "category": "meal_delivery", "status": "active", "summary": EVIL, "place": EVIL, "seats": 2, "repeat": "weekly", "weekdays": [1],
    "last_day": "2026-09-03", "mine": False, "may_cancel": True, "reason": EVIL, "created_by": {"id": uuid4(), "name": EVIL},
    "private": {"floor": "6", "flat": EVIL, "note": EVIL, "for_name": EVIL, "consent_by": EVIL},
    "occurrences": [{"day": f"2026-06-0{n}", "seat": 1, "starts_at": NOW, "ends_at": NOW, "state": "planned", "reason": "", "case_id": None,
                     "case_status": None, "taker": None} for n in (3, 4)],
}  # fmt: skip
MUSTER = {
    "id": uuid4(),
    "title": EVIL,
    "status": "calling",
    "wanted": {"people": 20, "vehicles": 10},
    "coming": {"people": 3, "vehicles": 1},
    "arrived": {"people": 2, "vehicles": 0},
    "called": 30,
    "declined": 2,
    "wave": 1,
    "next_wave_at": NOW,
    "skills": ["first_aid"],
    "off_duty": False,
    "lon": 123.4,
    "lat": 41.8,
    "place": EVIL,
    "grid": "01",
    "case_id": uuid4(),
    "created_at": NOW,
    "created_by": EVIL,
    "stood_down_at": None,
    "mine": None,
    "calls": [],
}
TOLD = {
    "id": uuid4(),
    "kind": "overdue",
    "title": EVIL,
    "line": EVIL,
    "url": "/cases/x",
    "number": "20260603-00001",
    "urgent": True,
    "silent": False,
    "at": NOW,
    "read_at": None,
}
STREET = {
    "rank": 1,
    "id": uuid4(),
    "name": "八经街",
    "name_en": "Bajing Street",
    "between": ("六纬路", EVIL),
    "between_en": ("Liuwei Road", EVIL),
    "courtyard": EVIL,
    "courtyard_en": EVIL,
    "length_m": 98.0,
    "reports": 9.0,
    "cases": 8.0,
    "rate": 4.2,
    "low": 2.1,
    "high": 6.9,
    "enough_data": True,
    "trend": "rising",
    "hot": True,
    "categories": {"sewer": 8.0},
}
PLAN: dict[str, Any] = {
    "plan_id": uuid4(), "version": 2, "name": EVIL, "note": EVIL, "author_name": EVIL, "saved_at": NOW, "dropped": False,
    "streets": [STREET | {"expected": 4.1, "cost": None}],
    "totals": {"streets": 1, "length_m": 98.0, "cost": 800.0, "without_cost": 1, "expected": 4.1, "share": 0.1, "exact": True},
}  # fmt: skip
ID = str(uuid4())
LIKELY = {
    "choice": EVIL,
    "micro_grid": {"code": EVIL, "distance_m": 2.0},
    "building": {"code": "b", "name": EVIL, "distance_m": 3.0},
}
LOCATED = {
    **place(),
    "community": {"name": EVIL},
    "ambiguous": True,
    "suggestion": "gcj02",
    "candidates": [LIKELY, LIKELY | {"building": None}],
}
CELL = {"code": EVIL, "name": EVIL, "name_en": EVIL, "households": 20, "people": [EVIL]}
CHANGE = {
    "level": "micro_grid",
    "code": EVIL,
    "name": EVIL,
    "what": "changed",
    "facts": ["name", "geometry"],
    "gained_m2": 12.0,
    "lost_m2": 0.0,
}
INDICATORS = {
    "key": "closing",
    "name": "x",
    "rows": [
        {
            "key": "on_time",
            "name": EVIL,
            "definition": EVIL,
            "value": "93%",
            "known": True,
            "before": "90%",
            "of": "9 / 10",
            "change": "x",
            "tone": "good",
            "recorded": True,
            "spark": {"path": "M0 1L2 3", "x": 2, "y": 3, "width": 120, "height": 28},
            "trend": EVIL,
            "link": "/desk?a=1&b=2",
        },
        {
            "key": "visits",
            "name": EVIL,
            "definition": EVIL,
            "value": "—",
            "known": False,
            "before": "—",
            "of": "",
            "change": "",
            "tone": "",
            "recorded": False,
            "spark": None,
            "trend": EVIL,
            "link": "",
        },
    ],
}
CELLS = {
    "kind": "grid",
    "columns": ["x"],
    "rows": [
        {
            "key": "07",
            "code": "07",
            "name": EVIL,
            "cells": [
                {"value": "5%", "few": few, "of": "1 / 3", "tone": "bad", "fair": "4%", "verdict": EVIL}
            ],
        }
        for few in (True, False)
    ],
}
HOTLINE = {
    "id": str(uuid4()),
    "name": EVIL,
    "status": "looked_at",
    "status_name": "x",
    "columns": {"words": EVIL},
    "title_choices": [(EVIL, EVIL)],
    "rows": 5,
    "done": 1,
    "created_at": NOW,
    "needed": None,
    "error": EVIL,
    "problems": [{"line": 3, "text": EVIL}],
    "outcomes": [{"key": "new", "name": "x", "n": 3}],
    "refused": [{"line": 2, "text": EVIL}],
    "summary": {
        "new": 1,
        "changed": 1,
        "unchanged": 1,
        "doubtful_rows": 1,
        "doubtful_addresses": 1,
        "problem_rows": 1,
        "changes": [{"line": 1, "order_number": EVIL}],
        "samples": [
            {
                "order_number": "",
                "words": EVIL,
                "address": EVIL,
                "received_at": "2026-06-03T12:00:00+08:00",
                "due_at": None,
            }
        ],
    },
}
PAGES: dict[str, dict[str, Any]] = {
    "grids.html": {
        "draft": {
            "id": ID,
            "name": EVIL,
            "status": "open",
            "source": "version",
            "position": 1,
            "based_on": 1,
            "in_force": 2,
            "published_as": None,
            "can_undo": True,
            "can_redo": False,
            "renewal": {"needed": True, "mine": 2, "theirs": 1, "conflicts": [{"level": "grid", "code": EVIL}]},
            "report": [{"label": "户数", "text": EVIL, "aim": "0", "met": False}],
        },
        "old_cases": {"total": 3, "moved": 1, "most": 1000, "ways": [{"before": EVIL, "after": None, "cases": 1}]},
        "in_force": 2,
        "drafts": [
            {"id": ID, "name": EVIL, "source": "file", "based_on": 1, "creator": EVIL, "updated_at": NOW},
        ],
        "versions": [
            {
                "version": number,
                "published_at": NOW,
                "published_by": EVIL,
                "note": EVIL,
                "in_force": number == 2,
                "grids": 1,
                "micro_grids": 2,
                "courtyards": 0,
            }
            for number in (2, 1)
        ],
        "comparison": {"before": 1, "after": 2, "items": [CHANGE]},
        "changes": [CHANGE],
        "grids": [CELL | {"cells": [CELL, CELL | {"households": None}]}],
        "mean": 21.4,
        "findings": [
            {
                "kind": "overlap",
                "severity": "error",
                "level": "micro_grid",
                "codes": [EVIL],
                "size": 12.5,
                "unit": "m2",
                "width_m": 0.2,
                "note": EVIL,
            }
        ],
        "errors_count": 1,
        "findings_count": 1,
        "people": [{"id": ID, "name": EVIL, "username": EVIL, "role": "watcher", "areas": []}],
        "main_streets": "primary",
    },
    "login.html": {"next": "/", "demo": True, "communities": [COMMUNITY, COMMUNITY | {"id": "y"}], "form": {"username": EVIL}},
    "home.html": {"counts": {"open": 3}, "late": 2, "points": POINTS, "reports": [report()], "offers": 1, "duty": DUTY,
                  "worst": [case()], "tasks": [case("accepted")], "asked": [HAND_OVER | {"case": case("on_site")}],
                  "musters": [{"id": ID, "title": EVIL, "status": "calling", "mine": None}],
                  "my_grids": [{"code": "07", "name": EVIL, "name_en": "", "open": 3, "late": 1, "unwatched": 2}],
                  "referrals": {"new": 2, "overdue": 1}, "inbox": [REFERRAL | {"light": "red", "case": case("referred")}],
                  "weeks": [{"begins": NOW.date(), "opened": 4, "closed": 3}], "streets": [{"name": EVIL, "cases": 12}],
                  "set_up": {"micro_grids": 9, "unwatched": 1, "grids": 3, "unworked": 0, "agencies": 2, "agencies_alone": 1,
                             "responders": 4, "desks": 1, "robots": 0, "robots_failed": 2, "jobs_failed": 1},
                  "health": {"database": "15.6", "migrated": True, "free_gb": 12.5, "disk": True}},
    "report.html": {"form": {"id": str(uuid4()), "description": EVIL, "lon": "1", "lat": "2"}, "errors": {"category": EVIL},
                    "plate": None, "place": LOCATED,
                    "addresses": [{"id": uuid4(), "label": EVIL, "micro_grid": "07-03"}]},
    "report_sent.html": {"report": report(), "case": detail(), "may_rate": True, "form": {"words": EVIL, "stars": "2"},
                         "errors": {"words": EVIL}},
    "offline.html": {},
    **admin_contexts(EVIL),
    **service_contexts(EVIL),
    "me_data.html": {"counts": dict.fromkeys(COUNTED, 2), "days": dict.fromkeys(PURPOSES, 365.0)},
    **meal_contexts(EVIL),
    **resident_contexts(EVIL),
    **team_contexts(EVIL),
    **mediation_contexts(EVIL),
    **handbook_contexts(EVIL),
    **visit_contexts(EVIL),
    "reports.html": {"page": {"items": [report(), report() | {"rating": None, "status": "done", "photos": []}]}, "shown": "live",
                     "next_url": "/reports?cursor=x"},
    "tasks.html": {"musters": [MUSTER | {"mine": CALL}], "offers": [{"offer_id": uuid4(), "case": case(), "travel_s": 90.0, "distance_m": 412.0, "expires_at": NOW,
                               "route": [[123.41, 41.78], [123.42, 41.79]]}],
                   "tasks": [case("accepted") | {"id": ID, "asked": None}], "done": [case("closed")], "duty": DUTY, "points": POINTS,
                   "reports": [report()], "colleagues": {ID: [COLLEAGUE]}, "leaving": ["keep", "release", "hand_over"],
                   "asked": [HAND_OVER | {"case": case("on_site")}],
                   "ways": {ID: {"route": [[123.41, 41.78], [123.42, 41.79]], "distance_m": 412.0, "travel_s": 90.0,
                                 "links": {}}},
                   "stations": [{"code": "S1", "name": EVIL, "name_en": EVIL, "amenities": ["charging", EVIL], "opening_hours": EVIL,
                                 "open": True, "changes_at": NOW, "distance_m": 120.0, "travel_s": 90.0},
                                {"code": "S2", "name": EVIL, "name_en": "", "amenities": [], "opening_hours": EVIL, "open": None,
                                 "changes_at": None, "distance_m": None, "travel_s": None}],
                   "nearby": {"items": [{"id": uuid4(), "number": "1", "category": "sewer", "urgent": True, "place": place(),
                                         "opened_at": NOW, "travel_s": 90.0, "distance_m": 120.0}], "why": None}},
    "exports.html": {"form": {"layer": "cases", "format": "xlsx", "datum": "wgs84", **dict.fromkeys(("status", "category", "grid", "from", "to", "level"), "")}, "new_id": str(uuid4()), "open": True,
                     "words": {kind: {"cases": "L", "xlsx": "F", "wgs84": "D", "running": "S", "done": "S"}
                               for kind in ("layer", "format", "datum", "level", "state")},
                     "grids": [{"code": "07", "name": EVIL, "name_en": EVIL}], "statuses": ["open", "closed"],
                     "exports": [{"id": uuid4(), "layer": "cases", "format": "xlsx", "datum": "wgs84", "state": state, "rows": 3,
                                  "rows_total": 9, "bytes": 1200, "ordered_at": NOW, "expires_at": NOW, "why": EVIL,
                                  "file_url": "/api/v1/exports/1/file" if state == "done" else None, "name": EVIL}
                                 for state in ("running", "done")]},
    "agency.html": {"referrals": [REFERRAL | {"light": "red", "case": case("accepted")},
                                  REFERRAL | {"light": None, "case": None, "ended_at": NOW, "ended_reason": EVIL}],
                    "counts": {"open": 2}, "total": 2, "boxes": ("open", "overdue"), "box": "open", "chosen": EVIL,
                    "here": "/agency?status=open", "next_url": "/agency?cursor=x"},
    "map.html": {"grids": GRIDS, "counts": {}, "may_see_people": True, "may_visit": True},
    "desk.html": {"grids": GRIDS, "page": {"items": [], "next": None, "total": 1}, "next_url": "/desk?cursor=x",
                  "filters": FILTERS, "statuses": list(Status), "board": BOARD, "view": "board", "query": EVIL,
                  "here": {"board": "/desk?view=board", "list": "/desk?view=list"}, "lights": {"red": "/desk?light=red", "yellow": "/desk"},
                  "saved": [SAVED, SAVED | {"mine": False}], "may_bulk": True, "may_desk": True},
    "desk_cards.html": {"cards": [case() | {"column": "open"}], "next_cursor": "x", "board": BOARD, "may_bulk": True, "may_desk": True},
    "desk_bulk.html": {"outcomes": [{"id": uuid4(), "status": "open", "problem": "", "case": case()},
                                    {"id": uuid4(), "status": None, "problem": EVIL, "case": None}], "act": "refer", "back": "/desk"},
    "desk_call.html": {"keys": {"sewer": EVIL}, "choices": [{"lon": 1.0, "lat": 2.0, "id": uuid4(), "kind": "building", "label": EVIL, "label_en": ""}],
                       "sent": {"case": case(), "offer": {"responder_name": EVIL, "travel_s": 90.0}}, "form": {"id": str(uuid4()), "words": EVIL}},
    "desk_shift.html": {"since": NOW, "lists": {"late": [case()], "reopened": [], "returned": [], "opened": [case()]},
                        "notes": [NOTE, NOTE | {"case_id": None}], "shifts": [SHIFT, SHIFT | {"ended_at": NOW, "taken_at": NOW, "taken_by": EVIL}],
                        "own": SHIFT, "form": {"words": EVIL}},
    "planner.html": {"filters": FILTERS, "query": "a=1&b=2", "drawn": [], "legend": [(2.0, None, 5), (1.0, 2.0, 4), (None, 1.0, 3)],
                     "hotspots": {"items": [STREET, STREET | {"id": uuid4(), "name": "", "name_en": "", "enough_data": False}], "total": 2, "cases": 9, "streets": 12},
                     "curve": {"enough": True, "months": 6, "things": 40.0}, "curve_failed": False, "chart": "", "hours": [("7-9", "7:00–9:00")],
                     "steps": [{"streets": 5, "length_m": 400.0, "share": 0.1, "ours": 0.3}]},
    "planner_street.html": {"query": "a=1", "street": STREET | {"earlier": 3.0, "later": 5.0}, "drawn": [], "cases": [case("closed")], "count": 1,
                            "mended": 1, "photos": [PHOTO], "chart": "", "costs": {"sewer": 800.0}, "cost": 800.0, "expected": 4.1},
    "planner_plans.html": {"plans": [PLAN], "filters": FILTERS, "hours": [("7-9", "7:00–9:00")], "may_plan": True},
    "planner_plan.html": {"plan": PLAN, "versions": [PLAN, PLAN | {"version": 1}], "drawn": [], "may_plan": True},
    "planner_builder.html": {"filters": FILTERS, "query": "", "budget": "metres", "amount": EVIL, "form": {"id": "i", "base": "1", "name": EVIL, "note": EVIL},
                             "streets": PLAN["streets"], "totals": PLAN["totals"], "drawn": [], "hours": [("7-9", "7:00–9:00")], "may_plan": True},
    "planner_rates.html": {"form": {"sewer": EVIL}, "may_plan": True},
    "planner_heat.html": {"filters": FILTERS, "query": "a=1&b=2", "total": 3, "cell_m": 20.0, "months": ["x"] * 13, "month": 6,
                          "weighs": [("cases", "x")], "may_publish": True, "public": True,
                          "hours": [("7-9", "7:00–9:00")]},
    "case.html": {"case": detail(), "dispatch": [DISPATCH], "notes": [NOTE, NOTE | {"settled_at": NOW, "settled_by": EVIL}]},
    "muster.html": {"missing_id": None, "muster": MUSTER | {"mine": CALL, "calls": [CALL, CALL | {"seat": "vehicle", "status": "arrived"}]}, "may_call": True},
    "musters.html": {"musters": [MUSTER, MUSTER | {"status": "stood_down"}], "next_url": "/musters?cursor=x", "may_call": True, "case": None,
                     "form": {"id": str(uuid4()), "title": EVIL, "skills": ["fire"]}, "skills": ("fire",), "teams": [(str(uuid4()), EVIL)],
                     "addresses": [{"id": uuid4(), "label": EVIL, "micro_grid": "07-03"}]},
    "orders.html": {"orders": [ORDER, ORDER | {"status": "cancelled", "may_cancel": False, "id": uuid4(), "private": None}], "next_url": "/orders?cursor=x",
                    "may_order": True, "sees_all": True, "status": "", "statuses": ("active", "over", "cancelled"), "kinds": ["meal_delivery"],
                    "form": {"id": str(uuid4()), "note": EVIL, "weekdays": ["1"]}, "days": ["2026-06-03", "2026-06-04", "2026-06-05"],
                    "last_day": "2026-09-03", "hours": ("11:00-12:30",), "most_seats": 3, "consent_version": "1", "total": 2,
                    "addresses": [{"id": uuid4(), "label": EVIL, "micro_grid": "07-03"}]},
    "notices.html": {"page": {"items": [TOLD, TOLD | {"read_at": NOW, "url": None}], "next": "7", "total": 3, "unread": 1},
                     "next_url": "/notices?cursor=7", "only_unread": False},
    "indicators.html": {"asked": SimpleNamespace(period=SimpleNamespace(kind=SimpleNamespace(value="week")), kind="grid", key="07",
                                                everything=False, grids=[SimpleNamespace(key="07", name=EVIL, name_en=EVIL)]),
                        "filters": {"date": EVIL, "from": "", "to": ""}, "periods": [("week", "x")], "counted_at": NOW, "period_name": EVIL,
                        "period_days": EVIL, "earlier": "/indicators?a=1", "later": "/indicators?a=2", "report_url": "/indicators/report",
                        "report_title": "x", "kinds": [("grid", "x"), ("micro_grid", "y")], "by": "grid", "kept": {"period": "week"},
                        "kept_period": {"period": "week"}, "table": CELLS, "groups": [INDICATORS],
                        "counts": {"sources": [{"name": EVIL, "n": 3, "share": 0.5, "written": "50%"}], "categories": []}},
    "hotline.html": {"form": {"id": str(uuid4())}, "imports": [HOTLINE, HOTLINE | {"status": "written"}]},
    "hotline_file.html": {"file": HOTLINE, "fields": [("order_number", "x"), ("words", "y"), ("address", "z"), ("received_at", "r"), ("due_at", "d")],
                          "doubtful": [{"address": EVIL, "rows": 2, "line": 3, "candidates": [EVIL], "key": "ab12"}],
                          "kinds": [{"word": EVIL, "category": "sewer", "rows": 2, "key": "cd34"}]},
    "error.html": {"status": 404, "code": "not_found", "title": "t", "detail": EVIL, "request_id": "r"},
}  # fmt: skip


class Tags(HTMLParser):
    """Every start tag with its attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def renderer() -> Renderer:
    return Renderer()


def draw(renderer: Renderer, template: str, language: str = "zh", **more: Any) -> str:
    actor = None if template == "login.html" else Actor("x", uuid4(), "rider001", EVIL, Role.RIDER)
    common = {
        "path": "/desk",
        "language_links": {"zh": "?lang=zh", "en": "?lang=en"},
        "community": COMMUNITY,
        "pages": [
            {"path": "/", "key": "home"},
            {"path": "/desk", "key": "desk"},
            {"path": "/report", "key": "report"},
        ],
        "notice": "reported",
        "problem": {"code": "c", "title": EVIL, "detail": EVIL},
        "categories": [
            {
                "code": one.code,
                "name": one.name,
                "name_en": one.name_en,
                "family": one.family,
                "urgent": one.urgent,
            }
            for one in CATEGORIES
        ],
        "agencies": [{"code": "water", "name": "水务", "name_en": "Water", "active": True}],
        "config": {"language": language, "csrf": "secret", "note": EVIL},
    }
    return renderer.page(
        template,
        language=language,
        nonce=NONCE,
        actor=actor,
        csrf="secret",
        **(common | PAGES[template] | more),
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("template", PAGES)
def test_what_people_typed_is_only_text(renderer: Renderer, template: str, language: str) -> None:
    assert "<script>alert" not in draw(renderer, template, language)


@pytest.mark.parametrize("template", PAGES)
def test_english_pages_have_no_chinese_sentence(renderer: Renderer, template: str) -> None:
    html = re.sub(
        r"<script type=\"application/json\".*?</script>", "", draw(renderer, template, "en"), flags=re.DOTALL
    )
    html = re.sub(
        r"<section[^>]* lang=\"zh-CN\">.*?</section>", "", html, flags=re.DOTALL
    )  # in both languages
    html = re.sub(r"八经街|<a[^>]*hreflang=\"zh\"[^>]*>中文</a>", "", html)
    assert not re.findall(r"[㐀-鿿]+", html)


@pytest.mark.parametrize("template", PAGES)
def test_nothing_inline_but_the_import_map_and_data(renderer: Renderer, template: str) -> None:
    for tag, attributes in Tags(draw(renderer, template)).found:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")], (tag, attributes)
        if tag == "script" and "src" not in attributes:
            kind = attributes.get("type")
            assert kind == "application/json" or (kind == "importmap" and attributes.get("nonce") == NONCE)


@pytest.mark.parametrize("template", PAGES)
def test_every_linked_file_is_there(renderer: Renderer, template: str) -> None:
    tags = Tags(draw(renderer, template)).found
    links = [
        value
        for _, attributes in tags
        for name, value in attributes.items()
        if name in {"src", "href"} and value
    ]
    assert not [link for link in links if "//" in link]
    files = [link for link in links if link.startswith("/static/")]
    assert files
    for link in files:
        assert "?v=" in link
        folder, _, name = link.removeprefix("/static/").partition("?")[0].rpartition("/")
        together = [f"{one.removesuffix('.css')}.css" for one in name.split("+")] if "+" in name else [name]
        assert all((STATIC_FOLDER / folder / one).is_file() for one in together)


@pytest.mark.parametrize("template", PAGES)
def test_every_field_has_a_label_and_every_form_its_secret(renderer: Renderer, template: str) -> None:
    html = draw(renderer, template)
    labelled = set(re.findall(r'<label[^>]*\bfor="([^"]+)"', html))
    for tag, attributes in Tags(html).found:
        if tag in {"select", "textarea"} or (
            tag == "input" and attributes.get("type") not in {"hidden", "radio", "file"}
        ):
            assert attributes.get("id") in labelled, attributes
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", html, re.DOTALL):
        assert 'action="/login' in form or 'name="csrf" value="secret"' in form


LONG = 4
"""So many fields are long; a field for sentences is, alone."""
OTHERWISE = {
    "/login": "a sign-in",
    "/login/code": "a sign-in",
    "/report": "drafts of reports are kept with their photos: js/report/draft.js",
    "/desk/call": "calls are kept with their place: js/pages/call.js",
    "/desk/bulk": "of the cases that are ticked at the moment",
    "/exports": "chosen, not typed",
    "/grids/drafts": "tools on the map, and a file",
    "/planner": "filters",
}
TYPED = re.compile(r"<(textarea|select)\b|<input(?![^>]*type=\"(?:hidden|radio|checkbox|file|submit)\")")
FORM = re.compile(r"<form\b([^>]*method=\"post\"[^>]*)>(.*?)</form>", re.DOTALL)
ACTION = re.compile(r'action="([^"]*)"')
KEPT = re.compile(r'data-keep="([^"]+)"')


def is_long(inside: str) -> bool:
    """Tell whether what is typed into a form is worth keeping."""
    kinds = [found[1] for found in TYPED.finditer(inside)]
    return "textarea" in kinds or len(kinds) >= LONG


def test_every_long_form_is_kept_while_it_is_typed(renderer: Renderer) -> None:
    assets, wrong = Assets(), []
    for template in PAGES:
        html = draw(renderer, template)
        script = re.search(r'type="module" src="/static/([^?"]+)', html)
        keeps = script is not None and "js/core/kept_form.js" in assets.graph(script[1])
        for head, inside in FORM.findall(html):
            found = ACTION.search(head)
            action = found[1] if found else ""
            if is_long(inside) and action not in OTHERWISE and not (KEPT.search(head) and keeps):
                wrong.append((template, action, "no script that keeps" if KEPT.search(head) else "no mark"))
        names = Counter(one for head, _ in FORM.findall(html) for one in KEPT.findall(head))
        wrong += [(template, name, "twice") for name, count in names.items() if count > 1]
    assert wrong == []


def test_ids_are_unique(renderer: Renderer) -> None:
    for template in PAGES:
        ids = [
            str(attributes["id"])
            for _, attributes in Tags(draw(renderer, template)).found
            if "id" in attributes
        ]
        assert sorted(set(ids)) == sorted(ids), template


def test_every_icon_is_in_the_sprite(renderer: Renderer) -> None:
    symbols = set(
        re.findall(r'<symbol id="(\w+)"', (STATIC_FOLDER / "img" / "icons.svg").read_text(encoding="utf-8"))
    )
    assert {one.code for one in CATEGORIES} <= symbols
    for template in PAGES:
        assert set(re.findall(r'<use href="[^"#]*#(\w+)"', draw(renderer, template))) <= symbols


def test_a_name_that_a_template_lacks_is_an_error(renderer: Renderer) -> None:
    with pytest.raises(UndefinedError):
        renderer.page("planner.html", language="zh", nonce=NONCE, actor=None, csrf="", filters={})


def test_every_template_is_drawn_here() -> None:
    partial = {
        "act_fields.html",
        "admin_base.html",
        "admin_parts.html",
        "base.html",
        "case_history.html",
        "case_notes.html",
        "components.html",
        "desk_parts.html",
        "dispatch.html",
        "indicators_report.html",  # a document, drawn in tests/http/test_indicators.py
        "muster_parts.html",
        "plan_report.html",  # a document, drawn in tests/http/test_planner.py
        "planner_parts.html",
        "rating.html",
        "service_base.html",
        "residents_base.html",
        "residents_parts.html",
        "points_parts.html",
        "meals_parts.html",
        "activity_parts.html",
        "visits_parts.html",
        "visits_report.html",  # a document, drawn in tests/http/test_campaigns.py
        "books_parts.html",
        "service_agreement_paper.html",  # a document, drawn in tests/http/test_mediation.py
        "service_books_paper.html",  # a document, drawn in tests/http/test_service.py
    }
    entire = {path.name for path in TEMPLATE_FOLDER.glob("*.html")} - partial
    assert {name for name in entire if not name.startswith("plate")} == set(PAGES)


def test_scripts_find_what_they_import() -> None:
    assets = Assets()
    for path in sorted((STATIC_FOLDER / "js" / "pages").glob("*.js")):
        graph = assets.graph(f"js/pages/{path.name}")
        assert all((STATIC_FOLDER / one).is_file() for one in graph)
        keys = assets.import_map(f"js/pages/{path.name}")["imports"]
        assert all(url.startswith(f"{key}?v=") for key, url in keys.items())


def test_scripts_get_only_the_words_they_show(renderer: Renderer) -> None:
    data = re.search(
        r'<script type="application/json" id="page">(.*?)</script>',
        draw(renderer, "planner_heat.html", "en"),
        re.DOTALL,
    )
    assert data
    assert tuple(json.loads(data[1])["words"]) == Assets().strings("js/pages/planner_heat.js")
    report_words = Assets().strings("js/pages/report.js")
    assert "正在定位…" in report_words
    assert "附近路面" in report_words


def test_scripts_use_no_dangerous_doors() -> None:
    for path in (STATIC_FOLDER / "js").rglob("*.js"):
        source = path.read_text(encoding="utf-8")
        assert not re.search(
            r"\beval\(|innerHTML|insertAdjacentHTML|document\.write|new Function|https?://(?!www\.w3\.org)",
            source,
        ), path


def test_the_policy_allows_nothing_inline_without_the_nonce() -> None:
    policy = content_security_policy("abc")
    assert "unsafe" not in policy
    assert "script-src 'self' 'nonce-abc'" in policy
    assert "http" not in policy
