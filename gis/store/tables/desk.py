"""Tables of the dispatch desk: filters that are kept, shifts that are handed over, notes for who comes next."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Table, Text, Uuid, text

from gis.store.tables.columns import metadata, moment, tenant, to

saved_filter = Table(  # a person's own, shown to the whole desk where they share it
    "saved_filter",
    metadata,
    tenant(),
    Column("filter_id", Uuid, primary_key=True),
    Column("owner_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("query", Text, nullable=False),  # as in the address of the page, without a cursor
    Column("shared", Boolean, nullable=False, server_default="false"),
    Column("is_default", Boolean, nullable=False, server_default="false"),  # what the owner's desk opens with
    moment("created_at", nullable=False),
    to("person", "owner_id", "person_id"),
    Index("uq_saved_filter_name", "community_id", "owner_id", "name", unique=True),
    Index(
        "uq_saved_filter_default",
        "community_id",
        "owner_id",
        unique=True,
        postgresql_where=text("is_default"),
    ),
    Index("ix_saved_filter_shared", "community_id", postgresql_where=text("shared")),
)
desk_shift = (
    Table(  # one person's time at the desk; whoever comes next signs that they have read what was handed over
        "desk_shift",
        metadata,
        tenant(),
        Column("shift_id", Uuid, primary_key=True),
        Column("person_id", Uuid, nullable=False),
        moment("began_at", nullable=False),
        moment("ended_at"),
        Column("words", Text, nullable=False, server_default=""),  # the general note to the next shift
        Column("taken_by", Uuid),
        moment("taken_at"),
        to("person", "person_id", "person_id"),
        to("person", "taken_by", "person_id"),
        CheckConstraint("taken_at is null or ended_at is not null", name="taken"),
        CheckConstraint("(taken_by is null) = (taken_at is null)", name="signed"),
        Index(
            "uq_desk_shift_open",
            "community_id",
            "person_id",
            unique=True,
            postgresql_where=text("ended_at is null"),
        ),
        Index("ix_desk_shift_ended", "community_id", text("ended_at desc")),
    )
)
desk_note = Table(  # pinned to a case, or of the desk in general, until somebody has settled it
    "desk_note",
    metadata,
    tenant(),
    Column("note_id", Uuid, primary_key=True),
    Column("case_id", Uuid),
    Column("written_by", Uuid, nullable=False),
    moment("written_at", nullable=False),
    Column("words", Text, nullable=False),
    Column("settled_by", Uuid),
    moment("settled_at"),
    to("case", "case_id", "case_id"),
    to("person", "written_by", "person_id"),
    to("person", "settled_by", "person_id"),
    CheckConstraint("(settled_by is null) = (settled_at is null)", name="settled"),
    Index("ix_desk_note_open", "community_id", "written_at", postgresql_where=text("settled_at is null")),
    Index("ix_desk_note_case", "community_id", "case_id", "written_at"),
)
