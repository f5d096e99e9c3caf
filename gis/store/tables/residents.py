"""Tables of households and the people who live there. What tells who somebody is lies sealed (see ``gis.sealing``)."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Date,
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
from sqlalchemy.dialects.postgresql import JSONB

from gis.store.tables.columns import metadata, moment, tenant, to

household = Table(
    "household",
    metadata,
    tenant(),
    Column("household_id", Uuid, primary_key=True),  # made by the client: a repeat changes nothing
    Column("building_id", Uuid, nullable=False),
    Column("unit", Text, nullable=False, server_default=""),  # the stairwell's number
    Column("flat", Text, nullable=False),
    Column("grid_code", Text),  # where its door lies, in the areas in force
    Column("micro_grid_code", Text),
    Column("tenure", Text, nullable=False, server_default="unknown"),
    Column("note", LargeBinary),  # sealed
    Column("purpose", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("recorded_on", Date, nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("created_by", Uuid),
    moment("created_at", nullable=False),
    moment("changed_at", nullable=False),
    to("building", "building_id", "building_id"),
    to("person", "created_by", "person_id"),
    UniqueConstraint("community_id", "building_id", "unit", "flat"),
    CheckConstraint("tenure in ('owner','tenant','other','unknown')", name="tenure"),
    Index("ix_household_micro_grid", "community_id", "micro_grid_code"),
    Index("ix_household_grid", "community_id", "grid_code"),
)
resident = Table(
    "resident",
    metadata,
    tenant(),
    Column("resident_id", Uuid, primary_key=True),  # made by the client: a repeat changes nothing
    Column("household_id", Uuid),  # none: erased
    Column("name", LargeBinary),  # sealed; none: erased
    Column("identity", LargeBinary),  # sealed: identity number, telephone, day of birth
    Column("contacts", LargeBinary),  # sealed: whom to call
    Column("phone_mark", LargeBinary),  # keyed hashes, to find somebody again by the whole number
    Column("id_mark", LargeBinary),
    Column("birth_year", SmallInteger),
    Column("relation", Text, nullable=False, server_default="other"),
    Column(
        "flags", ARRAY(Text), nullable=False, server_default="{}"
    ),  # of care; those of age follow from the year
    Column("account_id", Uuid),  # with which they sign in themselves
    Column("purpose", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("recorded_on", Date, nullable=False),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("created_by", Uuid),
    moment("created_at", nullable=False),
    moment("changed_at", nullable=False),
    Column("moved_out_on", Date),
    moment("erased_at"),
    to("household", "household_id", "household_id"),
    to("person", "account_id", "person_id"),
    to("person", "created_by", "person_id"),
    CheckConstraint(
        "(erased_at is null) = (name is not null and household_id is not null) and (erased_at is null or"
        " (identity is null and contacts is null and phone_mark is null and id_mark is null"
        " and birth_year is null and flags = '{}' and account_id is null))",
        name="erased",
    ),
    Index("ix_resident_household", "community_id", "household_id"),
    Index("ix_resident_phone", "community_id", "phone_mark", postgresql_where=text("phone_mark is not null")),
    Index("ix_resident_id", "community_id", "id_mark", postgresql_where=text("id_mark is not null")),
    Index(
        "uq_resident_account",
        "community_id",
        "account_id",
        unique=True,
        postgresql_where=text("account_id is not null"),
    ),
    Index(  # of all communities
        "ix_resident_moved_out",
        "moved_out_on",
        postgresql_where=text("moved_out_on is not null and erased_at is null"),
    ),
)
resident_consent = Table(  # given or withdrawn; appended only, the latest of a purpose holds
    "resident_consent",
    metadata,
    tenant(),
    Column("consent_id", Uuid, primary_key=True),
    Column("resident_id", Uuid, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("given", Boolean, nullable=False),
    Column("how", Text, nullable=False),
    Column("said_by", Text, nullable=False),
    Column("said_on", Date, nullable=False),
    Column("recorded_by", Uuid, nullable=False),
    moment("recorded_at", nullable=False),
    to("resident", "resident_id", "resident_id"),
    to("person", "recorded_by", "person_id"),
    CheckConstraint("how in ('written','spoken','online')", name="how"),
    CheckConstraint("said_by in ('self','family','guardian')", name="said_by"),
    Index("ix_resident_consent_resident", "community_id", "resident_id", "recorded_at"),
)
resident_change = (
    Table(  # what was changed, the old values sealed; appended only, emptied when a person is erased
        "resident_change",
        metadata,
        tenant(),
        Column("change_id", Uuid, primary_key=True),
        Column("household_id", Uuid, nullable=False),
        Column("resident_id", Uuid),  # none: of the household itself
        Column("suggestion_id", Uuid),
        moment("at", nullable=False),
        Column("actor_id", Uuid),  # none: by rule, or before anybody worked here
        Column("verb", Text, nullable=False),
        Column("fields", ARRAY(Text), nullable=False, server_default="{}"),
        Column("data", LargeBinary),  # sealed: field -> before, after; none: erased, or nothing to tell
        to("person", "actor_id", "person_id"),
        CheckConstraint(
            "verb in ('added','changed','moved_in','moved_out','consent','erased','imported')", name="verb"
        ),
        Index("ix_resident_change_resident", "community_id", "resident_id", "at"),
        Index("ix_resident_change_household", "community_id", "household_id", "at"),
        Index("ix_resident_change_at", "community_id", "at"),
    )
)
resident_suggestion = Table(  # what a watcher proposes; a grid worker decides
    "resident_suggestion",
    metadata,
    tenant(),
    Column("suggestion_id", Uuid, primary_key=True),  # made by the client: a repeat changes nothing
    Column("household_id", Uuid, nullable=False),
    Column("resident_id", Uuid),  # none: a person who isn't recorded yet
    Column("made_by", Uuid, nullable=False),
    moment("made_at", nullable=False),
    Column("fields", ARRAY(Text), nullable=False),
    Column("data", LargeBinary),  # sealed: field -> before, after; none: erased
    Column("status", Text, nullable=False, server_default="open"),
    Column("decided_by", Uuid),
    moment("decided_at"),
    Column("reason", Text, nullable=False, server_default=""),
    to("household", "household_id", "household_id"),
    to("resident", "resident_id", "resident_id"),
    to("person", "made_by", "person_id"),
    to("person", "decided_by", "person_id"),
    CheckConstraint("status in ('open','approved','declined')", name="status"),
    CheckConstraint("(status = 'open') = (decided_at is null)", name="decided"),
    Index(
        "ix_resident_suggestion_open",
        "community_id",
        "made_at",
        postgresql_where=text("status = 'open'"),
    ),
    Index("ix_resident_suggestion_made_by", "community_id", "made_by", text("made_at desc")),
    Index("ix_resident_suggestion_resident", "community_id", "resident_id"),
)
care_flag = Table(  # flags that an office has added to those that there are
    "care_flag",
    metadata,
    tenant(),
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, server_default=""),
    Column("for_watchers", Boolean, nullable=False, server_default="true"),
    Column("active", Boolean, nullable=False, server_default="true"),
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
)
erasure = Table(  # the proof of what was erased, and of what had to stay; holds nothing of what it was
    "erasure",
    metadata,
    tenant(),
    Column("erasure_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    moment("at", nullable=False),
    Column("actor_id", Uuid),  # none: by rule
    Column("reason", Text, nullable=False, server_default=""),
    Column("erased", JSONB, nullable=False),
    Column("kept", JSONB, nullable=False),
    to("person", "actor_id", "person_id"),
    Index("ix_erasure_at", "community_id", text("at desc"), "erasure_id"),
    Index("ix_erasure_subject", "community_id", "subject_id"),
)
