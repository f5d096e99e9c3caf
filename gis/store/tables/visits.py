"""Tables of visits: the watch log, checklists, problems that were found, campaigns, planned rounds."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from gis.store.tables.columns import geometry, metadata, moment, tenant, to

checklist = Table(  # gas, stairs, lift, wiring ...: the community's own
    "checklist",
    metadata,
    tenant(),
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, server_default=""),
    Column("active", Boolean, nullable=False, server_default="true"),
    Column("sort", SmallInteger, nullable=False, server_default="0"),
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
)
checklist_item = Table(
    "checklist_item",
    metadata,
    tenant(),
    Column("item_id", Uuid, primary_key=True),
    Column("list_code", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("words_en", Text, nullable=False, server_default=""),
    Column(
        "category", Text, ForeignKey("category.code"), nullable=False
    ),  # of the case that a wrong one becomes
    Column("active", Boolean, nullable=False, server_default="true"),
    Column("sort", SmallInteger, nullable=False, server_default="0"),
    to("checklist", "list_code", "code"),
    Index("ix_checklist_item_list", "community_id", "list_code"),
)
campaign = Table(  # 百日大走访: from when until when, where, and what is asked
    "campaign",
    metadata,
    tenant(),
    Column("campaign_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, server_default=""),
    Column("purpose", Text, nullable=False, server_default=""),
    Column("purpose_en", Text, nullable=False, server_default=""),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("grid_codes", ARRAY(Text), nullable=False, server_default="{}"),  # none: everywhere
    Column("questions", JSONB, nullable=False, server_default="[]"),
    Column("created_by", Uuid, nullable=False),
    moment("created_at", nullable=False),
    moment("changed_at"),
    moment("ended_at"),
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
    to("person", "created_by", "person_id"),
    CheckConstraint("ends_on >= starts_on", name="order"),
    Index("ix_campaign_starts", "community_id", text("starts_on desc"), "campaign_id"),
)
visit_round = Table(  # a planned round of one person on one day
    "visit_round",
    metadata,
    tenant(),
    Column("round_id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("campaign_id", Uuid),
    Column("day", Date, nullable=False),
    Column("name", Text, nullable=False, server_default=""),
    Column("start_lon", Float, nullable=False),
    Column("start_lat", Float, nullable=False),
    Column("travel_s", Float, nullable=False),
    Column("created_by", Uuid, nullable=False),
    moment("created_at", nullable=False),
    moment("ended_at"),
    to("person", "person_id", "person_id"),
    to("person", "created_by", "person_id"),
    to("campaign", "campaign_id", "campaign_id"),
    Index("ix_visit_round_person", "community_id", "person_id", text("day desc"), "round_id"),
)
visit = Table(  # one entry of the watch log; written once, never edited
    "visit",
    metadata,
    tenant(),
    Column("visit_id", Uuid, primary_key=True),  # made by the client: a repeat changes nothing
    Column("kind", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("person_id", Uuid, nullable=False),
    moment("visited_at", nullable=False),
    moment("recorded_at", nullable=False),
    Column("building_id", Uuid),
    Column("household_id", Uuid),
    Column("flat", Text, nullable=False, server_default=""),  # home data: for those responsible
    Column("words", Text, nullable=False, server_default=""),
    Column("checks", JSONB, nullable=False, server_default="{}"),  # item -> ok or wrong
    Column("answers", JSONB, nullable=False, server_default="{}"),  # question of the campaign -> answer
    Column("campaign_id", Uuid),
    Column("round_id", Uuid),
    Column("place_text", Text, nullable=False, server_default=""),
    Column("grid_code", Text),
    Column("micro_grid_code", Text),
    Column("segment_id", Uuid),  # the street that it lies at
    geometry("POINT"),  # of the building, or a pin: never where somebody walked
    Column("body_hash", LargeBinary, nullable=False),
    moment("erased_at"),  # since then without the flat, the words, the answers and the photos
    to("person", "person_id", "person_id"),
    to("building", "building_id", "building_id"),
    to("street_segment", "segment_id", "segment_id"),
    to("campaign", "campaign_id", "campaign_id"),
    to("visit_round", "round_id", "round_id"),
    CheckConstraint("kind in ('look','check','visit','phone','talk','other')", name="kind"),
    CheckConstraint("outcome in ('done','not_home')", name="outcome"),
    Index("ix_visit_at", "community_id", text("visited_at desc"), "visit_id"),
    Index("ix_visit_person", "community_id", "person_id", text("visited_at desc")),
    Index("ix_visit_grid", "community_id", "grid_code", text("visited_at desc")),
    Index("ix_visit_building", "community_id", "building_id", text("visited_at desc")),
    Index(
        "ix_visit_campaign", "community_id", "campaign_id", postgresql_where=text("campaign_id is not null")
    ),
)
round_stop = Table(
    "round_stop",
    metadata,
    tenant(),
    Column("round_id", Uuid, primary_key=True),
    Column("n", Integer, primary_key=True),  # in the order of the visits
    Column("building_id", Uuid),
    Column("household_id", Uuid),
    Column("flat", Text, nullable=False, server_default=""),
    Column("label", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),  # why: since when nobody was there
    geometry("POINT"),
    Column("arrive_s", Float, nullable=False),
    Column("state", Text, nullable=False, server_default="todo"),
    Column("visit_id", Uuid),
    moment("at"),
    to("visit_round", "round_id", "round_id", ondelete="CASCADE"),
    to("building", "building_id", "building_id"),
    to("visit", "visit_id", "visit_id"),
    CheckConstraint("state in ('todo','done','not_home','skipped')", name="state"),
)
finding = Table(  # a problem that was found on a visit: each has an answer in the end
    "finding",
    metadata,
    tenant(),
    Column("finding_id", Uuid, primary_key=True),
    Column("visit_id", Uuid),
    Column("n", SmallInteger, nullable=False, server_default="0"),  # which of the visit's
    Column("campaign_id", Uuid),
    Column("item_id", Uuid),
    Column("category", Text, ForeignKey("category.code"), nullable=False),
    Column("words", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column(
        "transferred_to", Text, nullable=False, server_default=""
    ),  # as it was written, where there is no case
    Column("case_id", Uuid),
    Column("answer", Text, nullable=False, server_default=""),
    moment("answered_at"),
    Column("answered_by", Uuid),
    Column("found_by", Uuid, nullable=False),
    moment("found_at", nullable=False),
    moment("recorded_at", nullable=False),
    Column("building_id", Uuid),
    Column("flat", Text, nullable=False, server_default=""),
    Column("place_text", Text, nullable=False, server_default=""),
    Column("grid_code", Text),
    Column("micro_grid_code", Text),
    geometry("POINT", nullable=True),
    Column("import_key", Text),  # of the line of a sheet: read again, it changes nothing
    Column("revision", Integer, nullable=False, server_default="1"),
    to("visit", "visit_id", "visit_id"),
    to("campaign", "campaign_id", "campaign_id"),
    to("checklist_item", "item_id", "item_id"),
    to("case", "case_id", "case_id"),
    to("building", "building_id", "building_id"),
    to("person", "found_by", "person_id"),
    to("person", "answered_by", "person_id"),
    CheckConstraint("state in ('open','on_spot','transferred')", name="state"),
    Index("ix_finding_at", "community_id", text("found_at desc"), "finding_id"),
    Index("ix_finding_visit", "community_id", "visit_id"),
    Index("ix_finding_case", "community_id", "case_id", postgresql_where=text("case_id is not null")),
    Index("ix_finding_campaign", "community_id", "campaign_id", "state"),
    Index(
        "uq_finding_import",
        "community_id",
        "campaign_id",
        "import_key",
        unique=True,
        postgresql_where=text("import_key is not null"),
    ),
)

__all__ = ["campaign", "checklist", "checklist_item", "finding", "round_stop", "visit", "visit_round"]
