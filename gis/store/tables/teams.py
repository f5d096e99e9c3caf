"""Tables of teams, certificates, activities and courses, and of the handbook as an office has changed it."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
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

from gis.store.tables.columns import metadata, moment, tenant, to

team = Table(
    "team",
    metadata,
    tenant(),
    Column("team_id", Uuid, primary_key=True),  # made by the client: a repeat changes nothing
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, server_default=""),
    Column("kind", Text, nullable=False),
    Column("about", Text, nullable=False, server_default=""),
    Column("contact", Text, nullable=False, server_default=""),  # for members and the office
    Column("active", Boolean, nullable=False, server_default="true"),
    Column("created_by", Uuid, nullable=False),
    moment("created_at", nullable=False),
    to("person", "created_by", "person_id"),
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
    UniqueConstraint("community_id", "name"),
    CheckConstraint("kind in ('riders','vehicles','care','patrol','kitchen','other')", name="kind"),
)
team_member = Table(
    "team_member",
    metadata,
    tenant(),
    Column("team_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("leader", Boolean, nullable=False, server_default="false"),
    Column("added_by", Uuid, nullable=False),
    moment("joined_at", nullable=False),
    to("team", "team_id", "team_id", ondelete="CASCADE"),
    to("person", "person_id", "person_id", ondelete="CASCADE"),
    to("person", "added_by", "person_id"),
    Index("ix_team_member_person", "community_id", "person_id"),
)
activity = Table(  # an activity, or a course: what it gives to who was there
    "activity",
    metadata,
    tenant(),
    Column("activity_id", Uuid, primary_key=True),  # made by the client: a repeat changes nothing
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("about", Text, nullable=False, server_default=""),
    Column("place", Text, nullable=False),
    Column("building_id", Uuid),
    moment("starts_at", nullable=False),
    moment("ends_at", nullable=False),
    Column("places", SmallInteger, nullable=False),
    Column("hours", Float, nullable=False, server_default="0"),  # of service, booked for who was there
    Column("team_id", Uuid),  # whose it is: its leaders keep it too
    Column("skill", Text),  # what who was there knows afterwards
    Column("certificate", Text),  # the kind of certificate that they get
    Column("valid_months", SmallInteger),  # so long it holds; none: for ever
    Column("created_by", Uuid, nullable=False),
    moment("created_at", nullable=False),
    moment("reminded_at"),
    moment("cancelled_at"),
    Column("cancelled_by", Uuid),
    Column("reason", Text, nullable=False, server_default=""),
    to("building", "building_id", "building_id"),
    to("team", "team_id", "team_id"),
    to("person", "created_by", "person_id"),
    to("person", "cancelled_by", "person_id"),
    CheckConstraint("kind in ('activity','course')", name="kind"),
    CheckConstraint("ends_at > starts_at", name="order"),
    CheckConstraint("places > 0", name="places"),
    CheckConstraint("hours >= 0", name="hours"),
    Index("ix_activity_starts", "community_id", "starts_at", "activity_id"),
    Index(  # of all communities
        "ix_activity_reminder",
        "starts_at",
        postgresql_where=text("reminded_at is null and cancelled_at is null"),
    ),
)
activity_place = Table(  # who has signed up, who waits, who was there
    "activity_place",
    metadata,
    tenant(),
    Column("activity_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("state", Text, nullable=False),
    Column("turn", Integer, nullable=False),  # in the order in which they signed up
    moment("signed_at", nullable=False),
    moment("attended_at"),
    Column("attended_by", Text),  # by the code on the screen, or as the organiser ticked
    Column("attested_by", Uuid),  # who ticked, or whose screen it was
    Column("service_id", Uuid),  # the hours booked for it
    to("activity", "activity_id", "activity_id"),
    to("person", "person_id", "person_id"),
    to("person", "attested_by", "person_id"),
    CheckConstraint("state in ('booked','waiting','cancelled')", name="state"),
    CheckConstraint("attended_by in ('code','organiser')", name="attended_by"),
    CheckConstraint("attended_at is null or state = 'booked'", name="attended"),
    Index("ix_activity_place_person", "community_id", "person_id", "activity_id"),
)
certificate = Table(  # what somebody has shown that they may or know, and until when
    "certificate",
    metadata,
    tenant(),
    Column("certificate_id", Uuid, primary_key=True),  # made by the client: a repeat changes nothing
    Column("person_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    Column("skill", Text),  # the skill that counts only while it holds
    Column("number", LargeBinary),  # encrypted
    Column("issued_on", Date, nullable=False),
    Column("ends_on", Date),  # the last day on which it holds; none: for ever
    Column("activity_id", Uuid),  # the course that gave it
    Column("recorded_by", Uuid, nullable=False),
    moment("recorded_at", nullable=False),
    moment("told_at"),  # that it ends soon
    moment("withdrawn_at"),
    Column("withdrawn_by", Uuid),
    Column("reason", Text, nullable=False, server_default=""),
    to("person", "person_id", "person_id", ondelete="CASCADE"),
    to("activity", "activity_id", "activity_id"),
    to("person", "recorded_by", "person_id"),
    to("person", "withdrawn_by", "person_id"),
    CheckConstraint("ends_on >= issued_on", name="order"),
    Index("ix_certificate_person", "community_id", "person_id", "skill"),
    Index(
        "ix_certificate_kind",
        "community_id",
        "kind",
        "ends_on",
        postgresql_where=text("withdrawn_at is null"),
    ),
    Index(  # of all communities
        "ix_certificate_ends", "ends_on", postgresql_where=text("told_at is null and withdrawn_at is null")
    ),
)
handbook_article = Table(  # an office's own words where they differ from those that the service brings along
    "handbook_article",
    metadata,
    tenant(),
    Column("slug", Text, primary_key=True),
    Column("title", Text, nullable=False),
    Column("title_en", Text, nullable=False, server_default=""),
    Column("body", Text, nullable=False),
    Column("body_en", Text, nullable=False, server_default=""),
    Column("position", SmallInteger, nullable=False, server_default="100"),
    Column("shown", Boolean, nullable=False, server_default="true"),
    Column("revision", Integer, nullable=False, server_default="1"),
    Column("changed_by", Uuid, nullable=False),
    moment("changed_at", nullable=False),
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
    to("person", "changed_by", "person_id"),
)
