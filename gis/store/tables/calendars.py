"""Tables of working calendars, and of pauses in which a case's clock stands still."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from gis.store.tables.columns import metadata, moment, tenant, to

calendar_day = Table(  # a day that an office has set itself: goes before the public holidays
    "calendar_day",
    metadata,
    tenant(),
    Column("day", Date, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("hours", Text, nullable=False, server_default=""),  # 08:30-12:00 ...; empty: those of its kind
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
    CheckConstraint("kind in ('holiday','workday')", name="kind"),
)
office_hours = Table(  # hours of a weekday that differ from the settings
    "office_hours",
    metadata,
    tenant(),
    Column("weekday", SmallInteger, primary_key=True, autoincrement=False),  # Monday is 1
    Column("hours", Text, nullable=False),
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
    CheckConstraint("weekday between 1 and 7", name="weekday"),
)
pause = Table(  # every pause in a case's life; at most one is asked for or runs
    "pause",
    metadata,
    tenant(),
    Column("pause_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("status", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("asked_by", Uuid, nullable=False),
    moment("asked_at", nullable=False),
    moment("until", nullable=False),
    Column("decided_by", Uuid),
    moment("decided_at"),
    Column("answer", Text, nullable=False, server_default=""),
    moment("began_at"),
    moment("ended_at"),
    Column("ended_by", Uuid),  # none: it ended by itself
    to("case", "case_id", "case_id"),
    to("person", "asked_by", "person_id"),
    to("person", "decided_by", "person_id"),
    to("person", "ended_by", "person_id"),
    CheckConstraint("status in ('asked','running','ended','refused')", name="status"),
    CheckConstraint("kind in ('agency','materials','other')", name="kind"),
    CheckConstraint("(status in ('asked','running')) = (ended_at is null)", name="open"),
    CheckConstraint("status <> 'running' or began_at is not null", name="began"),
    Index("uq_pause_open", "community_id", "case_id", unique=True, postgresql_where=text("ended_at is null")),
    Index("ix_pause_case", "community_id", "case_id", "asked_at"),
)
