"""Tables of musters: who is called to a place, and what each answers."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    Identity,
    Index,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gis.store.tables.columns import TransactionId, geometry, metadata, moment, tenant, to

muster = Table(
    "muster",
    metadata,
    tenant(),
    Column("muster_id", Uuid, primary_key=True),  # made by the client: a repeat changes nothing
    Column("title", Text, nullable=False),
    Column("case_id", Uuid),  # the case that it is about, if any
    Column("people", SmallInteger, nullable=False),  # how many are wanted
    Column("vehicles", SmallInteger, nullable=False),
    Column("skills", ARRAY(Text), nullable=False, server_default="{}"),  # any of these; none: everybody
    Column("off_duty", Boolean, nullable=False, server_default="false"),  # watchers at home are called too
    Column("team_id", Uuid),  # only its members are called
    Column(
        "radius_m", Float
    ),  # how far off people are called in the first wave, twice as far in each next; none: any
    Column("status", Text, nullable=False, server_default="calling"),
    Column("wave", SmallInteger, nullable=False, server_default="0"),
    moment("next_wave_at"),  # none: nobody more is called
    geometry("POINT"),
    Column("building_id", Uuid),
    Column("place", JSONB, nullable=False),
    Column("place_text", Text, nullable=False, server_default=""),
    Column("grid_code", Text),
    Column("created_by", Uuid, nullable=False),
    moment("created_at", nullable=False),
    moment("stood_down_at"),
    to("case", "case_id", "case_id"),
    to("building", "building_id", "building_id"),
    to("person", "created_by", "person_id"),
    to("team", "team_id", "team_id"),
    CheckConstraint("status in ('calling','stood_down')", name="status"),
    CheckConstraint("people >= 0 and vehicles >= 0 and people + vehicles > 0", name="wanted"),
    Index("ix_muster_created", "community_id", text("created_at desc"), "muster_id"),
    Index(
        "ix_muster_calling",
        "community_id",
        "next_wave_at",
        postgresql_where=text("status = 'calling'"),
    ),
)
muster_call = Table(  # one person called to one muster; it doesn't count as an offer and takes no capacity
    "muster_call",
    metadata,
    tenant(),
    Column("muster_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("seat", Text, nullable=False),  # as a person, or with a vehicle
    Column("wave", SmallInteger, nullable=False),
    Column("status", Text, nullable=False, server_default="called"),
    Column("travel_s", Float, nullable=False),
    Column("distance_m", Float, nullable=False),
    moment("called_at", nullable=False),
    moment("answered_at"),
    moment("arrived_at"),
    moment("ended_at"),
    to("muster", "muster_id", "muster_id"),
    to("responder", "person_id", "person_id"),
    CheckConstraint("seat in ('person','vehicle')", name="seat"),
    CheckConstraint(
        "status in ('called','no_answer','on_the_way','arrived','declined','stood_down')", name="status"
    ),
    Index(  # nobody is at two musters
        "uq_muster_call_live",
        "community_id",
        "person_id",
        unique=True,
        postgresql_where=text("status in ('called','on_the_way','arrived')"),
    ),
    Index("ix_muster_call_person", "community_id", "person_id", text("called_at desc")),
)
muster_event = Table(  # what happened, in order; appended only
    "muster_event",
    metadata,
    tenant(),
    Column("muster_event_id", BigInteger, Identity(always=True), primary_key=True),
    Column("transaction_id", TransactionId(), nullable=False, server_default=text("pg_current_xact_id()")),
    Column("muster_id", Uuid, nullable=False),
    moment("at", nullable=False),
    Column("actor_id", Uuid),  # none: the service itself
    Column("verb", Text, nullable=False),
    Column("data", JSONB, nullable=False, server_default="{}"),
    to("muster", "muster_id", "muster_id"),
    Index("ix_muster_event_muster", "community_id", "muster_id", "muster_event_id"),
    Index(
        "ix_muster_event_stream", "transaction_id", "muster_event_id"
    ),  # the live stream of all communities
)
