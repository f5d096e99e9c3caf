"""Rules of points, kept balances, causes; rewards with stock, partner shops and codes."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_TABLES = (
    "redemption",
    "stock_change",
    "reward_picture",
    "reward",
    "shop_keeper",
    "shop",
    "star_consent",
    "expiry_run",
    "point_rate",
    "point_rule",
)


def upgrade() -> None:
    """Add the tables, and the columns of the ledger."""
    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))


def downgrade() -> None:
    """Take them away again."""
    op.drop_column("ledger", "redemption_id")
    for table in _TABLES:
        op.drop_table(table)
    for table, columns in (
        ("account", ("cause_id", "balance")),
        ("service", ("occasion", "served_on", "corrects", "reason")),
    ):
        for column in columns:
            op.drop_column(table, column)
    op.drop_table("cause")
