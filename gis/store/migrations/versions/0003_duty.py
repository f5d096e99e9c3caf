"""Duty: calendars of shifts, languages, skills by category, and what fairness is measured by."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add calendars, and the columns of responders and categories."""
    words = sa.ARRAY(sa.Text())
    for column in (
        sa.Column("languages", words, server_default="{zh}", nullable=False),
        sa.Column("on_shift", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("duty_border_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tasks_today", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("tasks_day", sa.Date(), nullable=True),
        sa.Column("rested_since", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("responder", column)
    op.create_index(
        "ix_responder_duty_border",
        "responder",
        ["duty_border_at"],
        postgresql_where=sa.text("duty_border_at is not null"),
    )
    op.add_column("category", sa.Column("skills", words, server_default="{}", nullable=False))
    op.add_column(
        "category", sa.Column("skill_required", sa.Boolean(), server_default="false", nullable=False)
    )
    _create_shifts()
    _create_exceptions()


def _create_shifts() -> None:
    op.create_table(
        "duty_shift",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("shift_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("starts", sa.Time(), nullable=False),
        sa.Column("ends", sa.Time(), nullable=False),
        sa.CheckConstraint("weekday between 1 and 7", name=op.f("ck_duty_shift_weekday")),
        sa.CheckConstraint("starts <> ends", name=op.f("ck_duty_shift_length")),
        _of_responder("duty_shift"),
        sa.PrimaryKeyConstraint("community_id", "shift_id", name=op.f("pk_duty_shift")),
    )
    op.create_index("ix_duty_shift_person", "duty_shift", ["community_id", "person_id"])


def _create_exceptions() -> None:
    op.create_table(
        "duty_exception",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("exception_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint("kind in ('leave','extra')", name=op.f("ck_duty_exception_kind")),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_duty_exception_order")),
        _of_responder("duty_exception"),
        sa.PrimaryKeyConstraint("community_id", "exception_id", name=op.f("pk_duty_exception")),
    )
    op.create_index("ix_duty_exception_person", "duty_exception", ["community_id", "person_id"])


def _of_responder(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["community_id", "person_id"],
        ["responder.community_id", "responder.person_id"],
        name=op.f(f"fk_{table}_community_id_person_id"),
        ondelete="CASCADE",
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("duty_exception")
    op.drop_table("duty_shift")
    op.drop_column("category", "skill_required")
    op.drop_column("category", "skills")
    for column in ("rested_since", "tasks_day", "tasks_today", "duty_border_at", "on_shift", "languages"):
        op.drop_column("responder", column)
