"""What migrations and those who carry them out tell one another; apart, so that a start without a migration needs no Alembic."""

from __future__ import annotations

ONLINE = "weiwang_online"
"""Alembic's option: others use the tables meanwhile."""
FLOOR = "needs "
"""Begins the comment that says which version can still use the tables."""
