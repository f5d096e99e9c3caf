"""The table of gifts' ages: points are no younger with who got them."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, Date, Integer, Table, Uuid

from gis.store.tables.columns import metadata, tenant, to

gift_age = Table(  # of which months the points of a gift were with who gave them
    "gift_age",
    metadata,
    tenant(),
    Column("entry_id", Uuid, primary_key=True),
    Column("month", Date, primary_key=True),
    Column("points", Integer, nullable=False),
    to("ledger", "entry_id", "entry_id"),
    CheckConstraint("points > 0", name="positive"),
)

__all__ = ["gift_age"]
