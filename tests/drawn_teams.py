"""What the pages of teams and activities are drawn with in tests/unit/test_render.py."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from markupsafe import Markup

from gis.categories import SKILLS
from gis.teams.certificates import KINDS
from web.handbook import Article, as_html

NOW = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)


def team_contexts(evil: str) -> dict[str, dict[str, Any]]:
    """Return what each template of teams is drawn with; ``evil`` is what people typed."""
    member = {"person_id": uuid4(), "name": evil, "role": "rider", "active": False, "leader": True, "on_duty": True,
              "joined_at": NOW, "skills": list(SKILLS)}  # fmt: skip
    team = {"id": uuid4(), "name": evil, "name_en": evil, "kind": "riders", "about": evil, "contact": evil,
            "active": False, "member_count": 2, "on_duty": 1, "mine": True, "leads": True, "keeps": True,
            "members": [member]}  # fmt: skip
    certificates: list[dict[str, Any]] = [
        {"id": uuid4(), "person_id": uuid4(), "person": evil, "kind": kind, "skill": skill, "has_number": True,
         "issued_on": date(2026, 1, 1), "ends_on": None, "standing": standing, "activity_id": None, "reason": evil,
         "photos": []}
        for (kind, skill), standing in zip(KINDS.items(), ("holds", "soon", "ended", "withdrawn") * 2, strict=True)
    ]  # fmt: skip
    guest = {"person_id": uuid4(), "name": evil, "role": "rider", "state": "waiting", "signed_at": NOW,
             "attended_at": None, "attended_by": "code", "hours": 1.5}  # fmt: skip
    activity = {"id": uuid4(), "kind": "course", "status": "planned", "title": evil, "about": evil, "place": evil,
                "starts_at": NOW, "ends_at": NOW, "places": 20, "free": 0, "booked": 20, "waiting": 3, "attended": 4,
                "hours": 1.5, "team": uuid4(), "team_name": evil, "skill": "fire", "certificate": "fire",
                "valid_months": 12, "created_by": {"id": uuid4(), "name": evil}, "reason": evil, "state": "waiting",
                "ahead": 2, "attended_at": None, "keeps": True, "doors": True, "ticks": True,
                "guests": [guest, guest | {"attended_at": NOW}]}  # fmt: skip
    visitor = activity | {"keeps": False, "guests": [], "state": None, "free": 1}
    frame = {
        "area": "service",
        "service_pages": [("/service", "mine"), ("/teams", "teams")],
        "service_key": "teams",
    }
    kinds = {"kinds": ("riders",), "for_office": True}
    typed = {"id": str(uuid4()), "name": evil, "person": evil, "title": evil, "code": evil, "leader": "yes"}
    return {
        "service_teams.html": frame | {"teams": [team], "may_found": True, "form": typed, **kinds},
        "service_team.html": frame | {"team": team, "form": team | typed, **kinds},
        "service_certificates.html": frame
        | {"certificates": certificates, "number": (certificates[0]["id"], evil), "today": NOW.date(), "form": typed}
        | kinds,
        "service_activities.html": frame
        | {"activities": [activity, visitor], "past": [activity | {"status": "over"}], "next_url": "/activities?cursor=x",
           "may_announce": True, "teams": [(str(uuid4()), evil)], "skills": SKILLS, "certificates": list(KINDS),
           "form": typed},
        "service_activity.html": frame
        | {"activity": activity, "form": typed | {"about": evil, "places": 3, "place": evil,
            "starts_at": "2026-06-03T08:00", "ends_at": "2026-06-03T10:00"}},
        "service_activity_screen.html": frame
        | {"activity": activity, "code": "ABCD-EFGH", "picture": Markup("<svg></svg>"), "only_here": True},
    }  # fmt: skip


def mediation_contexts(evil: str) -> dict[str, dict[str, Any]]:
    """Return what each template of mediation is drawn with; ``evil`` is what people typed."""
    who = {"id": uuid4(), "name": evil}
    listed = {"case_id": uuid4(), "number": "20260603-00001", "category": "dispute", "case_status": "open", "grid": "01",
              "keeper": who, "mediator": who, "opened_at": NOW, "outcome": None, "outcome_at": None, "sessions": 1,
              "next_session_at": NOW, "next_follow_up": NOW.date(), "mine": True}  # fmt: skip
    party = {"id": uuid4(), "name": evil, "contact": evil, "words": evil}
    held = {
        "id": uuid4(),
        "starts_at": NOW,
        "local": "2026-06-03T12:00",
        "place": evil,
        "present": [party["id"]],
        "words": "",
    }
    due = {"id": uuid4(), "due_on": NOW.date(), "done_at": None, "kept": None, "words": evil}
    opened = listed | {"parties": [party], "held": [held, held | {"words": evil}], "agreement": evil, "signed_by": evil,
                       "follow_ups": [due, due | {"kept": "broken"}], "signed_on": NOW.date(), "photos": []}  # fmt: skip
    waiting = {"case_id": uuid4(), "number": "20260603-00002", "category": "noise", "case_status": "open",
               "grid_code": "01", "opened_at": NOW}  # fmt: skip
    frame = {
        "area": "service", "service_key": "mediation", "service_pages": [("/service", "mine"), ("/mediation", "mediation")],
    }  # fmt: skip
    return {
        "service_mediation.html": frame
        | {"mediations": [listed, listed | {"mine": False, "outcome": "failed", "mediator": None}], "waiting": [waiting],
           "may_open": True},
        "service_mediation_case.html": frame
        | {"mediation": opened, "keeps": True, "mediators": [(str(uuid4()), evil)], "outcomes": ["agreed"],
           "kept": ("kept",), "today": NOW.date(), "ids": dict.fromkeys(("party", "session", "follow_up"), str(uuid4())),
           "act": "parties", "form": {"name": evil, "words": evil, "id": str(uuid4())}},
    }  # fmt: skip


def handbook_contexts(evil: str) -> dict[str, dict[str, Any]]:
    """Return what each template of the handbook is drawn with; ``evil`` is what people typed."""
    frame = {
        "area": "service", "service_key": "handbook", "service_pages": [("/service", "mine"), ("/handbook", "handbook")],
    }  # fmt: skip
    article = {"slug": "typhoon", "name": evil, "html": as_html(evil), "shown": False, "own": True}
    form = {"slug": "typhoon", "title": evil, "title_en": evil, "body": evil, "body_en": evil, "position": 3,
            "revision": 2, "shown": "yes"}  # fmt: skip
    written = Article("typhoon", evil, evil, evil, evil, 3, revision=2)
    return {
        "service_handbook.html": frame | {"articles": [article], "wanted": evil, "writes": True},
        "service_handbook_edit.html": frame | {"article": written, "preview": as_html(evil), "form": form},
    }
