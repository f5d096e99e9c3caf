"""Tables of duty: each person's own calendar. What it says of this moment is kept in ``responder.on_duty``."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Index, SmallInteger, Table, Text, Time, Uuid

from gis.store.tables.columns import metadata, moment, tenant, to

duty_shift = (
    Table(  # every week, in the community's own time; one that ends before it starts ends the next day
        "duty_shift",
        metadata,
        tenant(),
        Column("shift_id", Uuid, primary_key=True),
        Column("person_id", Uuid, nullable=False),
        Column("weekday", SmallInteger, nullable=False),  # 1 is Monday
        Column("starts", Time, nullable=False),
        Column("ends", Time, nullable=False),
        to("responder", "person_id", "person_id", ondelete="CASCADE"),
        CheckConstraint("weekday between 1 and 7", name="weekday"),
        CheckConstraint("starts <> ends", name="length"),
        Index("ix_duty_shift_person", "community_id", "person_id"),
    )
)
duty_exception = Table(  # leave, or duty beside the shifts
    "duty_exception",
    metadata,
    tenant(),
    Column("exception_id", Uuid, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    Column("kind", Text, nullable=False),
    moment("starts_at", nullable=False),
    moment("ends_at", nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    to("responder", "person_id", "person_id", ondelete="CASCADE"),
    CheckConstraint("kind in ('leave','extra')", name="kind"),
    CheckConstraint("ends_at > starts_at", name="order"),
    Index("ix_duty_exception_person", "community_id", "person_id"),
)
