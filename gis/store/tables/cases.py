"""Tables of reports, cases, photos, offers and events."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKey,
    Identity,
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

from gis.store.tables.columns import TransactionId, case_number, geometry, metadata, moment, near, tenant, to

category = Table(  # a reference table: the same for every community
    "category",
    metadata,
    Column("code", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("family", Text, nullable=False),  # hazard, care, dispute, service
    Column("urgent", Boolean, nullable=False, server_default="false"),
    Column("severity", SmallInteger, nullable=False, server_default="1"),
    Column("offer_s", Integer, nullable=False, server_default="120"),
    Column("answer_s", Integer, nullable=False),
    Column("resolve_s", Integer, nullable=False),
    Column("on_site_s", Integer, nullable=False, server_default="3600"),
    Column("counting", Text, nullable=False, server_default="day"),  # wall, day, working
    Column("radius_m", Integer, nullable=False, server_default="30"),  # how near an open case may be the same
    Column("agency_code", Text),  # who is referred to by default
    Column("skills", ARRAY(Text), nullable=False, server_default="{}"),  # any of these helps
    Column("skill_required", Boolean, nullable=False, server_default="false"),  # only who has one is asked
    Column("sort", SmallInteger, nullable=False, server_default="0"),
)
case = Table(
    "case",
    metadata,
    tenant(),
    Column("case_id", Uuid, primary_key=True),
    Column("number", BigInteger, case_number, nullable=False, server_default=case_number.next_value()),
    Column("category", Text, ForeignKey("category.code"), nullable=False),
    Column("status", Text, nullable=False),
    Column("urgent", Boolean, nullable=False, server_default="false"),
    Column("escalation", SmallInteger, nullable=False, server_default="0"),
    Column("summary", Text, nullable=False, server_default=""),
    Column("place", JSONB, nullable=False),  # as answered: every level with distance and probability
    Column("area_version", Integer, nullable=False),  # the version it was snapped on
    Column("grid_code", Text),
    Column("micro_grid_code", Text),
    Column("building_id", Uuid),
    Column("segment_id", Uuid),
    geometry("POINT"),
    Column("reporter_id", Uuid),
    Column("assignee_id", Uuid),
    Column("agency_code", Text),
    moment("opened_at", nullable=False),
    moment("answered_at"),  # the first human answer: an acceptance, a referral, a decision
    moment("accepted_at"),
    moment("arrived_at"),
    moment("done_at"),
    moment("closed_at"),
    moment("answer_due_at", nullable=False),
    moment("on_site_due_at"),
    moment("resolve_due_at", nullable=False),
    moment("answer_soon_at"),  # from when on each deadline is near
    moment("on_site_soon_at"),
    moment("resolve_soon_at"),
    moment("starts_at"),  # the window of an ordered service: from when until when somebody is wanted
    moment("ends_at"),
    moment("climb_at"),  # when the ladder looks at it next; none: nothing is awaited
    moment("paused_at"),  # its clock stands still since then
    moment("pause_ends_at"),
    Column("reopened", SmallInteger, nullable=False, server_default="0"),
    Column("recurrence_of", Uuid),  # the mended case that this one is about again
    Column("merged_into", Uuid),  # the case that this one's reports were moved to
    Column("revision", Integer, nullable=False, server_default="1"),
    UniqueConstraint("community_id", "number"),
    to("area_version", "area_version", "version"),
    to("building", "building_id", "building_id"),
    to("street_segment", "segment_id", "segment_id"),
    to("person", "reporter_id", "person_id"),
    to("person", "assignee_id", "person_id"),
    to("agency", "agency_code", "code"),
    to("case", "recurrence_of", "case_id"),
    to("case", "merged_into", "case_id"),
    CheckConstraint(
        "status in ('open','offered','accepted','on_site','referred','done','closed','rejected','cancelled')",
        name="status",
    ),
    near("case"),
    Index("ix_case_opened", "community_id", text("opened_at desc"), "case_id"),
    Index("ix_case_grid", "community_id", "grid_code", text("opened_at desc")),
    Index("ix_case_assignee", "community_id", "assignee_id"),
    Index("ix_case_micro_grid", "community_id", "micro_grid_code", text("opened_at desc")),
    Index("ix_case_reporter", "community_id", "reporter_id"),
    Index("ix_case_status", "community_id", "status", text("opened_at desc")),
    Index("ix_case_category", "community_id", "category", text("opened_at desc")),
    Index(
        "ix_case_agency",
        "community_id",
        "agency_code",
        text("opened_at desc"),
        postgresql_where=text("agency_code is not null"),
    ),
    Index(
        "ix_case_escalated",
        "community_id",
        text("opened_at desc"),
        postgresql_where=text("escalation >= 4"),
    ),
    Index(
        "ix_case_recurrence",
        "community_id",
        "recurrence_of",
        postgresql_where=text("recurrence_of is not null"),
    ),
    Index(  # how many were closed in a week
        "ix_case_closed", "community_id", "closed_at", postgresql_where=text("closed_at is not null")
    ),
    Index("ix_case_merged", "community_id", "merged_into", postgresql_where=text("merged_into is not null")),
    Index("ix_case_climb", "climb_at", postgresql_where=text("climb_at is not null")),  # of all communities
    Index("ix_case_paused", "pause_ends_at", postgresql_where=text("paused_at is not null")),
    Index(
        "ix_case_live",
        "community_id",
        "status",
        postgresql_where=text("status not in ('closed','rejected','cancelled')"),
    ),
    Index(  # what a report may be about: live ones where they are, mended ones by where and when
        "ix_case_linkable",
        "community_id",
        "geom",
        postgresql_using="gist",
        postgresql_where=text("status in ('open','offered','accepted','on_site','referred')"),
    ),
    Index(
        "ix_case_mended",
        "community_id",
        "geom",
        text("coalesce(done_at, closed_at)"),
        postgresql_using="gist",
        postgresql_where=text("status in ('done','closed')"),
    ),
)
report = Table(  # one person's evidence; never edited, but for the case that it belongs to
    "report",
    metadata,
    tenant(),
    Column("report_id", Uuid, primary_key=True),  # made by the client: a repeat changes nothing
    Column("case_id", Uuid, nullable=False),
    Column("reporter_id", Uuid, nullable=False),
    Column("category", Text, ForeignKey("category.code"), nullable=False),
    Column("description", Text, nullable=False, server_default=""),
    Column("source", Text, nullable=False, server_default="app"),
    Column("detail", Text, nullable=False, server_default=""),  # floor, unit, landmark
    Column("stated_datum", Text, nullable=False),
    Column("stated_lon", Float, nullable=False),
    Column("stated_lat", Float, nullable=False),
    Column("accuracy_m", Float),
    Column("heading_deg", Float),
    Column("position_source", Text, nullable=False),
    geometry("POINT"),
    Column("place", JSONB, nullable=False),
    Column("fixed_at", DateTime(timezone=True)),  # the phone's own time; kept, not trusted
    moment("received_at", nullable=False),
    Column("body_hash", LargeBinary, nullable=False),
    Column("manifest", ARRAY(Text), nullable=False, server_default="{}"),  # SHA-256 of the photos to come
    Column("duplicates", JSONB, nullable=False, server_default="[]"),  # as answered
    Column("offer", JSONB),  # as answered
    Column("area_version", Integer),  # the version it was snapped on
    Column("link_score", Float),  # how probably it is about its case; none: it opened a case of its own
    Column("filed_case_id", Uuid),  # the case as answered, where the desk has moved it to another since
    to("case", "case_id", "case_id"),
    to("person", "reporter_id", "person_id"),
    Index("ix_report_case", "community_id", "case_id"),
    Index("ix_report_reporter", "community_id", "reporter_id", text("received_at desc")),
    Index("ix_report_received", "community_id", text("received_at desc"), "report_id"),
)
photo = Table(
    "photo",
    metadata,
    tenant(),
    Column("photo_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("report_id", Uuid),  # none: an after-photo
    Column("kind", Text, nullable=False),  # before, after, progress: of work under way
    Column("sha256", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column(
        "exif", JSONB, nullable=False, server_default="{}"
    ),  # position, heading and time it claims: a hint
    Column("perceptual_hash", Text, nullable=False, server_default=""),
    Column("added_by", Uuid, nullable=False),
    moment("added_at", nullable=False),
    moment("original_gone_at"),  # since then only the renditions are kept
    moment("blurred_at"),  # when its renditions were searched for faces
    to("case", "case_id", "case_id"),
    to("report", "report_id", "report_id"),
    CheckConstraint("kind in ('before','after','progress')", name="kind"),
    Index("ix_photo_case", "community_id", "case_id"),
    Index("ix_photo_sharp", "community_id", "sha256", postgresql_where=text("blurred_at is null")),
    Index(  # a report keeps its own photos, whatever case it is moved to
        "uq_photo_before",
        "community_id",
        "report_id",
        "sha256",
        unique=True,
        postgresql_where=text("report_id is not null"),
    ),
    Index(
        "uq_photo_after",
        "community_id",
        "case_id",
        "kind",
        "sha256",
        unique=True,
        postgresql_where=text("report_id is null"),
    ),
)
offer = Table(
    "offer",
    metadata,
    tenant(),
    Column("offer_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("responder_id", Uuid, nullable=False),
    Column("status", Text, nullable=False),
    Column("travel_s", Float, nullable=False),
    Column("distance_m", Float, nullable=False),
    moment("offered_at", nullable=False),
    moment("expires_at", nullable=False),
    moment("ended_at"),
    Column("reason", Text, nullable=False, server_default=""),
    to("case", "case_id", "case_id"),
    to("responder", "responder_id", "person_id"),
    CheckConstraint("status in ('live','accepted','declined','expired','withdrawn')", name="status"),
    Index("uq_offer_live", "community_id", "case_id", unique=True, postgresql_where=text("status = 'live'")),
    Index("ix_offer_responder", "community_id", "responder_id", text("offered_at desc")),
    Index("ix_offer_case", "community_id", "case_id", "offered_at"),
)
dispatch = Table(  # why this responder: every round of asking with its candidates
    "dispatch",
    metadata,
    tenant(),
    Column("dispatch_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("offer_id", Uuid),  # none: nobody could be asked
    moment("at", nullable=False),
    Column("explanation", JSONB, nullable=False),
    to("case", "case_id", "case_id"),
    Index("ix_dispatch_case", "community_id", "case_id", "at"),
)
event = Table(  # what happened, in order; appended only; kept by month (gis.store.months)
    "event",
    metadata,
    tenant(),
    Column("event_id", BigInteger, Identity(always=True), primary_key=True),
    Column("transaction_id", TransactionId(), nullable=False, server_default=text("pg_current_xact_id()")),
    Column("case_id", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), primary_key=True),
    Column("actor_id", Uuid),  # none: the service itself
    Column("verb", Text, nullable=False),
    Column("from_status", Text),
    Column("to_status", Text),
    Column("reason", Text, nullable=False, server_default=""),
    Column("data", JSONB, nullable=False, server_default="{}"),
    to("case", "case_id", "case_id"),
    Index("ix_event_case", "community_id", "case_id", "event_id"),
    Index("ix_event_stream", "transaction_id", "event_id"),  # the live stream of all communities at once
    postgresql_partition_by="RANGE (at)",
)
