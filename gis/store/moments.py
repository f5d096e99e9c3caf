"""The moments of a case that lights and the ladder go by, as both ways of opening one store them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import LiteralString

Moments = Mapping[str, datetime | None]
"""By the names of the columns."""

DEADLINES = (
    "answer_soon_at",
    "answer_due_at",
    "on_site_soon_at",
    "on_site_due_at",
    "resolve_soon_at",
    "resolve_due_at",
)
MOMENT_COLUMNS: LiteralString = """
    answer_soon_at, answer_due_at, on_site_soon_at, on_site_due_at, resolve_soon_at, resolve_due_at, climb_at
"""
MOMENT_VALUES: LiteralString = """
    %(answer_soon_at)s::timestamptz, %(answer_due_at)s::timestamptz, %(on_site_soon_at)s::timestamptz,
    %(on_site_due_at)s::timestamptz, %(resolve_soon_at)s::timestamptz, %(resolve_due_at)s::timestamptz,
    %(climb_at)s::timestamptz
"""
