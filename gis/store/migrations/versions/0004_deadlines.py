"""Dispatch: deadlines by a working calendar, the ladder, pauses."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CASE = (
    "on_site_due_at",
    "answer_soon_at",
    "on_site_soon_at",
    "resolve_soon_at",
    "climb_at",
    "paused_at",
    "pause_ends_at",
)


def upgrade() -> None:
    """Add calendars and pauses, and the moments of cases; cases on their way get theirs."""
    op.add_column(
        "community", sa.Column("calendar_version", sa.Integer(), server_default="1", nullable=False)
    )
    op.add_column("category", sa.Column("on_site_s", sa.Integer(), server_default="3600", nullable=False))
    op.add_column("category", sa.Column("counting", sa.Text(), server_default="day", nullable=False))
    for name in CASE:
        op.add_column("case", _moment(name))
    op.execute(_ON_THEIR_WAY)
    for name, column, where in (
        ("ix_case_climb", "climb_at", "climb_at is not null"),
        ("ix_case_paused", "pause_ends_at", "paused_at is not null"),
    ):
        op.create_index(name, "case", [column], postgresql_where=sa.text(where))
    _create_calendars()
    _create_pauses()


def downgrade() -> None:
    """Take it away again."""
    for table in ("pause", "office_hours", "calendar_day"):
        op.drop_table(table)
    op.drop_index("ix_case_paused", "case")
    op.drop_index("ix_case_climb", "case")
    for name in reversed(CASE):
        op.drop_column("case", name)
    op.drop_column("category", "counting")
    op.drop_column("category", "on_site_s")
    op.drop_column("community", "calendar_version")


def _create_calendars() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("hours", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("kind in ('holiday','workday')", name=op.f("ck_calendar_day_kind")),
        _of_community("calendar_day"),
        sa.PrimaryKeyConstraint("community_id", "day", name=op.f("pk_calendar_day")),
    )
    op.create_table(
        "office_hours",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("hours", sa.Text(), nullable=False),
        sa.CheckConstraint("weekday between 1 and 7", name=op.f("ck_office_hours_weekday")),
        _of_community("office_hours"),
        sa.PrimaryKeyConstraint("community_id", "weekday", name=op.f("pk_office_hours")),
    )


def _create_pauses() -> None:
    op.create_table(
        "pause",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("pause_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        _moment("asked_at", nullable=False),
        _moment("until", nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        _moment("decided_at"),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        _moment("began_at"),
        _moment("ended_at"),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.CheckConstraint("status in ('asked','running','ended','refused')", name=op.f("ck_pause_status")),
        sa.CheckConstraint("kind in ('agency','materials','other')", name=op.f("ck_pause_kind")),
        sa.CheckConstraint(
            "(status in ('asked','running')) = (ended_at is null)", name=op.f("ck_pause_open")
        ),
        sa.CheckConstraint("status <> 'running' or began_at is not null", name=op.f("ck_pause_began")),
        _to("pause", "case_id", "case", "case_id"),
        _to("pause", "asked_by", "person", "person_id"),
        _to("pause", "decided_by", "person", "person_id"),
        _to("pause", "ended_by", "person", "person_id"),
        sa.PrimaryKeyConstraint("community_id", "pause_id", name=op.f("pk_pause")),
    )
    op.create_index(
        "uq_pause_open",
        "pause",
        ["community_id", "case_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index("ix_pause_case", "pause", ["community_id", "case_id", "asked_at"])


def _moment(name: str, *, nullable: bool = True) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(table: str, column: str, other: str, key: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["community_id", column],
        [f"{other}.community_id", f"{other}.{key}"],
        name=op.f(f"fk_{table}_community_id_{column}"),
    )


def _of_community(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["community_id"], ["community.community_id"], name=op.f(f"fk_{table}_community_id")
    )


# Level 1 was the grid worker until now. Cases that nobody has answered are looked at by the next sweep, those in hand
# when 80% of the time that they were given is used.
_ON_THEIR_WAY = """
UPDATE "case" SET
    escalation = CASE WHEN escalation = 1 THEN 2 ELSE escalation END,
    answer_soon_at = opened_at + 0.8 * (answer_due_at - opened_at),
    resolve_soon_at = opened_at + 0.8 * (resolve_due_at - opened_at),
    climb_at = CASE WHEN status IN ('open', 'offered') THEN answer_due_at
                    ELSE opened_at + 0.8 * (resolve_due_at - opened_at) END
WHERE status IN ('open', 'offered', 'accepted', 'on_site', 'referred')
"""
