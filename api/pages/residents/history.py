"""Changes of a record as templates show them: the old values opened, numbers without their middle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gis.flows.residents.sealed import Sealed
from gis.residents.numbers import masked
from gis.store.resident_changes import ChangeRow


def told_changes(sealed: Sealed, rows: Sequence[ChangeRow]) -> list[dict[str, Any]]:
    """Return changes with each field as it was and as it is.

    Parameters
    ----------
    sealed, rows
        What opens them, and as they are stored.
    """
    found = []
    for one in rows:
        opened = sealed.open_json("resident_change.data", one.change_id, one.data) if one.data else {}
        found.append(
            {
                "at": one.at,
                "actor": one.actor,
                "suggested_by": one.suggested_by,
                "verb": one.verb,
                "fields": {name: [_shown(name, value) for value in pair] for name, pair in opened.items()},
                "erased": bool(one.fields) and one.data is None,
            }
        )
    return found


def _shown(name: str, value: Any) -> Any:
    """Return a value as it may stand on a page: whole numbers are asked for, and written down."""
    if name in {"phone", "id_number"} and isinstance(value, str):
        return masked(value)
    if name == "contacts" and value:
        return [[person, masked(phone), relation] for person, phone, relation in value]
    return value
