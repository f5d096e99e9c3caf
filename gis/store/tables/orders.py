"""Tables of micro-tasks that are ordered: the order, and its seats on each day, which become cases."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Time,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gis.store.tables.columns import geometry, metadata, moment, tenant, to

service_order = Table(
    "service_order",
    metadata,
    tenant(),
    Column("order_id", Uuid, primary_key=True),  # made by the client: a repeat changes nothing
    Column("category", Text, ForeignKey("category.code"), nullable=False),
    Column("summary", Text, nullable=False, server_default=""),  # for all who see the cases
    geometry("POINT"),
    Column("position_source", Text, nullable=False),
    Column("building_id", Uuid),
    Column("place", JSONB, nullable=False),
    Column("place_text", Text, nullable=False, server_default=""),
    Column("grid_code", Text),
    Column(
        "floor", Text, nullable=False, server_default=""
    ),  # from here on for who does it, ordered it, and the desk
    Column("flat", Text, nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),
    Column("for_name", Text, nullable=False, server_default=""),  # empty: for who orders it
    Column("consent_by", Text, nullable=False, server_default=""),
    Column("consent_version", Text),
    moment("consent_at"),
    Column("seats", SmallInteger, nullable=False),
    Column("lead_s", Integer, nullable=False),
    Column("repeat", Text, nullable=False),
    Column("weekdays", ARRAY(SmallInteger), nullable=False, server_default="{}"),  # 1 is Monday
    Column("first_day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("starts", Time, nullable=False),  # by the community's wall clock
    Column("ends", Time, nullable=False),
    Column("later_days", SmallInteger, nullable=False, server_default="0"),  # it ends on a later day
    moment("last_end_at", nullable=False),
    Column("created_by", Uuid, nullable=False),
    moment("created_at", nullable=False),
    Column("planned_until", Date),  # its seats are made up to this day
    moment("next_at"),  # when its keeper looks next; none: nothing is left to be made or opened
    moment("cancelled_at"),
    Column("cancelled_by", Uuid),
    Column("reason", Text, nullable=False, server_default=""),
    moment("erased_at"),  # since then without whom it was for, the flat and the note
    to("building", "building_id", "building_id"),
    to("person", "created_by", "person_id"),
    to("person", "cancelled_by", "person_id"),
    CheckConstraint("repeat in ('once','daily','weekly')", name="repeat"),
    CheckConstraint("seats > 0", name="seats"),
    CheckConstraint("for_name = '' or consent_version is not null", name="consent"),
    Index("ix_service_order_created", "community_id", text("created_at desc"), "order_id"),
    Index("ix_service_order_creator", "community_id", "created_by", text("created_at desc")),
    Index(
        "ix_service_order_next", "next_at", postgresql_where=text("next_at is not null")
    ),  # of all communities
)
order_seat = Table(  # one seat of one day: one case, so that a case has at most one live offer
    "order_seat",
    metadata,
    tenant(),
    Column("order_id", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("seat", SmallInteger, primary_key=True),
    moment("starts_at", nullable=False),
    moment("ends_at", nullable=False),
    Column("state", Text, nullable=False, server_default="planned"),
    Column("case_id", Uuid),
    Column("reason", Text, nullable=False, server_default=""),
    to("service_order", "order_id", "order_id"),
    to("case", "case_id", "case_id"),
    CheckConstraint("state in ('planned','opened','cancelled','missed')", name="state"),
    Index(
        "uq_order_seat_case",
        "community_id",
        "case_id",
        unique=True,
        postgresql_where=text("case_id is not null"),
    ),
    Index("ix_order_seat_starts", "community_id", "starts_at"),
)
