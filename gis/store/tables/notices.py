"""Tables of notices: what people are told inside the service, and what group robots are told outside it."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Identity,
    Index,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gis.store.tables.columns import TransactionId, metadata, moment, tenant, to

notice = Table(
    "notice",
    metadata,
    tenant(),
    Column("notice_id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("case_id", Uuid),
    Column("dedup", Text, nullable=False),  # case and key: nobody is told of the same twice
    Column("urgent", Boolean, nullable=False, server_default="false"),
    Column("silent", Boolean, nullable=False, server_default="false"),  # made in quiet hours: no sound
    Column("data", JSONB, nullable=False, server_default="{}"),
    moment("created_at", nullable=False),
    moment("read_at"),
    Column("serial", BigInteger, Identity(always=True), nullable=False),
    Column("transaction_id", TransactionId(), nullable=False, server_default=text("pg_current_xact_id()")),
    UniqueConstraint("community_id", "person_id", "kind", "dedup"),
    to("person", "person_id", "person_id", ondelete="CASCADE"),
    to("case", "case_id", "case_id"),
    Index("ix_notice_person", "community_id", "person_id", text("serial desc")),
    Index("ix_notice_unread", "community_id", "person_id", postgresql_where=text("read_at is null")),
    Index("ix_notice_created", "community_id", "created_at"),
    Index("ix_notice_stream", "transaction_id", "serial"),  # the live stream of all communities at once
)
robot = Table(  # a chat group's robot that is told of some kinds of notice
    "robot",
    metadata,
    tenant(),
    Column("robot_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("address", Text, nullable=False),  # holds the group's key: never shown whole, never logged
    Column("kinds", ARRAY(Text), nullable=False, server_default="{}"),  # kinds of notice
    Column("language", Text, nullable=False, server_default="zh"),
    Column("enabled", Boolean, nullable=False, server_default="false"),
    moment("created_at", nullable=False),
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
    CheckConstraint("kind in ('wecom','dingtalk','feishu')", name="kind"),
)
delivery = Table(  # one message to one robot; once sending has begun it is never sent again without a refusal
    "delivery",
    metadata,
    tenant(),
    Column("delivery_id", Uuid, primary_key=True),
    Column("robot_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("case_id", Uuid),
    Column("dedup", Text, nullable=False),
    Column("urgent", Boolean, nullable=False, server_default="false"),
    Column("data", JSONB, nullable=False, server_default="{}"),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    moment("created_at", nullable=False),
    moment("due_at", nullable=False),
    moment("started_at"),
    moment("ended_at"),
    Column("error", Text, nullable=False, server_default=""),
    UniqueConstraint("community_id", "robot_id", "kind", "dedup"),
    to("robot", "robot_id", "robot_id", ondelete="CASCADE"),
    to("case", "case_id", "case_id"),
    CheckConstraint("state in ('waiting','sending','sent','failed','unknown')", name="state"),
    Index(
        "ix_delivery_open",
        "community_id",
        "due_at",
        postgresql_where=text("state in ('waiting','sending')"),
    ),
)
