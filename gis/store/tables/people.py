"""Tables of people: roles, areas, sessions, signing keys, readiness, patrols."""

from __future__ import annotations

from geoalchemy2 import Geometry
from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from gis.store.tables.columns import geometry, metadata, moment, tenant, to

agency = Table(
    "agency",
    metadata,
    tenant(),
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, server_default=""),
    Column("active", Boolean, nullable=False, server_default="true"),  # else nothing new is referred to it
)
person = Table(
    "person",
    metadata,
    tenant(),
    Column("person_id", Uuid, primary_key=True),
    Column("username", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("language", Text, nullable=False, server_default="zh"),
    Column("agency_code", Text),
    Column("active", Boolean, nullable=False, server_default="true"),
    Column("demo", Boolean, nullable=False, server_default="false"),
    Column("failed_sign_ins", Integer, nullable=False, server_default="0"),
    moment("wait_until"),
    moment("created_at", nullable=False),
    moment("erased_at"),  # since then a row without a name, for what must stay to refer to
    UniqueConstraint("community_id", "username"),
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
    to("agency", "agency_code", "code"),
    Index("ix_person_username", "username"),  # sign-in before the community is known
)
person_area = Table(  # the areas a person is responsible for; by code, so they outlive a version
    "person_area",
    metadata,
    tenant(),
    Column("person_id", Uuid, primary_key=True),
    Column("level", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    to("person", "person_id", "person_id", ondelete="CASCADE"),
    Index("ix_person_area_code", "community_id", "level", "code"),
)
session = Table(
    "session",
    metadata,
    tenant(),
    Column("token_hash", LargeBinary, primary_key=True),  # SHA-256 of the token; the token itself is not kept
    Column("person_id", Uuid, nullable=False),
    Column("csrf", Text, nullable=False),
    moment("created_at", nullable=False),
    moment("expires_at", nullable=False),
    to("person", "person_id", "person_id", ondelete="CASCADE"),
    Index("ix_session_person", "community_id", "person_id"),
)
signing_key = Table(  # a newer number signs; older ones hold until they are revoked
    "signing_key",
    metadata,
    tenant(),
    Column("purpose", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("key", LargeBinary, nullable=False),
    moment("created_at", nullable=False),
    moment("revoked_at"),
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
    CheckConstraint("octet_length(key) between 16 and 64", name="length"),
)
responder = Table(  # a watcher's or rider's readiness; the last position only, and only on duty
    "responder",
    metadata,
    tenant(),
    Column("person_id", Uuid, primary_key=True),
    Column("mode", Text, nullable=False, server_default="walk"),
    Column("capacity", SmallInteger, nullable=False, server_default="2"),
    Column("live_load", SmallInteger, nullable=False, server_default="0"),  # live offers and unfinished tasks
    Column("skills", ARRAY(Text), nullable=False, server_default="{}"),
    Column("languages", ARRAY(Text), nullable=False, server_default="{zh}"),
    Column("on_duty", Boolean, nullable=False, server_default="false"),
    moment("duty_since"),
    Column("on_shift", Boolean, nullable=False, server_default="false"),  # what the calendar says of now
    moment("duty_border_at"),  # when the person's calendar next goes on or off; a tap holds until then
    Column("tasks_today", SmallInteger, nullable=False, server_default="0"),  # taken on ``tasks_day``
    Column("tasks_day", Date),  # in the community's own time
    moment("rested_since"),  # when their last task ended
    geometry("POINT", nullable=True),
    Column("accuracy_m", Float),
    moment("position_at"),
    Column(
        "home", Geometry("POINT", srid=4326, spatial_index=False)
    ),  # where a watcher is without a position
    to("person", "person_id", "person_id", ondelete="CASCADE"),
    CheckConstraint("live_load between 0 and capacity", name="capacity"),
    CheckConstraint("on_duty or geom is null", name="no_position_off_duty"),
    Index("ix_responder_on_duty", "community_id", postgresql_where=text("on_duty")),
    Index(  # of all communities at once
        "ix_responder_duty_border", "duty_border_at", postgresql_where=text("duty_border_at is not null")
    ),
)
patrol = Table(
    "patrol",
    metadata,
    tenant(),
    Column("patrol_id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    moment("started_at", nullable=False),
    moment("ended_at", nullable=False),
    Column("segment_ids", ARRAY(Uuid), nullable=False, server_default="{}"),  # streets covered, not a track
    Column("note", Text, nullable=False, server_default=""),
    to("person", "person_id", "person_id"),
    CheckConstraint("ended_at > started_at", name="order"),
    Index("ix_patrol_person", "community_id", "person_id", "started_at"),
    Index("ix_patrol_started", "community_id", "started_at"),
)
