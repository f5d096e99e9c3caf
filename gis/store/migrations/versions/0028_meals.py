"""The kitchen: menus, prices, who eats when, servings of each day, rounds of deliverers, who cooks."""

from __future__ import annotations

from pathlib import Path

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

TABLES = (
    "meal_crew",
    "meal_serving",
    "meal_round",
    "meal_pause",
    "meal_subscription",
    "meal_rule",
    "menu_dish",
    "menu_week",
    "kitchen",
)


def upgrade() -> None:
    """Add the tables."""
    script = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(script.replace("%", "%%"))


def downgrade() -> None:
    """Take them away again."""
    for table in TABLES:
        op.drop_table(table)
