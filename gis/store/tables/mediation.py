"""Tables of mediation: everything that people said or are called is encrypted; cases, events and exports hold none of it."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    CheckConstraint,
    Column,
    Date,
    Index,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)

from gis.store.tables.columns import metadata, moment, tenant, to

mediation = Table(  # one for a case of a dispute
    "mediation",
    metadata,
    tenant(),
    Column("case_id", Uuid, primary_key=True),
    Column("keeper_id", Uuid, nullable=False),  # the one social worker who is responsible
    Column("mediator_id", Uuid),
    moment("opened_at", nullable=False),
    Column("agreement", LargeBinary),  # encrypted
    Column("signed_by", LargeBinary),  # encrypted
    Column("signed_on", Date),
    Column("outcome", Text),
    moment("outcome_at"),
    Column("outcome_by", Uuid),
    moment("erased_at"),  # since then only that there was one is known, and how it ended
    to("case", "case_id", "case_id"),
    to("person", "keeper_id", "person_id"),
    to("person", "mediator_id", "person_id"),
    to("person", "outcome_by", "person_id"),
    CheckConstraint("outcome in ('agreed','failed','withdrawn','passed_on')", name="outcome"),
    CheckConstraint("outcome is distinct from 'agreed' or agreement is not null", name="agreement"),
    Index("ix_mediation_keeper", "community_id", "keeper_id", text("opened_at desc")),
    Index("ix_mediation_mediator", "community_id", "mediator_id", text("opened_at desc")),
    Index("ix_mediation_outcome", "community_id", "outcome_at"),
)
mediation_party = Table(
    "mediation_party",
    metadata,
    tenant(),
    Column("case_id", Uuid, primary_key=True),
    Column("party_id", Uuid, primary_key=True),  # made by the client: a repeat changes nothing
    Column("seat", SmallInteger, nullable=False),
    Column("name", LargeBinary, nullable=False),  # encrypted, as what follows
    Column("contact", LargeBinary),
    Column("words", LargeBinary),
    Column("added_by", Uuid, nullable=False),
    moment("added_at", nullable=False),
    to("mediation", "case_id", "case_id"),
    to("person", "added_by", "person_id"),
)
mediation_session = Table(
    "mediation_session",
    metadata,
    tenant(),
    Column("case_id", Uuid, primary_key=True),
    Column("session_id", Uuid, primary_key=True),  # made by the client: a repeat changes nothing
    moment("starts_at", nullable=False),
    Column("place", LargeBinary, nullable=False),  # encrypted: it may be somebody's home
    Column("present", ARRAY(Uuid), nullable=False, server_default="{}"),  # parties who came
    Column("words", LargeBinary),  # encrypted
    Column("added_by", Uuid, nullable=False),
    moment("added_at", nullable=False),
    moment("told_at"),
    to("mediation", "case_id", "case_id"),
    to("person", "added_by", "person_id"),
    Index("ix_mediation_session_starts", "starts_at", postgresql_where=text("told_at is null")),
)
mediation_follow_up = Table(
    "mediation_follow_up",
    metadata,
    tenant(),
    Column("case_id", Uuid, primary_key=True),
    Column("follow_up_id", Uuid, primary_key=True),  # made by the client: a repeat changes nothing
    Column("due_on", Date, nullable=False),
    Column("words", LargeBinary),  # encrypted: what was found
    Column("kept", Text),  # whether the agreement is
    moment("told_at"),
    moment("done_at"),
    Column("done_by", Uuid),
    to("mediation", "case_id", "case_id"),
    to("person", "done_by", "person_id"),
    CheckConstraint("kept in ('kept','partly','broken')", name="kept"),
    CheckConstraint("(done_at is null) = (kept is null)", name="done"),
    Index(
        "ix_mediation_follow_up_due",
        "due_on",
        postgresql_where=text("told_at is null and done_at is null"),
    ),
)
