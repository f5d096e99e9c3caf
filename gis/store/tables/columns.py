"""The columns and keys that tables share."""

from __future__ import annotations

from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import Column, DateTime, ForeignKeyConstraint, Index, MetaData, Sequence, Text
from sqlalchemy.types import UserDefinedType

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    },
)
case_number = Sequence("case_number", metadata=metadata)


class TransactionId(UserDefinedType[str]):
    """PostgreSQL's ``xid8``: lets readers of the event stream wait for transactions still under way."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Return the SQL name of the type."""
        return "xid8"


def tenant() -> Column[str]:
    """Return the community's key: the first column of every table but ``category``."""
    return Column("community_id", Text, primary_key=True)


def geometry(kind: str, *, nullable: bool = False) -> Column[Any]:
    """Return the column ``geom`` in EPSG:4326; its index is ``near``."""
    return Column("geom", Geometry(kind, srid=4326, spatial_index=False), nullable=nullable)


def near(table: str, column: str = "geom") -> Index:
    """Return an index for 'within' and 'nearest' inside one community."""
    return Index(f"ix_{table}_{column}", "community_id", column, postgresql_using="gist")


def moment(name: str, *, nullable: bool = True) -> Column[Any]:
    """Return a moment in time, with its zone."""
    return Column(name, DateTime(timezone=True), nullable=nullable)


def to(table: str, column: str, key: str, **options: Any) -> ForeignKeyConstraint:
    """Return a foreign key inside one community."""
    return ForeignKeyConstraint(
        ["community_id", column], [f"{table}.community_id", f"{table}.{key}"], **options
    )
