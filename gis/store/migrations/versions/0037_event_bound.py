"""Events get ready to be kept by month: a bound that all of them are before, and a key that names their moment.

Both are made while others write: the bound is looked over without a lock, the key's index is built beside. It leaves a month
and more until the bound, within which the next migration has to come; a service brings its tables up to date at its start.
"""

from __future__ import annotations

from alembic import op

from gis.store.migrations.online import ONLINE, create_index_online

revision = "0037"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the bound and the index."""
    bound = op.get_bind().exec_driver_sql(
        "SELECT (date_trunc('month', greatest(now(), (SELECT max(at) FROM event)) AT TIME ZONE 'UTC')"
        " + interval '2 months') AT TIME ZONE 'UTC'"
    )
    month = bound.scalar_one().strftime("%Y-%m-%d")
    check = "ALTER TABLE event ADD CONSTRAINT ck_event_past CHECK (at < 'MONTH 00:00:00+00') NOT VALID"
    op.execute(check.replace("MONTH", month))
    op.execute(f"COMMENT ON CONSTRAINT ck_event_past ON event IS '{month}'")
    looked_over = "ALTER TABLE event VALIDATE CONSTRAINT ck_event_past"
    if op.get_context().opts.get(ONLINE):
        with (
            op.get_context().autocommit_block()
        ):  # the short lock is given back before all rows are looked at
            op.execute(looked_over)
    else:
        op.execute(looked_over)
    create_index_online("pk_event_past", "event", "community_id, event_id, at", unique=True)


def downgrade() -> None:
    """Take them away."""
    op.execute("DROP INDEX pk_event_past")
    op.execute("ALTER TABLE event DROP CONSTRAINT ck_event_past")
