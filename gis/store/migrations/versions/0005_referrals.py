"""Referrals with a deadline of their own, tasks handed over between colleagues, photos of work under way."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

SUB_DISTRICT = ("sub_district", "街道办事处", "Sub-district office")


def upgrade() -> None:
    """Add both tables, and what cases at agencies were referred by before there was one."""
    _create_referrals()
    _create_hand_overs()
    op.drop_constraint(op.f("ck_photo_kind"), "photo")
    op.create_check_constraint(op.f("ck_photo_kind"), "photo", "kind in ('before','after','progress')")
    _index_photos(["community_id", "case_id", "kind", "sha256"])
    op.execute(
        sa.text(
            "INSERT INTO agency (community_id, code, name, name_en)"
            " SELECT community_id, :code, :name, :name_en FROM community ON CONFLICT DO NOTHING"
        ).bindparams(code=SUB_DISTRICT[0], name=SUB_DISTRICT[1], name_en=SUB_DISTRICT[2])
    )
    op.execute(_FORMER_REFERRALS)


def downgrade() -> None:
    """Take both tables away again."""
    op.execute("DELETE FROM photo WHERE kind = 'progress'")
    _index_photos(["community_id", "case_id", "sha256"])
    op.drop_constraint(op.f("ck_photo_kind"), "photo")
    op.create_check_constraint(op.f("ck_photo_kind"), "photo", "kind in ('before','after')")
    op.drop_table("hand_over")
    op.drop_table("referral")


def _create_referrals() -> None:
    op.create_table(
        "referral",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("referral_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("agency_code", sa.Text(), nullable=False),
        sa.Column("from_agency", sa.Text(), nullable=True),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("referred_by", sa.Uuid(), nullable=False),
        _moment("referred_at", nullable=False),
        _moment("due_at", nullable=False),
        sa.Column("accepted_by", sa.Uuid(), nullable=True),
        _moment("accepted_at"),
        _moment("done_at"),
        sa.Column("reopened", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        _moment("ended_at"),
        sa.Column("ended_reason", sa.Text(), server_default="", nullable=False),
        sa.Column("told", sa.SmallInteger(), server_default="0", nullable=False),
        sa.CheckConstraint(
            "level in ('courtyard','community','sub_district')", name=op.f("ck_referral_level")
        ),
        sa.CheckConstraint(
            "status in ('sent','accepted','done','returned','verified','withdrawn','passed_on')",
            name=op.f("ck_referral_status"),
        ),
        sa.CheckConstraint(
            "(status in ('sent','accepted','done')) = (ended_at is null)", name=op.f("ck_referral_open")
        ),
        _to("referral", "case_id", "case", "case_id"),
        _to("referral", "agency_code", "agency", "code"),
        _to("referral", "from_agency", "agency", "code"),
        _to("referral", "referred_by", "person", "person_id"),
        _to("referral", "accepted_by", "person", "person_id"),
        _to("referral", "ended_by", "person", "person_id"),
        sa.PrimaryKeyConstraint("community_id", "referral_id", name=op.f("pk_referral")),
    )
    op.create_index(
        "uq_referral_open",
        "referral",
        ["community_id", "case_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_index("ix_referral_case", "referral", ["community_id", "case_id", "referred_at"])
    op.create_index(
        "ix_referral_list",
        "referral",
        ["community_id", "agency_code", sa.text("referred_at desc"), "referral_id"],
    )
    op.create_index(
        "ix_referral_due",
        "referral",
        ["due_at"],
        postgresql_where=sa.text("status in ('sent','accepted') and told < 2"),
    )


def _create_hand_overs() -> None:
    op.create_table(
        "hand_over",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("hand_over_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=True),
        sa.Column("to_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        _moment("asked_at", nullable=False),
        sa.Column("by_office", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("answer", sa.Text(), server_default="", nullable=False),
        _moment("ended_at"),
        sa.CheckConstraint(
            "status in ('asked','accepted','refused','withdrawn')", name=op.f("ck_hand_over_status")
        ),
        sa.CheckConstraint("(status = 'asked') = (ended_at is null)", name=op.f("ck_hand_over_open")),
        _to("hand_over", "case_id", "case", "case_id"),
        _to("hand_over", "from_id", "person", "person_id"),
        _to("hand_over", "to_id", "person", "person_id"),
        _to("hand_over", "asked_by", "person", "person_id"),
        sa.PrimaryKeyConstraint("community_id", "hand_over_id", name=op.f("pk_hand_over")),
    )
    asked = sa.text("status = 'asked'")
    op.create_index(
        "uq_hand_over_asked", "hand_over", ["community_id", "case_id"], unique=True, postgresql_where=asked
    )
    op.create_index("ix_hand_over_to", "hand_over", ["community_id", "to_id"], postgresql_where=asked)
    op.create_index("ix_hand_over_case", "hand_over", ["community_id", "case_id", "asked_at"])


def _index_photos(columns: list[str]) -> None:
    op.drop_index("uq_photo_after", "photo")
    op.create_index(
        "uq_photo_after", "photo", columns, unique=True, postgresql_where=sa.text("report_id is null")
    )


def _moment(name: str, *, nullable: bool = True) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _to(table: str, column: str, other: str, key: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["community_id", column],
        [f"{other}.community_id", f"{other}.{key}"],
        name=op.f(f"fk_{table}_community_id_{column}"),
    )


_FORMER_REFERRALS = """
INSERT INTO referral (community_id, referral_id, case_id, agency_code, level, status, reason, referred_by, referred_at,
                      due_at, accepted_by, accepted_at, done_at, ended_at, told)
SELECT c.community_id, gen_random_uuid(), c.case_id, c.agency_code, 'community',
       CASE c.status WHEN 'referred' THEN 'sent' WHEN 'done' THEN 'done' WHEN 'closed' THEN 'verified'
                     ELSE 'accepted' END,
       e.reason, e.actor_id, e.at, greatest(c.resolve_due_at, e.at),
       CASE WHEN c.status <> 'referred' THEN c.assignee_id END, CASE WHEN c.status <> 'referred' THEN c.accepted_at END,
       c.done_at, CASE c.status WHEN 'closed' THEN c.closed_at END, 2
FROM "case" c CROSS JOIN LATERAL (
    SELECT e.reason, e.actor_id, e.at FROM event e
    WHERE e.community_id = c.community_id AND e.case_id = c.case_id AND e.verb = 'refer' AND e.actor_id IS NOT NULL
    ORDER BY e.event_id DESC LIMIT 1) e
WHERE c.agency_code IS NOT NULL AND c.status IN ('referred', 'accepted', 'on_site', 'done', 'closed')
"""
