"""Tables of the office: who changed what, codes for a new password, a community's own rules for categories, its mark."""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
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

from gis.store.tables.columns import metadata, moment, tenant, to

change = Table(  # what the office changed about itself; only ever appended to
    "change",
    metadata,
    tenant(),
    Column("change_id", Uuid, primary_key=True),
    moment("at", nullable=False),
    Column("person_id", Uuid),  # none: the operator at the command line
    Column("subject", Text, nullable=False),  # a key of ``web.office_words.SUBJECT_NAMES``
    Column("key", Text, nullable=False),  # which of them: a code, an identifier
    Column("name", Text, nullable=False, server_default=""),  # as it was called then
    Column("verb", Text, nullable=False),
    Column("data", JSONB, nullable=False, server_default="{}"),  # field -> [before, after]; never a secret
    Column("salt", Uuid, server_default=text("gen_random_uuid()")),  # none: its words were erased
    to("person", "person_id", "person_id"),
    Index("ix_change_at", "community_id", text("at desc"), "change_id"),
    Index("ix_change_key", "community_id", "subject", "key", text("at desc")),
)
sign_in_code = Table(  # with it somebody chooses a new password, once; the code itself is not kept
    "sign_in_code",
    metadata,
    tenant(),
    Column("person_id", Uuid, primary_key=True),
    Column("code_hash", LargeBinary, nullable=False),
    Column("given_by", Uuid),
    Column("failures", SmallInteger, nullable=False, server_default="0"),
    moment("created_at", nullable=False),
    moment("expires_at", nullable=False),
    to("person", "person_id", "person_id", ondelete="CASCADE"),
    to("person", "given_by", "person_id"),
)
category_rule = Table(  # where a community differs from the table of categories; what is null is as there
    "category_rule",
    metadata,
    tenant(),
    Column("code", Text, ForeignKey("category.code"), primary_key=True),
    Column("name", Text),
    Column("name_en", Text),
    Column("active", Boolean, nullable=False, server_default="true"),  # else nothing new is reported under it
    Column("urgent", Boolean),
    Column("answer_s", Integer),
    Column("on_site_s", Integer),
    Column("resolve_s", Integer),
    Column("counting", Text),
    Column("agency_code", Text),
    Column("skills", ARRAY(Text)),
    Column("skill_required", Boolean),
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
    to("agency", "agency_code", "code"),
    CheckConstraint("counting in ('wall','day','working')", name="counting"),
    CheckConstraint(
        "coalesce(answer_s, 60) between 60 and 2592000 and coalesce(on_site_s, 60) between 60 and 2592000"
        " and coalesce(resolve_s, 60) between 60 and 31536000",
        name="deadlines",
    ),
)
logo = Table(  # a community's mark, drawn anew from the photo that was sent
    "logo",
    metadata,
    tenant(),
    Column("sha256", Text, nullable=False),
    Column("image", LargeBinary, nullable=False),  # JPEG
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
    CheckConstraint("octet_length(image) <= 1000000", name="size"),
)
