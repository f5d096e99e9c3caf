"""Tables of indicators: what each case has been counted as, and the sums of every day.

A case's row holds the parts that it has put into the sums, so that they can be taken out again when it changes: sums
are kept up by what was and what is, whatever happened in between, and counting a case twice changes nothing.
"""

from __future__ import annotations

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    Date,
    ForeignKeyConstraint,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
)

from gis.store.tables.columns import TransactionId, metadata, moment, tenant

indicator_case = Table(
    "indicator_case",
    metadata,
    tenant(),
    Column("case_id", Uuid, primary_key=True),
    Column("grid_code", Text),
    Column("micro_grid_code", Text),
    Column("category", Text, nullable=False),
    # one element of each for every part
    Column("days", ARRAY(Date), nullable=False),
    Column("measures", ARRAY(Text), nullable=False),
    Column("buckets", ARRAY(SmallInteger), nullable=False),  # 0: a count; else a duration's
    Column("amounts", ARRAY(Integer), nullable=False),
    Column("kinds", ARRAY(Text), nullable=False),  # none: of the community, its grid, micro-grid and category
    Column("keys", ARRAY(Text), nullable=False),
)
indicator_day = Table(
    "indicator_day",
    metadata,
    tenant(),
    Column(
        "kind", Text, primary_key=True
    ),  # all, grid, micro_grid, category, source, person; each with /month too
    Column("key", Text, primary_key=True),
    Column("day", Date, primary_key=True),  # in the community's own time
    Column("measure", Text, primary_key=True),
    Column("bucket", SmallInteger, primary_key=True, autoincrement=False),
    Column("amount", BigInteger, nullable=False),
)
indicator_state = Table(  # up to which event all is counted; its row is held by who counts
    "indicator_state",
    metadata,
    tenant(),
    Column("transaction_id", TransactionId(), nullable=False),
    Column("event_id", BigInteger, nullable=False),
    moment("counted_at", nullable=False),
    ForeignKeyConstraint(["community_id"], ["community.community_id"]),
)
