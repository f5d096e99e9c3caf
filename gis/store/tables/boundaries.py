"""Tables of drafts of boundaries: a tree of edits with a pointer to the one in force, and the cells that each made.

Nothing of a draft is overwritten but the pointer. Undoing moves it to the edit before, redoing to the one after; an edit
made after undoing begins another branch, and what was undone stays readable.
"""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    Boolean,
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

from gis.store.tables.columns import geometry, metadata, moment, tenant, to

area_draft = Table(
    "area_draft",
    metadata,
    tenant(),
    Column("draft_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("based_on", Integer, nullable=False),  # the version in force when it was begun
    Column("position", Integer, nullable=False, server_default="0"),  # the edit in force; 0: as it was begun
    Column("last_edit", Integer, nullable=False, server_default="0"),
    Column("created_by", Uuid, nullable=False),
    moment("created_at", nullable=False),
    moment("updated_at", nullable=False),
    Column("published_as", Integer),  # the version that it became
    moment("discarded_at"),
    Column("report", JSONB(none_as_null=True)),  # of the delineation that it was drawn by
    to("area_version", "based_on", "version"),
    to("person", "created_by", "person_id"),
    CheckConstraint("source in ('version','file','delineation')", name="source"),
    Index(
        "ix_area_draft_open",
        "community_id",
        text("updated_at desc"),
        postgresql_where=text("published_as is null and discarded_at is null"),
    ),
)
area_draft_edit = Table(
    "area_draft_edit",
    metadata,
    tenant(),
    Column("draft_id", Uuid, primary_key=True),
    Column("edit", Integer, primary_key=True, autoincrement=False),
    Column("after", Integer, nullable=False),  # the edit that it was made upon
    Column("kind", Text, nullable=False),
    Column("payload", JSONB, nullable=False, server_default="{}"),
    Column("actor_id", Uuid, nullable=False),
    moment("at", nullable=False),
    to("person", "actor_id", "person_id"),
    ForeignKeyConstraint(
        ["community_id", "draft_id"], ["area_draft.community_id", "area_draft.draft_id"], ondelete="CASCADE"
    ),
)
area_draft_cell = Table(  # a cell as an edit left it; 0: as the draft was begun
    "area_draft_cell",
    metadata,
    tenant(),
    Column("draft_id", Uuid, primary_key=True),
    Column("edit", Integer, primary_key=True, autoincrement=False),
    Column("level", Text, primary_key=True),
    Column("code", Text, primary_key=True),
    Column("gone", Boolean, nullable=False, server_default="false"),
    Column("name", Text, nullable=False, server_default=""),
    Column("name_en", Text, nullable=False, server_default=""),
    Column("parent_code", Text),
    Column("households", Integer),
    Column("people", ARRAY(Uuid), nullable=False, server_default="{}"),
    Column("attributes", JSONB, nullable=False, server_default="{}"),
    geometry("MULTIPOLYGON", nullable=True),
    ForeignKeyConstraint(
        ["community_id", "draft_id"], ["area_draft.community_id", "area_draft.draft_id"], ondelete="CASCADE"
    ),
    CheckConstraint("level in ('community','grid','micro_grid','courtyard')", name="level"),
    CheckConstraint("gone or geom is not null", name="geom"),
)
