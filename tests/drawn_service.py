"""What the pages of service and care are drawn with in tests/unit/test_render.py."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 6, 3, 4, 0, tzinfo=UTC)


def service_contexts(evil: str) -> dict[str, dict[str, Any]]:
    """Return what each template of service and care is drawn with; ``evil`` is what people typed."""
    frame = {"area": "service", "service_pages": [("/service", "mine"), ("/service/x", "mine")]}
    entry = {"at": NOW, "points": 15, "memo": evil}
    points = {"balance": 120, "today": 5, "month": 20, "hours": 12.5, "entries": [entry]}
    return {"service_mine.html": frame | {"service_key": "mine", "points": points}}
