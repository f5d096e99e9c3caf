"""What the office's own pages are drawn with in tests/unit/test_render.py."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from gis.categories import CATEGORIES, SKILLS
from gis.errors import InvalidInputError
from gis.flows.duty_calendar import DutyPlan
from gis.flows.office.codes import Code
from gis.flows.office.import_people import Row
from gis.flows.office.people import PostDraft
from gis.notices.kinds import KINDS
from gis.people.duty import DutyCalendar, Exemption, Kind
from gis.retention.purposes import PURPOSES
from gis.store.agencies import AgencyRow
from gis.store.audit import Head
from gis.store.audit_reading import Entry
from gis.store.changes import ChangeRow
from gis.store.duty import WeekRow
from gis.store.posts import Post
from gis.views.audit import Shown
from gis.views.paging import Page
from gis.words import Role
from web.office_words import EXAMPLE, SECTION_NAMES

NOW = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)
ID = UUID(int=7)
DAYS = [date(2026, 6, day) for day in range(1, 8)]


def admin_contexts(evil: str) -> dict[str, dict[str, Any]]:
    """Return what each template of the office is drawn with; ``evil`` is what people typed."""
    post = Post(
        ID,
        evil,
        evil,
        "watcher",
        "zh",
        None,
        True,
        False,
        NOW,
        [],
        ["01-01"],
        "walk",
        2,
        1,
        ["fire"],
        ["zh"],
        True,
        False,
        NOW,
    )
    change = ChangeRow(
        ID,
        NOW,
        None,
        "person",
        "k",
        evil,
        "changed",
        {"name": [evil, evil], "grids": [["01"], []], "active": [True, False]},
    )
    rows = [
        Row(2, evil, evil, "new", {}, PostDraft("a", "b", Role.RIDER)),
        Row(3, evil, evil, "changed", {"name": [evil, evil]}, PostDraft("a", "b", Role.RIDER), ID),
        Row(4, evil, evil, "wrong", {}, error=InvalidInputError(code="area_unknown", area=evil)),
    ]
    plan = DutyPlan(ID, DutyCalendar("Asia/Shanghai"), on_duty=True, on_shift=True, next_border_at=NOW)
    cell = {"hours": ["08:00–16:00"], "leave": True, "extra": ["18:00–20:00"]}
    robot = {
        "id": ID, "name": evil, "kind": "wecom", "address": evil, "kinds": ["overdue"], "language": "zh", "enabled": True,
        "waiting": 1, "failed": 1, "unknown": 0, "error": evil,
    }  # fmt: skip
    agency = AgencyRow("water", evil, "", active=False, people=0, open_referrals=2)
    community = {
        "id": "x", "name": evil, "name_en": "", "area_version": 2, "published_at": NOW, "network_version": 1, "grids": 3,
        "micro_grids": 9, "buildings": 12, "people": 4, "cases": 5, "open": 1, "demo": True,
    }  # fmt: skip
    week = [
        {"id": ID, "name": evil, "role": "rider", "on_duty": True, "areas": ["01-01"], "cells": [cell] * 7}
    ]
    own = {"day": DAYS[0], "kind": "holiday", "name": evil, "hours": "", "own": True}
    who = WeekRow(ID, evil, evil, "rider", True, [], (), ())
    entries = [
        Entry(source, "k", NOW, ID, evil, "desk", evil, evil, evil, {evil: evil, "days": [1, 2]}, seq)
        for source, seq in (("access", 1), ("note", None), ("erasure", 2), ("change", 3))
    ]
    rules = [{"code": code, "chosen": None, "usual": 365, "least": 30, "most": 999} for code in PURPOSES]
    pages: dict[str, dict[str, Any]] = {
        "admin_audit.html": {
            "form": {"who": evil, "source": "note", "from": "2026-06-01", "to": evil, "kind": evil}, "file_url": "/admin/audit.xlsx",
            "shown": Shown(Page(entries, None, 4), Head("x", 3, b"0" * 32, NOW)), "next_url": "/admin/audit?cursor=x",
        },
        "admin_retention.html": {"rules": rules, "form": {"notices": evil}, "due": dict.fromkeys(PURPOSES, 1)},
        "admin_people.html": {
            "people": [post], "total": 1, "filters": {"q": evil, "role": "rider", "active": "all"}, "roles": list(Role),
            "next_url": "/admin/people?after=a",
        },
        "admin_person.html": {
            "post": post, "changes": [change], "form": {"name": evil, "skills": ["fire"], "grid": evil}, "code": Code(ID, "AB", NOW),
            "roles": list(Role), "skills": SKILLS, "all_agencies": [agency], "errors": {"name": evil},
        },
        "admin_import.html": {
            "rows": rows, "totals": {"new": 1, "changed": 1, "same": 0, "wrong": 0}, "digest": "0" * 64, "columns": (),
            "hidden": 3, "example": EXAMPLE,
        },
        "admin_changes.html": {"changes": [change], "subject": "", "next_url": "/admin/changes?cursor=x"},
        "admin_agencies.html": {"rows": [agency], "form": {"code": "water", "name": evil}, "always": "sub_district"},
        "admin_categories.html": {
            "kinds": [{**asdict(CATEGORIES[0]), "name": evil, "active": False, "own": True}], "skills": SKILLS,
            "all_agencies": [agency], "form": {"code": CATEGORIES[0].code, "name": evil}, "errors": {"name": evil},
        },
        "admin_communities.html": {"rows": [community]},
        "admin_branding.html": {"form": {"name": evil}, "mark": "0" * 64},
        "admin_robots.html": {
            "robots": [robot], "kinds": KINDS, "quiet": {"from": "22:00", "to": "07:00"}, "form": {},
            "outcome": {"state": "refused", "detail": evil},
        },
        "admin_keys.html": {
            "keys": [{"key_id": ID, "name": evil, "per_minute": 60, "created_at": NOW, "revoked_at": None}],
            "form": {}, "given": evil, "made": evil, "most": 6000,
        },
        "admin_calendar.html": {
            "year": 2026, "years": [2025, 2026], "days": [own], "announced": False, "day_hours": "07:00-22:00", "form": {},
        },
        "admin_duty.html": {
            "days": DAYS, "today": DAYS[2], "earlier": DAYS[0], "later": DAYS[6],
            "filters": {"q": evil, "role": "", "planned": "yes"}, "week": week, "full": True,
        },
        "admin_duty_person.html": {
            "plan": plan, "who": who, "coming": [Exemption(Kind.LEAVE, NOW, NOW, evil)], "form": {"note": evil},
            "colleagues_by_name": [(evil, evil)],
        },
    }  # fmt: skip
    shared = {"section": "people", "sections": list(SECTION_NAMES)}
    return {name: shared | context for name, context in pages.items()} | {
        "login_code.html": {"communities": [], "form": {"username": evil}}
    }
