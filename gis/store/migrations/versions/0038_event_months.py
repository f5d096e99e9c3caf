"""Events are kept by month; those that are there become the first part as they are, none of them is moved.

A new table takes the name, and the old one is hung into it: that nothing in it lies behind the bound was looked over before, and
its indexes are those that the new one wants. What is left is a change of names in one short transaction.
"""

from __future__ import annotations

from alembic import op

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None

STANDS_STILL = "for the moment in which two tables change their names; the version before goes on"
COLUMNS = """
    community_id TEXT NOT NULL,
    event_id BIGINT GENERATED ALWAYS AS IDENTITY{start},
    transaction_id xid8 DEFAULT pg_current_xact_id() NOT NULL,
    case_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor_id UUID,
    verb TEXT NOT NULL,
    from_status TEXT,
    to_status TEXT,
    reason TEXT DEFAULT '' NOT NULL,
    data JSONB DEFAULT '{{}}' NOT NULL,
    CONSTRAINT pk_event PRIMARY KEY (community_id, event_id{at}),
    CONSTRAINT fk_event_community_id_case_id FOREIGN KEY (community_id, case_id)
        REFERENCES "case" (community_id, case_id)
"""
INDEXES = (
    "CREATE INDEX ix_event_case ON event (community_id, case_id, event_id)",
    "CREATE INDEX ix_event_stream ON event (transaction_id, event_id)",
)
SPARE = 1000
MONTHS = 3


def upgrade() -> None:
    """Put the new table in the old one's place."""
    connection = op.get_bind()
    op.execute("LOCK TABLE event IN ACCESS EXCLUSIVE MODE")
    bound = connection.exec_driver_sql(
        "SELECT obj_description(oid, 'pg_constraint') FROM pg_constraint WHERE conname = 'ck_event_past'"
    ).scalar_one()
    sequence = connection.exec_driver_sql("SELECT pg_get_serial_sequence('event', 'event_id')").scalar_one()
    start = connection.exec_driver_sql(f"SELECT last_value FROM {sequence}").scalar_one() + SPARE  # noqa: S608 - told by the database
    for statement in (
        "ALTER TABLE event DROP CONSTRAINT pk_event",
        "ALTER TABLE event ADD CONSTRAINT pk_event_past PRIMARY KEY USING INDEX pk_event_past",
        "ALTER TABLE event ALTER COLUMN event_id DROP IDENTITY",
        "ALTER TABLE event RENAME CONSTRAINT fk_event_community_id_case_id TO fk_event_past_case",
        "ALTER INDEX ix_event_case RENAME TO ix_event_past_case",
        "ALTER INDEX ix_event_stream RENAME TO ix_event_past_stream",
        "ALTER TABLE event RENAME TO event_past",
        f"CREATE TABLE event ({COLUMNS.format(start=f' (START WITH {start})', at=', at')}) PARTITION BY RANGE (at)",
        *INDEXES,
        f"ALTER TABLE event ATTACH PARTITION event_past FOR VALUES FROM (MINVALUE) TO ('{bound} 00:00:00+00')",
        "CREATE TABLE event_other PARTITION OF event DEFAULT",  # so that no clock can bar an event
    ):
        op.execute(statement)
    for number in range(MONTHS):
        begin, end = connection.exec_driver_sql(
            "SELECT to_char(m, 'YYYY-MM-DD'), to_char(m + interval '1 month', 'YYYY-MM-DD') "  # noqa: S608 - our own
            f"FROM (SELECT date '{bound}' + interval '{number} months' AS m) b"
        ).one()
        op.execute(
            f"CREATE TABLE event_{begin[:4]}_{begin[5:7]} PARTITION OF event "
            f"FOR VALUES FROM ('{begin} 00:00:00+00') TO ('{end} 00:00:00+00')"
        )


def downgrade() -> None:
    """Put all events into one table again: each is written anew."""
    connection = op.get_bind()
    bound = connection.exec_driver_sql(
        "SELECT to_char(date_trunc('month', greatest(now(), max(at)) AT TIME ZONE 'UTC') + interval '2 months', 'YYYY-MM-DD')"
        " FROM event"
    ).scalar_one()
    start = connection.exec_driver_sql("SELECT coalesce(max(event_id), 0) FROM event").scalar_one() + SPARE
    for statement in (
        "ALTER TABLE event RENAME TO event_by_month",
        "ALTER TABLE event_by_month RENAME CONSTRAINT pk_event TO pk_event_by_month",
        "ALTER TABLE event_by_month RENAME CONSTRAINT fk_event_community_id_case_id TO fk_event_by_month_case",
        "DROP INDEX ix_event_case",
        "DROP INDEX ix_event_stream",
        f"CREATE TABLE event ({COLUMNS.format(start=f' (START WITH {start})', at='')})",
        "INSERT INTO event OVERRIDING SYSTEM VALUE SELECT * FROM event_by_month",
        "DROP TABLE event_by_month",
        *INDEXES,
        f"ALTER TABLE event ADD CONSTRAINT ck_event_past CHECK (at < '{bound} 00:00:00+00')",
        f"COMMENT ON CONSTRAINT ck_event_past ON event IS '{bound}'",
        "CREATE UNIQUE INDEX pk_event_past ON event (community_id, event_id, at)",
    ):
        op.execute(statement)
