"""Tables of the audit log: entries that no other table has, and the chain over all entries. See docs/decisions/0047."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Identity,
    Index,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gis.store.tables.columns import metadata, moment, tenant

SOURCE = "source in ('access','change','erasure','note')"

audit_note = Table(  # sign-ins, exports, corrections, retention runs ...; appended only
    "audit_note",
    metadata,
    tenant(),
    Column("note_id", Uuid, primary_key=True),
    moment("at", nullable=False),
    Column("person_id", Uuid),  # none: the service itself, or the operator at the command line
    Column("kind", Text, nullable=False),  # a key of ``web.audit_words.NOTE_NAMES``
    Column("subject_id", Text, nullable=False, server_default=""),
    Column("data", JSONB, nullable=False, server_default="{}"),
    Column("salt", Uuid, server_default=text("gen_random_uuid()")),  # none: its words were erased
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
    Index("ix_audit_note_at", "community_id", text("at desc"), "note_id"),
    Index("ix_audit_note_person", "community_id", "person_id", text("at desc")),
    Index("ix_audit_note_kind", "community_id", "kind", text("at desc")),
)
audit_waiting = Table(  # written with each entry, taken away when it is chained
    "audit_waiting",
    metadata,
    tenant(),
    Column("waiting_id", BigInteger, Identity(always=True), primary_key=True),
    Column("source", Text, nullable=False),
    Column("key", Text, nullable=False),
    CheckConstraint(SOURCE, name="source"),
)
audit_link = Table(  # the chain; appended only
    "audit_link",
    metadata,
    tenant(),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("source", Text, nullable=False),
    Column("key", Text, nullable=False),
    moment("at", nullable=False),
    moment("linked_at", nullable=False),
    Column("told", LargeBinary, nullable=False),  # salted hash of its words
    Column("digest", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
    UniqueConstraint("community_id", "source", "key"),
    CheckConstraint(SOURCE, name="source"),
)
audit_head = Table(  # where each chain ends: who moves it on has the right to add
    "audit_head",
    metadata,
    tenant(),
    Column("seq", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    moment("at", nullable=False),
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
)
