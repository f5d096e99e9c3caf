"""Tables of service hours, points, and who looked at what."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Float,
    Identity,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from gis.store.tables.columns import metadata, moment, tenant, to

service = Table(
    "service",
    metadata,
    tenant(),
    Column("service_id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("case_id", Uuid),
    Column("patrol_id", Uuid),
    Column("hours", Float, nullable=False),
    Column("verified_by", Uuid),
    moment("at", nullable=False),
    to("person", "person_id", "person_id"),
    to("case", "case_id", "case_id"),
    to("patrol", "patrol_id", "patrol_id"),
    Index("ix_service_person", "community_id", "person_id", "at"),
    Index("ix_service_case", "community_id", "case_id"),
)
account = Table(
    "account",
    metadata,
    tenant(),
    Column("account_id", Uuid, primary_key=True),  # uuid5 of community, kind and holder
    Column("kind", Text, nullable=False),
    Column("person_id", Uuid),
    to("person", "person_id", "person_id"),
    CheckConstraint("kind in ('person','issuer','reward','reversal')", name="kind"),
)
ledger = Table(  # double entry: each row takes from one account what it gives to the other; appended only
    "ledger",
    metadata,
    tenant(),
    Column("entry_id", Uuid, primary_key=True),
    Column("from_account", Uuid, nullable=False),
    Column("to_account", Uuid, nullable=False),
    Column("points", Integer, nullable=False),
    Column("service_id", Uuid),
    Column("reverses", Uuid),
    moment("at", nullable=False),
    Column("memo", Text, nullable=False, server_default=""),
    to("account", "from_account", "account_id"),
    to("account", "to_account", "account_id"),
    to("service", "service_id", "service_id"),
    to("ledger", "reverses", "entry_id"),
    UniqueConstraint("community_id", "reverses"),
    CheckConstraint("points > 0", name="positive"),
    CheckConstraint("from_account <> to_account", name="two_accounts"),
    Index("ix_ledger_service", "community_id", "service_id"),
    Index("ix_ledger_to", "community_id", "to_account", "at"),
    Index("ix_ledger_from", "community_id", "from_account", "at"),
)
access = Table(  # who looked at what: case details, originals; appended only
    "access",
    metadata,
    tenant(),
    Column("access_id", BigInteger, Identity(always=True), primary_key=True),
    moment("at", nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject_id", Text, nullable=False),
    Column("why", Text, nullable=False, server_default=""),  # where a reason is asked for
    Index("ix_access_subject", "community_id", "kind", "subject_id"),
)
