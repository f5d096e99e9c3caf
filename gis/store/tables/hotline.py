"""Tables of the 12345 hotline: its orders as they came, files that are being read, and how an office's columns are called."""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gis.store.tables.columns import metadata, moment, tenant, to

hotline_order = Table(  # one call; its report is the evidence, its case the work
    "hotline_order",
    metadata,
    tenant(),
    Column("order_id", Uuid, primary_key=True),  # made by the client: a repeat changes nothing
    Column(
        "order_number", Text, nullable=False, server_default=""
    ),  # the hotline's own; none: the desk took the call
    Column("report_id", Uuid, nullable=False),
    Column("words", Text, nullable=False, server_default=""),
    Column("address", Text, nullable=False, server_default=""),  # as the caller said it
    Column(
        "callback", Text, nullable=False, server_default=""
    ),  # personal: for the desk, each look recorded, erased
    moment("callback_erased_at"),
    moment("received_at", nullable=False),
    moment("due_at"),
    Column("taken_by", Uuid, nullable=False),
    moment("taken_at", nullable=False),
    moment("changed_at"),
    to("report", "report_id", "report_id"),
    to("person", "taken_by", "person_id"),
    Index(
        "uq_hotline_order_number",
        "community_id",
        "order_number",
        unique=True,
        postgresql_where=text("order_number <> ''"),
    ),
    Index("ix_hotline_order_report", "community_id", "report_id"),
    Index("ix_hotline_order_received", "community_id", text("received_at desc"), "order_id"),
    Index(  # of all communities
        "ix_hotline_order_callback", "taken_at", postgresql_where=text("callback <> ''")
    ),
)
hotline_import = Table(  # a file that was sent and is looked at, or being written; the file itself lies in the state folder
    "hotline_import",
    metadata,
    tenant(),
    Column("import_id", Uuid, primary_key=True),
    Column("file_name", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("columns", JSONB, nullable=False, server_default="{}"),  # field -> title in the file
    Column("categories", JSONB, nullable=False, server_default="{}"),  # word in the file -> category
    Column(
        "choices", JSONB, nullable=False, server_default="{}"
    ),  # address in the file -> place that a person chose
    Column("rows", Integer, nullable=False, server_default="0"),
    Column("done", Integer, nullable=False, server_default="0"),
    Column("summary", JSONB, nullable=False, server_default="{}"),
    Column("created_by", Uuid, nullable=False),
    moment("created_at", nullable=False),
    moment("ended_at"),
    to("person", "created_by", "person_id"),
    CheckConstraint("status in ('looked_at','writing','written','failed','discarded')", name="status"),
    Index("ix_hotline_import_created", "community_id", text("created_at desc")),
)
hotline_columns = Table(  # what the columns of an office's files are called, as last used
    "hotline_columns",
    metadata,
    tenant(),
    Column("columns", JSONB, nullable=False),
    Column("categories", JSONB, nullable=False, server_default="{}"),
    moment("at", nullable=False),
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
)
