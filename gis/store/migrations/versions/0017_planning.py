"""What a metre of repair costs, and plans of repairs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables."""
    op.create_table(
        "repair_rate",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("category", sa.Text(), nullable=False),
        sa.Column("yuan_per_m", sa.Float(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("yuan_per_m >= 0", name=op.f("ck_repair_rate_yuan_per_m")),
        sa.ForeignKeyConstraint(["category"], ["category.code"], name=op.f("fk_repair_rate_category")),
        _by("repair_rate", "entered_by"),
        sa.PrimaryKeyConstraint("community_id", "category", name=op.f("pk_repair_rate")),
    )
    op.create_table(
        "repair_plan",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), server_default="", nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        *(sa.Column(name, JSONB(), nullable=False) for name in ("filters", "budget", "streets", "totals")),
        sa.Column("dropped", sa.Boolean(), server_default="false", nullable=False),
        sa.CheckConstraint("version > 0", name=op.f("ck_repair_plan_version")),
        _by("repair_plan", "author_id"),
        sa.PrimaryKeyConstraint("community_id", "plan_id", "version", name=op.f("pk_repair_plan")),
    )
    op.create_index("ix_repair_plan_saved", "repair_plan", ["community_id", sa.text("saved_at desc")])


def _by(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["community_id", column],
        ["person.community_id", "person.person_id"],
        name=op.f(f"fk_{table}_community_id_{column}"),
    )


def downgrade() -> None:
    """Take them away again."""
    for table in ("repair_plan", "repair_rate"):
        op.drop_table(table)
