"""What the kitchen's pages are drawn with in tests/unit/test_render.py."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

NOW = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)
DAY = date(2026, 6, 3)


def meal_contexts(evil: str) -> dict[str, dict[str, Any]]:
    """Return what each template of the kitchen is drawn with; ``evil`` is what people typed."""
    frame: dict[str, Any] = {"area": "service", "service_pages": [("/service", "mine"), ("/meals", "meals")]}
    frame |= {"service_key": "meals", "meal_part": "menu", "runs_kitchen": True}
    frame |= {"meal_parts": (("/meals", "menu"), ("/meals/day", "day"))}
    days = SimpleNamespace(
        weekdays={1, 3}, serves_from=time(11), serves_to=time(12), cut_off=time(16), cut_off_days=1
    )
    written = {"kitchen": SimpleNamespace(name=evil, days=days), "first_open": DAY, "consent_version": "1"}
    written |= {"ways": ("collect", "deliver"), "diets": ("low_salt",), "allergens": ("fish",)}
    written |= {"addresses": [{"id": uuid4(), "label": evil, "micro_grid": "07-03"}]}
    form = {"id": "1", "name": evil, "weekdays": ["1"], "diets": ["low_salt"], "revision": "1"}
    dish = {"name": evil, "name_en": "", "allergens": ["fish", "soy"]}
    week = [{"day": DAY, "serves": number == 0, "dishes": [dish]} for number in range(7)]
    menu = {"monday": DAY, "revision": 1, "published_at": None, "days": week}
    price = {"id": uuid4(), "name": evil, "name_en": "", "from_age": 80, "price_fen": 0, "first_day": DAY}
    price |= {"last_day": None, "window_from": time(11), "window_to": time(12), "in_force": True}
    pause = {"id": uuid4(), "first_day": DAY, "last_day": DAY}
    one = {"id": uuid4(), "mine": True, "name": evil, "phone": evil, "stated_year": 1940, "birth_year": None}
    one |= {"place": evil, "unit": evil, "floor": evil, "flat": evil, "servings": 2, "weekdays": [1, 3]}
    one |= {"way": "deliver", "first_day": DAY, "last_day": DAY, "source": "phone", "special": True}
    one |= {"next_fen": 1250, "pauses": [pause], "revision": 1}
    stop = {"id": uuid4(), "stop": 1, "box": 3, "servings": 2, "name": evil, "phone": evil, "place": evil}
    stop |= {"unit": evil, "floor": evil, "flat": evil, "door": evil, "case_id": uuid4()}
    stops = [
        stop | {"stop": n, "state": state} for n, state in enumerate(("ordered", "delivered", "not_home"), 1)
    ]
    road = {"id": uuid4(), "number": 1, "case_id": uuid4(), "status": "done", "stops": 3, "servings": 4}
    road |= {"answered": 2, "not_home": 1, "travel_s": 400.0, "distance_m": 900.0, "day": DAY}
    road |= {"assignee": {"id": uuid4(), "name": evil}}
    group = {"diets": ["soft"], "without": ["egg"], "note": evil, "boxes": [1, 2], "servings": 3}
    member = {"person": {"id": uuid4(), "name": evil}, "job": "cook", "hours": None, "ends_soon": DAY}
    crew = {
        "items": [member, member | {"hours": 2.5}],
        "holders": [{"person": member["person"], "until": DAY}],
    }
    listed = {"day": DAY, "serves": True, "closed": False, "cut_off_at": NOW, "servings": 4, "collect": 1}
    listed |= {"deliver": 3, "dishes": [dish | {"portions": 3, "instead": 1}], "groups": [group]}
    line = {"subscription_id": uuid4(), "box": 1, "name": evil, "servings": 1, "fen": 500}
    counter = [line | {"state": "ordered"}, line | {"state": "collected"}]
    around = {"before": DAY, "after": DAY, "the_day": DAY, "iso_day": "2026-06-03", "today": DAY}
    month = {"servings": 9, "fen": 1250, "ways": {"collect": 9}, "states": {"not_home": 1, "cancelled": 2}}
    month |= {"rules": [{"rule": price, "servings": 1, "fen": 1, "people": 1}, {"rule": None, "servings": 1, "fen": 0, "people": 1}]}  # fmt: skip
    month |= {"people": [{"name": evil, "servings": 1, "fen": 100, "cancelled": 0, "rules": [evil]}]}
    item = {
        "id": uuid4(),
        "kind": "other",
        "name": evil,
        "least": 3,
        "count": 1,
        "counted_at": NOW,
        "low": True,
    }
    fault = {"case_id": uuid4(), "category": "other", "summary": evil, "status": "open", "at": NOW}
    station = {"code": "S1", "name": evil, "name_en": evil, "amenities": ["charging", evil], "open": False}
    station |= {
        "opening_hours": evil,
        "changes_at": NOW,
        "closed_until": DAY,
        "closed_why": evil,
        "minds": True,
    }
    station |= {"lon": 123.41, "lat": 41.78, "keepers": [{"id": uuid4(), "name": evil}], "faults": [fault]}
    station |= {
        "items": [item, item | {"id": uuid4(), "count": None, "counted_at": None}],
        "distance_m": 9.0,
        "travel_s": 9.0,
    }
    hours = {f"day_{number}": evil for number in range(1, 8)} | {"id": "1", "amenities": ["charging"]}
    minding = {"area": "service", "service_pages": [("/stations", "stations")], "service_key": "stations"}
    office: dict[str, Any] = {
        "serves_from": "11:00",
        "serves_to": "12:00",
        "cut_off_days": "1",
        "cut_off": "16:00",
    }
    office |= {
        "weekdays": ["1"],
        "most_stops": "9",
        "most_servings": "9",
        "urgent_age": "80",
        "price_id": "1",
    }
    return {
        "meals_week.html": frame | written | around | {
            "form": form, "menu": menu, "prices": [price], "mine": [one], "rounds": [road],
            "month": {"servings": 3, "fen": 100},
        },
        "meals_menu.html": frame | around | {"menu": menu, "form": {"base": "1", "day_0": evil}},
        "meals_subscriptions.html": frame | written | around | {
            "form": form, "items": [one], "total": 1, "servings": 2, "wanted": evil,
        },
        "meals_subscription.html": frame | written | around | {
            "one": one, "form": form | {"pause_id": "1"}, "errors": {"pause_first_day": evil},
        },
        "meals_day.html": frame | around | {
            "found": listed, "counter": counter, "crew": crew, "jobs": ("cook",), "form": {},
        },
        "meals_rounds.html": frame | around | {"rounds": [road]},
        "meals_round.html": frame | {
            "one": road | {"items": stops},
            "mine": True,
            "line": [[123.415, 41.789], [123.416, 41.789]],
            "points": [{"n": 1, "lon": 123.416, "lat": 41.789, "done": False}],
        },
        "meals_check.html": frame | {"one": stop, "case_id": uuid4()},
        "meals_statement.html": frame | {"found": month, "month": DAY, "before": DAY, "after": DAY},
        "stations.html": minding | {"stations": [station], "here": (123.41, 41.78)},
        "station.html": minding | {
            "one": station, "may_keep": True, "may_report": True, "readable": False, "offered": ["charging", evil],
            "stock": ("water", "other"), "faults": ("other",), "today": DAY, "form": hours,
        },
        "station_plate.html": minding | {"station": SimpleNamespace(**station), "qr": ""},
        "meals_office.html": frame | written | around | {"prices": [price], "form": office},
    }  # fmt: skip
