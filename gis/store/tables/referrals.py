"""Tables of referrals to agencies, and of tasks that one colleague asks another to take over."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Index, SmallInteger, Table, Text, Uuid, text

from gis.store.tables.columns import metadata, moment, tenant, to

referral = Table(  # every referral in a case's life; at most one of them is open
    "referral",
    metadata,
    tenant(),
    Column("referral_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("agency_code", Text, nullable=False),
    Column("from_agency", Text),  # the sub-district that called this department; none: the community referred
    Column("level", Text, nullable=False),  # who decided: courtyard, community, sub_district
    Column("status", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("referred_by", Uuid, nullable=False),
    moment("referred_at", nullable=False),
    moment("due_at", nullable=False),
    Column("accepted_by", Uuid),
    moment("accepted_at"),
    moment("done_at"),
    Column(
        "reopened", SmallInteger, nullable=False, server_default="0"
    ),  # how often the work was not accepted
    Column("ended_by", Uuid),
    moment("ended_at"),
    Column("ended_reason", Text, nullable=False, server_default=""),
    Column(
        "told", SmallInteger, nullable=False, server_default="0"
    ),  # 1: soon due, 2: overdue; each said once
    moment("accept_due_at"),  # until when the agency should say that it takes the case
    Column(
        "accept_told", SmallInteger, nullable=False, server_default="0"
    ),  # 1: that moment has passed, 2: and as long again; each said once
    moment("expected_at"),  # when the agency expects to be done, as it said when it took the case
    to("case", "case_id", "case_id"),
    to("agency", "agency_code", "code"),
    to("agency", "from_agency", "code"),
    to("person", "referred_by", "person_id"),
    to("person", "accepted_by", "person_id"),
    to("person", "ended_by", "person_id"),
    CheckConstraint("level in ('courtyard','community','sub_district')", name="level"),
    CheckConstraint(
        "status in ('sent','accepted','done','returned','verified','withdrawn','passed_on')", name="status"
    ),
    CheckConstraint("(status in ('sent','accepted','done')) = (ended_at is null)", name="open"),
    Index(
        "uq_referral_open", "community_id", "case_id", unique=True, postgresql_where=text("ended_at is null")
    ),
    Index("ix_referral_case", "community_id", "case_id", "referred_at"),
    Index("ix_referral_list", "community_id", "agency_code", text("referred_at desc"), "referral_id"),
    Index("ix_referral_waiting", "community_id", "agency_code", postgresql_where=text("ended_at is null")),
    Index("ix_referral_referred", "community_id", text("referred_at desc"), "referral_id"),
    Index(
        "ix_referral_from",
        "community_id",
        "from_agency",
        text("referred_at desc"),
        postgresql_where=text("from_agency is not null"),
    ),
    Index(  # what falls due next, of all communities
        "ix_referral_due", "due_at", postgresql_where=text("status in ('sent','accepted') and told < 2")
    ),
    Index(
        "ix_referral_accept_due",
        "accept_due_at",
        postgresql_where=text("status = 'sent' and accept_told < 2"),
    ),
)
hand_over = Table(  # the case stays with the first until the colleague has accepted
    "hand_over",
    metadata,
    tenant(),
    Column("hand_over_id", Uuid, primary_key=True),
    Column("case_id", Uuid, nullable=False),
    Column("from_id", Uuid),  # none: nobody had it in hand
    Column("to_id", Uuid, nullable=False),
    Column("asked_by", Uuid, nullable=False),
    moment("asked_at", nullable=False),
    Column("by_office", Boolean, nullable=False, server_default="false"),
    Column("status", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("answer", Text, nullable=False, server_default=""),
    moment("ended_at"),
    to("case", "case_id", "case_id"),
    to("person", "from_id", "person_id"),
    to("person", "to_id", "person_id"),
    to("person", "asked_by", "person_id"),
    CheckConstraint("status in ('asked','accepted','refused','withdrawn')", name="status"),
    CheckConstraint("(status = 'asked') = (ended_at is null)", name="open"),
    Index(
        "uq_hand_over_asked",
        "community_id",
        "case_id",
        unique=True,
        postgresql_where=text("status = 'asked'"),
    ),
    Index("ix_hand_over_to", "community_id", "to_id", postgresql_where=text("status = 'asked'")),
    Index("ix_hand_over_case", "community_id", "case_id", "asked_at"),
)
