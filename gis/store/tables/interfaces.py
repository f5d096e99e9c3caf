"""Tables of what leaves the service on order, and of programs that may send something in."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
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
from sqlalchemy.dialects.postgresql import JSONB

from gis.store.tables.columns import metadata, moment, tenant, to

export = Table(  # a file that somebody ordered; its bytes lie in the state folder
    "export",
    metadata,
    tenant(),
    Column("export_id", Uuid, primary_key=True),  # made by the client: a repeat orders nothing more
    Column("ordered_by", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("layer", Text, nullable=False),
    Column("format", Text, nullable=False),
    Column("datum", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("filters", JSONB, nullable=False, server_default="{}"),  # as asked
    Column("rows_total", Integer),
    Column("rows_done", Integer, nullable=False, server_default="0"),
    Column("bytes", BigInteger),
    Column("error", Text, nullable=False, server_default=""),  # code of what went wrong
    moment("ordered_at", nullable=False),
    moment("began_at"),
    moment("ended_at"),
    moment("expires_at"),  # until when the file is kept
    to("person", "ordered_by", "person_id"),
    CheckConstraint("state in ('waiting','running','done','failed','cancelled','expired')", name="state"),
    CheckConstraint("(state in ('waiting','running')) = (ended_at is null)", name="ended"),
    CheckConstraint("state <> 'done' or (bytes is not null and expires_at is not null)", name="done"),
    Index("ix_export_person", "community_id", "ordered_by", text("ordered_at desc"), "export_id"),
    Index("ix_export_expires", "expires_at", postgresql_where=text("state = 'done'")),  # of all communities
    Index("ix_export_open", "ordered_at", postgresql_where=text("state in ('waiting','running')")),
)
api_key = Table(  # of a program that files reports by Open311; only the hash of it is kept
    "api_key",
    metadata,
    tenant(),
    Column("key_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("key_hash", LargeBinary, nullable=False),
    Column("person_id", Uuid, nullable=False),  # in whose name it reports
    Column("per_minute", SmallInteger, nullable=False),
    Column("created_by", Uuid),  # none: the operator at the command line
    moment("created_at", nullable=False),
    moment("revoked_at"),
    to("person", "person_id", "person_id"),
    to("person", "created_by", "person_id"),
    UniqueConstraint("community_id", "key_hash"),
    CheckConstraint("per_minute > 0", name="per_minute"),
)
