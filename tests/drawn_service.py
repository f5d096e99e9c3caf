"""What the pages of service and care are drawn with in tests/unit/test_render.py."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from gis.errors import InvalidInputError
from gis.service.books import Flow, books
from gis.service.redemptions import LimitPeriod, RedemptionStatus
from gis.store.books import Finding, RewardMonth
from gis.words import AccountKind
from web.rewards import code_qr

NOW = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)
DAY = date(2026, 6, 3)
ID = UUID(int=7)
OTHER = UUID(int=8)


class _Period:
    first, last, today = DAY, DAY, DAY


def service_contexts(evil: str) -> dict[str, dict[str, Any]]:
    """Return what each template of service and care is drawn with; ``evil`` is what people typed."""
    entries = [
        {"at": NOW, "points": sign * 15, "memo": evil, "kind": kind, "other": other, "other_en": other}
        for sign, kind, other in ((1, "earned", ""), (-1, "redeemed", evil), (-1, "taken_back", ""))
    ]
    points = {"balance": 120, "today": 5, "month": 20, "hours": 12.5, "debt": 3, "entries": entries}
    redemption = {
        "redemption_id": ID, "reward_id": ID, "person_name": evil, "points": 20, "code": "ABCD2345", "written": "ABCD-2345",
        "status": "open", "created_at": NOW, "expires_at": NOW, "handed_out_at": None, "ended_at": None, "reason": evil,
        "reward": evil, "reward_en": "", "shop": evil, "shop_en": "", "picture": None,
    }  # fmt: skip
    out = redemption | {"redemption_id": OTHER, "status": "handed_out", "handed_out_at": NOW, "shop": ""}
    reward = {
        "reward_id": ID, "new_id": str(ID), "name": evil, "name_en": "", "about": evil, "points": 20, "stock": 3, "limit_each": 2,
        "limit_period": "month", "shop_id": ID, "shop": evil, "shop_en": evil, "first_day": None, "last_day": DAY, "active": True,
        "picture": None, "change_id": str(ID), "changes": [],
    }  # fmt: skip
    star = {"year": 2026, "hours": 33.5, "stars": 1, "next_hours": 50.0, "consents": True}
    cause = {
        "cause_id": ID,
        "code": str(ID),
        "name": evil,
        "name_en": "",
        "about": evil,
        "points": 3,
        "active": False,
    }
    month = {"month": _Period(), "earlier": "2026-05", "later": "2026-07"} | _books(evil)
    frame: dict[str, Any] = {
        "service_pages": [("/service", "mine"), ("/service/rewards", "rewards")],
        "area": "service",
    }
    own: dict[str, dict[str, Any]] = {
        "mine": {"points": points, "star": star, "my_code": "ABCD-EFGH", "expiring": {"points": 4, "day": DAY},
                 "rules": {"per_hour": 10}, "waiting": [redemption]},
        "statement": {"period": _Period(), "form": {"from": evil, "to": ""},
                      "statement": {"opening": 5, "closing": 8, "hours": 2.0, "entries": entries}},
        "rewards": {"balance": 15, "mine": [redemption, out],
                    "rewards": [reward, reward | {"points": 5, "shop": ""}, reward | {"stock": 0}]},
        "code": {"redemption": redemption, "qr": code_qr("http://weiwang.test", "ABCD2345"), "own": True},
        "give": {"balance": 30, "form": {"id": str(ID), "to": evil, "points": "x"}, "to": "", "my_code": "ABCD-EFGH",
                 "causes": [cause]},
        "stars": {"year": 2026, "years": range(2026, 2023, -1), "groups": [(2, 50.0, [evil]), (1, 20.0, [])], "star": star,
                  "may_list": True},
        "counter": {"seen": {"reward": evil, "reward_en": "", "picture": None, "person": evil, "code": "ABCD2345",
                             "written": "ABCD-2345", "status": "open", "over": False, "handed_out_at": None}, "form": {"code": evil}},
        "hours": {"form": {"id": str(ID), "people": evil, "occasion": evil}, "today": DAY, "which": str(ID), "wrong": 1,
                  "lines": [{"number": 1, "text": evil, "name": "", "hours": 0.0,
                             "error": InvalidInputError("", code="person_not_called", name=evil)}],
                  "patrols": [{"patrol_id": ID, "name": evil, "started_at": NOW, "ended_at": NOW + timedelta(hours=1), "streets": 3}],
                  "hours": [{"service_id": ID, "new_id": str(ID), "name": evil, "hours": 2.0, "points": 20, "served_on": DAY,
                             "memo": evil, "reason": evil}]},
        "redeemed": {"status": "", "statuses": list(RedemptionStatus), "redemptions": [redemption, out],
                     "form": {"which": str(OTHER), "reason": evil}},
        "books": month,
    }  # fmt: skip
    drawn = {f"service_{key}.html": frame | {"service_key": key if key not in {"statement", "code"} else "mine"} | context
             for key, context in own.items()}  # fmt: skip
    shop = {"shop_id": ID, "name": evil, "name_en": "", "address": evil, "active": True}
    keeper = {"shop_id": ID, "person_id": OTHER, "username": evil, "name": evil}
    admin: dict[str, Any] = {"sections": ["points", "rewards"]}
    return drawn | {
        "admin_points.html": admin | {"section": "points", "form": {"per_hour": evil}, "rate": "rate_"},
        "admin_rewards.html": admin | {"section": "rewards", "rewards": [reward | {"active": False}, reward | {"reward_id": OTHER}],
                                       "shops": [shop], "keepers": [keeper], "causes": [cause], "periods": list(LimitPeriod),
                                       "new_id": str(UUID(int=9)), "form": {"which": str(ID), "name": evil}},
    }  # fmt: skip


def _books(evil: str) -> dict[str, Any]:
    flow = Flow(AccountKind.ISSUER, AccountKind.PERSON, 5, 30, 3)
    goods = RewardMonth(evil, "", evil, "", 1, 20, 1, 0, 0, 0, 1, 5, 3)
    return {"books": books([flow]), "rewards": [goods], "findings": [Finding("stock", evil, 3, 4)]}
