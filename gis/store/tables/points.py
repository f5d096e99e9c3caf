"""Tables of service hours and points, the rules that a community has for them, and who looked at what."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)

from gis.store.tables.columns import metadata, moment, tenant, to

service = Table(  # verified hours, never edited: a correction is a row of its own
    "service",
    metadata,
    tenant(),
    Column("service_id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("case_id", Uuid),
    Column("patrol_id", Uuid),
    Column("occasion", Text, nullable=False, server_default=""),  # of hours that the office entered
    Column("hours", Float, nullable=False),
    Column("served_on", Date, nullable=False),  # by the community's calendar
    Column("verified_by", Uuid),
    Column("corrects", Uuid),
    Column("reason", Text, nullable=False, server_default=""),  # of a correction
    moment("at", nullable=False),
    to("person", "person_id", "person_id"),
    to("case", "case_id", "case_id"),
    to("patrol", "patrol_id", "patrol_id"),
    to("service", "corrects", "service_id"),
    UniqueConstraint("community_id", "corrects"),
    CheckConstraint("hours >= 0", name="hours"),
    Index("ix_service_person", "community_id", "person_id", "at"),
    Index("ix_service_served", "community_id", "served_on", "person_id"),
    Index("ix_service_case", "community_id", "case_id"),
    Index("ix_service_other", "community_id", "served_on", postgresql_where=text("case_id is null")),
    Index(
        "uq_service_patrol",
        "community_id",
        "patrol_id",
        unique=True,
        postgresql_where=text("patrol_id is not null and corrects is null"),
    ),
)
cause = Table(  # what points may be given to besides people
    "cause",
    metadata,
    tenant(),
    Column("cause_id", Uuid, primary_key=True),  # made by the client: a repeat changes nothing
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False, server_default=""),
    Column("about", Text, nullable=False, server_default=""),
    Column("active", Boolean, nullable=False, server_default="true"),
    moment("created_at", nullable=False),
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
)
account = Table(
    "account",
    metadata,
    tenant(),
    Column("account_id", Uuid, primary_key=True),  # uuid5 of community, kind and holder
    Column("kind", Text, nullable=False),
    Column("person_id", Uuid),
    Column("cause_id", Uuid),
    # kept for what belongs to a person, under a lock of its row; what the others hold follows from the entries
    Column("balance", Integer, nullable=False, server_default="0"),
    to("person", "person_id", "person_id"),
    to("cause", "cause_id", "cause_id"),
    CheckConstraint("kind in ('person','issuer','reward','reversal','cause','expiry')", name="kind"),
    CheckConstraint("kind <> 'person' or balance >= 0", name="never_below_zero"),
    CheckConstraint("kind <> 'reversal' or balance <= 0", name="only_owed"),
    Index("ix_account_person", "community_id", "person_id", postgresql_where=text("person_id is not null")),
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
    Column("redemption_id", Uuid),
    Column("reverses", Uuid),
    moment("at", nullable=False),
    Column("memo", Text, nullable=False, server_default=""),
    to("account", "from_account", "account_id"),
    to("account", "to_account", "account_id"),
    to("service", "service_id", "service_id"),
    to("redemption", "redemption_id", "redemption_id"),
    to("ledger", "reverses", "entry_id"),
    UniqueConstraint("community_id", "reverses"),
    CheckConstraint("points > 0", name="positive"),
    CheckConstraint("from_account <> to_account", name="two_accounts"),
    Index("ix_ledger_service", "community_id", "service_id"),
    Index(
        "ix_ledger_redemption",
        "community_id",
        "redemption_id",
        postgresql_where=text("redemption_id is not null"),
    ),
    Index("ix_ledger_at", "community_id", "at"),
    Index("ix_ledger_to", "community_id", "to_account", "at"),
    Index("ix_ledger_from", "community_id", "from_account", "at"),
)
point_rule = Table(  # what a community has set; without a row everything is as usual
    "point_rule",
    metadata,
    tenant(),
    Column("per_hour", SmallInteger, nullable=False, server_default="10"),
    Column("most_h", Float, nullable=False, server_default="4"),  # of one task
    Column("expire_months", SmallInteger),  # none: points don't expire
    Column("code_days", SmallInteger, nullable=False, server_default="30"),  # how long a reward is kept
    Column("star_hours", ARRAY(Float), nullable=False, server_default="{20,50,100,200,300}"),
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
    CheckConstraint("per_hour between 1 and 100", name="per_hour"),
    CheckConstraint("most_h between 0.25 and 24", name="most_h"),
    CheckConstraint("expire_months between 1 and 120", name="expire_months"),
    CheckConstraint("code_days between 1 and 365", name="code_days"),
)
point_rate = Table(  # categories whose hours earn something else
    "point_rate",
    metadata,
    tenant(),
    Column("category", Text, ForeignKey("category.code"), primary_key=True),
    Column("per_hour", SmallInteger, nullable=False),
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
    CheckConstraint("per_hour between 1 and 100", name="per_hour"),
)
expiry_run = (
    Table(  # each month in which points expired or were said to; nothing expires that was not announced
        "expiry_run",
        metadata,
        tenant(),
        Column("month", Date, primary_key=True),
        Column("expired_before", Date),  # what was earned before this day and not spent; none: only announced
        Column("announced_before", Date, nullable=False),
        Column("people", Integer, nullable=False, server_default="0"),
        Column("points", Integer, nullable=False, server_default="0"),
        moment("at", nullable=False),
        ForeignKeyConstraint(["community_id"], ["community.community_id"]),
    )
)
star_consent = Table(  # who agrees to be named among a year's star volunteers
    "star_consent",
    metadata,
    tenant(),
    Column("person_id", Uuid, primary_key=True),
    moment("at", nullable=False),
    to("person", "person_id", "person_id", ondelete="CASCADE"),
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
    Column("why", Text, nullable=False, server_default=""),
    Column("salt", Uuid, server_default=text("gen_random_uuid()")),  # none: its words were erased
    Index("ix_access_subject", "community_id", "kind", "subject_id"),
    Index("ix_access_kind", "community_id", "kind", "access_id"),
    Index("ix_access_at", "community_id", text("at desc"), "access_id"),
    Index("ix_access_person", "community_id", "person_id", text("at desc")),
)
