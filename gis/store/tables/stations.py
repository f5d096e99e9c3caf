"""Tables of stations (暖心驿站): what the office says of them besides their file, who minds them, stock, faults.

Stations are named by their codes alone, so that what is kept of them outlives another import of their file.
"""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
)

from gis.store.tables.columns import metadata, moment, tenant, to

station_care = Table(  # instead of what the file says
    "station_care",
    metadata,
    tenant(),
    Column("code", Text, primary_key=True),
    Column("amenities", ARRAY(Text)),
    Column("opening_hours", Text),
    Column("closed_until", Date),  # the last day on which it stays closed, whatever its hours
    Column("closed_why", Text, nullable=False, server_default=""),
    Column("changed_by", Uuid),
    moment("changed_at", nullable=False),
    to("person", "changed_by", "person_id"),
)
station_keeper = Table(
    "station_keeper",
    metadata,
    tenant(),
    Column("code", Text, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    moment("since", nullable=False),
    to("person", "person_id", "person_id", ondelete="CASCADE"),
    Index("ix_station_keeper_person", "community_id", "person_id"),
)
station_item = Table(
    "station_item",
    metadata,
    tenant(),
    Column("item_id", Uuid, primary_key=True),
    Column("code", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False, server_default=""),  # of what is none of the usual kinds
    Column("least", Integer, nullable=False),
    Column("count", Integer),  # none: not yet counted
    moment("counted_at"),
    Column("counted_by", Uuid),
    Column("active", Boolean, nullable=False, server_default="true"),
    to("person", "counted_by", "person_id"),
    CheckConstraint("least between 0 and 100000", name="least"),
    CheckConstraint("count between 0 and 100000", name="count"),
    Index("uq_station_item_kind", "community_id", "code", "kind", "name", unique=True),
)
station_count = Table(  # each counting; appended only
    "station_count",
    metadata,
    tenant(),
    Column("count_id", Uuid, primary_key=True),  # made by the client: a repeat changes nothing
    Column("item_id", Uuid, nullable=False),
    Column("count", Integer, nullable=False),
    Column("by", Uuid, nullable=False),
    moment("at", nullable=False),
    to("station_item", "item_id", "item_id"),
    to("person", "by", "person_id"),
    Index("ix_station_count_item", "community_id", "item_id", "at"),
)
station_fault = Table(
    "station_fault",
    metadata,
    tenant(),
    Column("report_id", Uuid, primary_key=True),
    Column("code", Text, nullable=False),
    Column("case_id", Uuid, nullable=False),
    moment("at", nullable=False),
    to("report", "report_id", "report_id"),
    to("case", "case_id", "case_id"),
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
    Index("ix_station_fault_code", "community_id", "code", "at"),
)
