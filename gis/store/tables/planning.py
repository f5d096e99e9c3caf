"""Tables of repairs: what a metre costs, and plans with the figures they were made from."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gis.store.tables.columns import metadata, moment, tenant, to

repair_rate = Table(  # what repairing a metre of street costs, as the office has entered it
    "repair_rate",
    metadata,
    tenant(),
    Column("category", Text, ForeignKey("category.code"), primary_key=True),
    Column("yuan_per_m", Float, nullable=False),
    Column("entered_by", Uuid, nullable=False),
    moment("entered_at", nullable=False),
    to("person", "entered_by", "person_id"),
    CheckConstraint("yuan_per_m >= 0", name="yuan_per_m"),
)
repair_plan = Table(  # every saving is a version of its own; nothing is edited
    "repair_plan",
    metadata,
    tenant(),
    Column("plan_id", Uuid, primary_key=True),  # made by the client: a repeat changes nothing
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    Column("author_id", Uuid, nullable=False),
    moment("saved_at", nullable=False),
    Column("filters", JSONB, nullable=False),  # which cases it was made from
    Column("budget", JSONB, nullable=False),  # kind and amount; kind "hand": none
    Column("streets", JSONB, nullable=False),  # with their figures at that time
    Column("totals", JSONB, nullable=False),
    Column("dropped", Boolean, nullable=False, server_default="false"),
    to("person", "author_id", "person_id"),
    CheckConstraint("version > 0", name="version"),
    Index("ix_repair_plan_saved", "community_id", text("saved_at desc")),
)
