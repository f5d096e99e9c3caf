"""Tables of places: communities, areas by version, buildings, streets, gates, stations."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Float,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from gis.store.tables.columns import geometry, metadata, moment, near, tenant, to

community = Table(
    "community",
    metadata,
    tenant(),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, server_default=""),
    Column("metric_srid", Integer, nullable=False),
    Column("timezone", Text, nullable=False, server_default="Asia/Shanghai"),
    Column("area_version", Integer, nullable=False),  # the version in force
    Column(
        "network_version", Integer, nullable=False, server_default="1"
    ),  # raised when streets or buildings change
    Column(
        "calendar_version", Integer, nullable=False, server_default="1"
    ),  # raised when hours or days change
    Column(
        "rule_version", Integer, nullable=False, server_default="1"
    ),  # raised when its rules for categories change
    Column("demo", Boolean, nullable=False, server_default="false"),
    Column("settings", JSONB, nullable=False, server_default="{}"),
    geometry("MULTIPOLYGON"),
    moment("created_at", nullable=False),
)
area_version = Table(
    "area_version",
    metadata,
    tenant(),
    Column("version", Integer, primary_key=True, autoincrement=False),
    moment("published_at", nullable=False),
    Column("published_by", Uuid),
    Column("note", Text, nullable=False, server_default=""),
)
area = Table(
    "area",
    metadata,
    tenant(),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("level", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("area_id", Uuid, nullable=False),  # uuid5 of the four columns of the key
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, server_default=""),
    Column("parent_code", Text),
    Column("households", Integer),
    Column("attributes", JSONB, nullable=False, server_default="{}"),
    geometry("MULTIPOLYGON"),
    to("area_version", "version", "version"),
    UniqueConstraint("community_id", "area_id"),
    CheckConstraint("level in ('community','grid','micro_grid','courtyard')", name="level"),
    near("area"),
)
building = Table(
    "building",
    metadata,
    tenant(),
    Column("building_id", Uuid, primary_key=True),  # uuid5 of community and source reference
    Column("source_ref", Text, nullable=False),  # "way/123", or the row of an office's file
    Column("name", Text, nullable=False, server_default=""),
    Column("name_en", Text, nullable=False, server_default=""),
    Column("street", Text, nullable=False, server_default=""),
    Column("housenumber", Text, nullable=False, server_default=""),
    Column("kind", Text, nullable=False, server_default="yes"),
    Column("levels", Integer),
    Column("flats", Integer),
    geometry("POLYGON"),
    near("building"),
)
stairwell = Table(
    "stairwell",
    metadata,
    tenant(),
    Column("stairwell_id", Uuid, primary_key=True),
    Column("building_id", Uuid, nullable=False),
    Column("unit", Text, nullable=False, server_default=""),
    Column("flats", Integer),
    geometry("POINT"),
    to("building", "building_id", "building_id", ondelete="CASCADE"),
)
street_segment = Table(
    "street_segment",
    metadata,
    tenant(),
    Column("segment_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("name_en", Text, nullable=False, server_default=""),
    Column("kind", Text, nullable=False),  # OSM highway value
    Column("from_node", BigInteger, nullable=False),
    Column("to_node", BigInteger, nullable=False),
    Column("length_m", Float, nullable=False),
    # who may pass, and which way: 0 nobody, 1 along the line, 2 against it, 3 both
    Column("walk", SmallInteger, nullable=False),
    Column("e_bike", SmallInteger, nullable=False),
    Column("car", SmallInteger, nullable=False),
    Column("underground", Boolean, nullable=False, server_default="false"),
    Column("aliases", ARRAY(Text), nullable=False, server_default="{}"),  # other names that people use
    geometry("LINESTRING"),
    near("street_segment"),
)
gate = Table(
    "gate",
    metadata,
    tenant(),
    Column("node_id", BigInteger, primary_key=True, autoincrement=False),  # the street node it stands on
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("walk", Boolean, nullable=False),
    Column("e_bike", Boolean, nullable=False),
    Column("car", Boolean, nullable=False),
    geometry("POINT"),
)
feature = Table(  # what the base map draws besides streets and buildings: greens, water, walls, pitches
    "feature",
    metadata,
    tenant(),
    Column("feature_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    geometry("GEOMETRY"),
    near("feature"),
)
station = Table(
    "station",
    metadata,
    tenant(),
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, server_default=""),
    Column("amenities", ARRAY(Text), nullable=False, server_default="{}"),
    Column("opening_hours", Text, nullable=False, server_default=""),
    geometry("POINT"),
)
