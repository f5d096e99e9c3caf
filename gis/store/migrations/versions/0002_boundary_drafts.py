"""Drafts of boundaries: edits, and the cells that each made."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # if_not_exists: databases made before the first migration was written out table by table have them already
    op.create_table(
        "area_draft",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("based_on", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_edit", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_as", sa.Integer(), nullable=True),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("source in ('version','file','delineation')", name=op.f("ck_area_draft_source")),
        sa.ForeignKeyConstraint(
            ["community_id", "based_on"],
            ["area_version.community_id", "area_version.version"],
            name=op.f("fk_area_draft_community_id_based_on"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "created_by"],
            ["person.community_id", "person.person_id"],
            name=op.f("fk_area_draft_community_id_created_by"),
        ),
        sa.PrimaryKeyConstraint("community_id", "draft_id", name=op.f("pk_area_draft")),
        if_not_exists=True,
    )
    op.create_index(
        "ix_area_draft_open",
        "area_draft",
        ["community_id", sa.text("updated_at desc")],
        postgresql_where=sa.text("published_as is null and discarded_at is null"),
        if_not_exists=True,
    )
    op.create_table(
        "area_draft_edit",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("edit", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["community_id", "actor_id"],
            ["person.community_id", "person.person_id"],
            name=op.f("fk_area_draft_edit_community_id_actor_id"),
        ),
        sa.ForeignKeyConstraint(
            ["community_id", "draft_id"],
            ["area_draft.community_id", "area_draft.draft_id"],
            name=op.f("fk_area_draft_edit_community_id_draft_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("community_id", "draft_id", "edit", name=op.f("pk_area_draft_edit")),
        if_not_exists=True,
    )
    op.create_table(
        "area_draft_cell",
        sa.Column("community_id", sa.Text(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("edit", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("gone", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("name_en", sa.Text(), server_default="", nullable=False),
        sa.Column("parent_code", sa.Text(), nullable=True),
        sa.Column("households", sa.Integer(), nullable=True),
        sa.Column("people", sa.ARRAY(sa.Uuid()), server_default="{}", nullable=False),
        sa.Column("attributes", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("geom", Geometry("MULTIPOLYGON", srid=4326, spatial_index=False), nullable=True),
        sa.CheckConstraint(
            "level in ('community','grid','micro_grid','courtyard')", name=op.f("ck_area_draft_cell_level")
        ),
        sa.CheckConstraint("gone or geom is not null", name=op.f("ck_area_draft_cell_geom")),
        sa.ForeignKeyConstraint(
            ["community_id", "draft_id"],
            ["area_draft.community_id", "area_draft.draft_id"],
            name=op.f("fk_area_draft_cell_community_id_draft_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint(
            "community_id", "draft_id", "edit", "level", "code", name=op.f("pk_area_draft_cell")
        ),
        if_not_exists=True,
    )
