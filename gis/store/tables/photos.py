"""The table of photos that belong to no report and no case: of visits, of people who are looked for, of what is handed out."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, Index, Integer, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from gis.store.tables.columns import metadata, moment, tenant, to

subject_photo = Table(  # its bytes lie beside those of ``photo``, named by their hash
    "subject_photo",
    metadata,
    tenant(),
    Column("photo_id", Uuid, primary_key=True),
    Column(
        "subject", Text, nullable=False
    ),  # what kind of thing; ``gis.views.subject_photos`` says who sees it
    Column("subject_id", Uuid, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("exif", JSONB, nullable=False, server_default="{}"),
    Column("perceptual_hash", Text, nullable=False, server_default=""),
    Column("added_by", Uuid, nullable=False),
    moment("added_at", nullable=False),
    moment("blurred_at"),  # when its renditions were searched for faces
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
    to("person", "added_by", "person_id"),
    Index("uq_subject_photo", "community_id", "subject", "subject_id", "sha256", unique=True),
    Index("ix_subject_photo_sha256", "community_id", "sha256"),
    Index("ix_subject_photo_sharp", "community_id", "sha256", postgresql_where=text("blurred_at is null")),
)
