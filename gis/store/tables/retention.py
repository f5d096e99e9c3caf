"""The table of periods that a community has chosen for what it keeps; the others are the operator's settings."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Integer, Table, Text, Uuid

from gis.store.tables.columns import metadata, moment, tenant, to

retention_rule = Table(
    "retention_rule",
    metadata,
    tenant(),
    Column("purpose", Text, primary_key=True),  # a key of ``gis.retention.PURPOSES``
    Column("days", Integer, nullable=False),
    Column("changed_by", Uuid),  # none: the operator at the command line
    moment("changed_at", nullable=False),
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
    to("person", "changed_by", "person_id"),
    CheckConstraint("days between 1 and 3660", name="days"),
)
