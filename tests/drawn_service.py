"""What the pages of service and care are drawn with in tests/unit/test_render.py."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)


def service_contexts(evil: str) -> dict[str, dict[str, Any]]:
    """Return what each template of service and care is drawn with; ``evil`` is what people typed."""
    frame = {"area": "service", "service_pages": [("/service", "mine"), ("/service/x", "mine")]}
    entries = [
        {"at": NOW, "points": sign * 15, "memo": evil, "kind": kind, "other": other, "other_en": other}
        for sign, kind, other in ((1, "earned", ""), (-1, "redeemed", evil), (-1, "taken_back", ""))
    ]
    points = {"balance": 120, "today": 5, "month": 20, "hours": 12.5, "debt": 3, "entries": entries}
    return {"service_mine.html": frame | {"service_key": "mine", "points": points}}
