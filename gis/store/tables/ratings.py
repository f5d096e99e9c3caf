"""The table of ratings: what reporters say of what became of their reports."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Index, SmallInteger, Table, Text, Uuid

from gis.store.tables.columns import metadata, moment, tenant, to

rating = Table(  # the latest word of each report's author; what was said before stays in the events
    "rating",
    metadata,
    tenant(),
    Column("report_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),  # as it was when it was rated
    Column("person_id", Uuid, nullable=False),
    Column("stars", SmallInteger, nullable=False),
    Column("solved", Boolean, nullable=False),
    Column("words", Text, nullable=False, server_default=""),
    moment("at", nullable=False),
    to("report", "report_id", "report_id"),
    to("case", "case_id", "case_id"),
    to("person", "person_id", "person_id"),
    CheckConstraint("stars between 1 and 5", name="stars"),
    Index("ix_rating_at", "community_id", "at"),
    Index("ix_rating_case", "community_id", "case_id"),
)
