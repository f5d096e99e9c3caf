"""Tables of searches for missing people; what tells who it is lies sealed, and is erased after the search."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from gis.store.tables.columns import geometry, metadata, moment, tenant, to

missing_person = Table(
    "missing_person",
    metadata,
    tenant(),
    Column("missing_id", Uuid, primary_key=True),  # made by the client: a repeat changes nothing
    Column("muster_id", Uuid, nullable=False),  # by which people are called
    Column("resident_id", Uuid),  # none: told without a record
    Column("status", Text, nullable=False, server_default="searching"),
    Column("name", LargeBinary),  # sealed; none: erased
    Column("told", LargeBinary),  # sealed: what they look like, what they wear, whom to call
    Column("outcome", LargeBinary),  # sealed: where and how they were found
    Column("photo_id", Uuid),
    Column("place_text", Text, nullable=False, server_default=""),
    geometry("POINT", nullable=True),  # where they were last seen; none: erased
    moment("seen_at", nullable=False),
    Column("created_by", Uuid, nullable=False),
    moment("created_at", nullable=False),
    Column("ended_by", Uuid),
    moment("ended_at"),
    moment("erased_at"),
    to("muster", "muster_id", "muster_id"),
    to("resident", "resident_id", "resident_id"),
    to("person", "created_by", "person_id"),
    to("person", "ended_by", "person_id"),
    CheckConstraint("status in ('searching','found','stood_down')", name="status"),
    CheckConstraint("(status = 'searching') = (ended_at is null)", name="ended"),
    CheckConstraint(
        "erased_at is null or (name is null and told is null and outcome is null and photo_id is null"
        " and geom is null and resident_id is null and place_text = '')",
        name="erased",
    ),
    Index("uq_missing_person_muster", "community_id", "muster_id", unique=True),
    Index("ix_missing_person_created", "community_id", text("created_at desc"), "missing_id"),
    Index("ix_missing_person_resident", "community_id", "resident_id"),
    Index(  # of all communities
        "ix_missing_person_ended",
        "ended_at",
        postgresql_where=text("ended_at is not null and erased_at is null"),
    ),
)
missing_street = Table(  # a segment of a street to be searched, and who has
    "missing_street",
    metadata,
    tenant(),
    Column("missing_id", Uuid, primary_key=True),
    Column("segment_id", Uuid, primary_key=True),
    Column("ring", SmallInteger, nullable=False),  # how far the search had grown when it was added
    Column("searched_by", Uuid),
    moment("searched_at"),
    to("missing_person", "missing_id", "missing_id"),
    to("street_segment", "segment_id", "segment_id"),
    to("person", "searched_by", "person_id"),
    CheckConstraint("(searched_by is null) = (searched_at is null)", name="searched"),
)
