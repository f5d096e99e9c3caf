"""Reference data that every database holds."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import Connection
from sqlalchemy.dialects.postgresql import insert

from gis.categories import CATEGORIES
from gis.store.tables import category


def store_categories(connection: Connection) -> None:
    """Bring the table of categories up to date: new ones are added, changed ones changed, none is removed."""
    rows = [asdict(one) | {"sort": sort} for sort, one in enumerate(CATEGORIES)]
    statement = insert(category).values(rows)
    changed = {
        column.name: statement.excluded[column.name] for column in category.columns if not column.primary_key
    }
    connection.execute(statement.on_conflict_do_update(index_elements=["code"], set_=changed))
