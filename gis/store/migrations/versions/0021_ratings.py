"""What reporters say of what became of their reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table of ratings."""
    op.create_table(
        "rating",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("report_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("stars", sa.SmallInteger(), nullable=False),
        sa.Column("solved", sa.Boolean(), nullable=False),
        sa.Column("words", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("stars between 1 and 5", name=op.f("ck_rating_stars")),
        *(_to(table, column) for table, column in _OTHERS),
        sa.PrimaryKeyConstraint("community_id", "report_id", name=op.f("pk_rating")),
    )
    op.create_index("ix_rating_at", "rating", ["community_id", "at"])
    op.create_index("ix_rating_case", "rating", ["community_id", "case_id"])


_OTHERS = (("report", "report_id"), ("case", "case_id"), ("person", "person_id"))


def _to(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["community_id", column],
        [f"{table}.community_id", f"{table}.{column}"],
        name=op.f(f"fk_rating_community_id_{column}"),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("rating")
