"""What the pages of residents are drawn with in tests/unit/test_render.py."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from gis.errors import InvalidInputError
from web.meal_words import meal_names
from web.resident_words import EXAMPLE

NOW = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)
TODAY = date(2026, 6, 3)
ID = UUID(int=9)


def resident_contexts(evil: str) -> dict[str, dict[str, Any]]:
    """Return what each template of residents is drawn with; ``evil`` is what people typed."""
    frame: dict[str, Any] = {
        "area": "service", "service_pages": [("/service", "mine"), ("/residents", "residents")], "service_key": "residents",
        "section": "people", "sections": [("people", "/residents"), ("suggestions", "/residents/suggestions")], "waiting": 2,
        "flag_names": {"lives_alone": "x", "own": evil}, "flag_choices": [("own", evil)], "all_flags": [("own", evil)], "today": TODAY,
        "may_keep": True, "may_suggest": False, "may_mind": True,
    }  # fmt: skip
    card: dict[str, Any] = {
        "id": ID, "household": ID, "name": evil, "address": evil, "unit": "1", "flat": evil, "relation": "head",
        "flags": ["lives_alone", "own"], "grid": "01", "micro_grid": "01-01", "moved_out_on": TODAY,
    }  # fmt: skip
    home = {**card, "tenure": "owner", "purpose": "care", "source": evil, "recorded_on": TODAY, "people": 1}
    change = {"at": NOW, "actor": None, "suggested_by": evil, "verb": "changed", "erased": False,
              "fields": {"name": [evil, evil], "flags": [[], ["own"]], "contacts": [None, [[evil, evil, evil]]], "care": [None, "given"]}}  # fmt: skip
    erased = {**change, "fields": {}, "erased": True}
    row = SimpleNamespace(
        suggestion_id=ID, resident_id=None, made_by_name=evil, made_at=NOW, status="open", reason=evil
    )
    proposal = SimpleNamespace(
        row=row, name=evil, address=evil, changes={"name": [evil, evil]}, changed_since=True
    )
    look = {
        "at": NOW,
        "name": None,
        "role": "desk",
        "kind": "resident",
        "why": evil,
        "resident": ID,
        "who": evil,
    }
    said = SimpleNamespace(
        purpose="care", given=True, how="written", said_by="self", said_on=TODAY, recorded_by=evil
    )
    one = {
        **card, "phone": "138****1234", "id_number": "110***", "birth_year": 1949, "birth_day": "12-31", "purpose": "care",
        "contacts": [{"name": evil, "phone": "1", "relation": evil}], "source": evil, "recorded_on": TODAY, "revision": 1,
        "changed_at": NOW, "sight": "full", "building": ID, "has_account": True,
    }  # fmt: skip
    form = {"id": ID, "name": evil, "known": "110***", "revision": 1, "contact1_name": evil, "flags": ["own"]}
    proof = SimpleNamespace(kind="resident", subject_id=ID, erased={"record": 1}, kept={"looks": {"n": 2, "why": "accountability"}}, at=NOW, actor=None, reason=evil)  # fmt: skip
    bad = SimpleNamespace(line=2, name=evil, place=evil, what="wrong", changes={}, error=InvalidInputError(code="flag_unknown", flag=evil))  # fmt: skip
    new = SimpleNamespace(
        line=3, name=evil, place=evil, what="changed", changes={"name": [evil, evil]}, error=None
    )
    whole = {
        "id": str(ID), "person": {"name": evil, "contacts": [[evil, "1", ""]]}, "home": home, "grounds": {"purpose": "care"},
        "consents": [{"purpose": "care", "given": False, "how": "written", "said_by": "self", "said_on": "2026-06-01", "recorded_by": evil}],
        "changes": [{"at": NOW.isoformat(), "by": None, "verb": "added", "fields": {"name": [None, evil]}}],
        "looks": [{"at": NOW.isoformat(), "by": evil, "kind": "resident", "why": evil}], "exported_at": NOW.isoformat(),
        "meals": [{"first_day": "2026-06-01", "last_day": None, "way": "collect", "servings": 1, "source": "phone",
                   "contact": {"name": evil, "phone": "1", "door": evil}, "diet": [["low_salt"], ["fish"], evil]}],
        "meal_servings": [{"day": "2026-06-01"}], "suggestions": [{"made_at": NOW.isoformat(), "changes": {"name": [evil, evil]}}],
        "searches": [{"seen_at": NOW.isoformat(), "place_text": evil, "told": {"description": evil, "phone": "1"}, "outcome": evil, "photos": ["a"]}],
    }  # fmt: skip
    pages: dict[str, dict[str, Any]] = {
        "residents.html": {"people": [card], "total": 1, "filters": {"q": evil, "flag": "", "gone": ""}, "next_url": "/residents?offset=30", "file_url": "/residents.xlsx"},
        "residents_new.html": {"form": {"id": ID, "note": evil}, "addresses": [{"id": ID, "label": evil}]},
        "residents_household.html": {"home": home, "note": evil, "people": [card], "gone": [card], "changes": [change], "form": {}},
        "residents_form.html": {"form": form, "watcher": False, "moving": True, "adding": False, "home": home, "action": "/x", "back": "/y", "keep": "k"},
        "residents_person.html": {
            "one": one, "consents": [said], "changes": [change, erased], "looks": [look], "suggestions": [proposal], "may_seek": True,
            "consent_id": ID, "called": "138", "revealed": "110", "form": {},
        },
        "residents_suggestions.html": {"proposals": [proposal], "total": 240, "shown_at": "x", "chosen": [], "failed": {ID: evil}, "form": {}},
        "residents_import.html": {"rows": [bad, new], "hidden": 1, "totals": {"new": 1, "changed": 1, "same": 0, "wrong": 0}, "digest": "0" * 64, "example": EXAMPLE},
        "residents_flags.html": {"own_flags": [SimpleNamespace(code="own", name=evil, name_en="", for_watchers=True, active=False)], "form": {}},
        "residents_looks.html": {"looks": [look], "next_url": "/residents/looks?before=1"},
        "residents_erasures.html": {"proofs": [proof], "due": [SimpleNamespace(moved_out_on=TODAY)], "keep_years": "3", "next_url": "/x"},
        "residents_export.html": {"whole": whole, "meals": meal_names("en")},
        "residents_updates.html": {
            "updates": [{"day": TODAY, "grid_code": evil, "actor": evil, "verb": "changed", "records": 2}], "total": 2, "cut": True,
            "form": {"from": evil, "to": "", "grid": evil}, "period": SimpleNamespace(first=TODAY, last=TODAY),
        },
        "residents_none.html": {},
    }  # fmt: skip
    search = {
        "id": ID, "muster": ID, "status": "searching", "name": evil, "description": evil, "phone": "138****1234", "outcome": evil, "place": evil,
        "lon": 1.0, "lat": 2.0, "seen_at": NOW, "begun_at": NOW, "begun_by": evil, "ended_at": None, "erased": False, "leading": True,
        "wave": 2, "radius_m": 500.0, "streets": 3, "searched": 1, "photos": [],
    }  # fmt: skip
    crowd = {"people": 1, "vehicles": 0}
    mine = {"status": "called", "name": evil, "travel_s": 1.0, "distance_m": 2.0}
    muster = {
        "id": ID,
        "status": "calling",
        "wanted": crowd,
        "coming": crowd,
        "arrived": crowd,
        "called": 1,
        "place": evil,
        "mine": mine,
        "calls": [mine],
    }
    street = SimpleNamespace(segment_id=ID, name=evil, length_m=12.0, searched_at=None, searched_by=evil)
    pages |= {
        "missing.html": {"searches": [search], "may_begin": True},
        "missing_new.html": {
            "form": {"id": ID, "name": evil},
            "record": None,
            "building": "",
            "addresses": [{"id": ID, "label": evil}],
        },
        "missing_one.html": {
            "search": search,
            "muster": muster,
            "streets": [street],
            "called": "1",
            "form": {},
        },
    }
    return {name: frame | context for name, context in pages.items()}
