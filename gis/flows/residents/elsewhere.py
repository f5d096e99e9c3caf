"""What is kept of a resident outside of their record, opened: for themselves, and for the office that hands it out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from gis.flows.residents.sealed import Sealed
from gis.store.resident_elsewhere import kept_elsewhere
from gis.store.session import ReadSession

Rows = dict[str, list[dict[str, Any]]]


async def opened_elsewhere(session: ReadSession, sealed: Sealed, resident_id: UUID) -> Rows:
    """Return meals, searches and suggestions as plain values.

    Parameters
    ----------
    session, sealed, resident_id
        Whose, and what opens it. Who may is checked by the caller.
    """
    rows = await kept_elsewhere(session, sealed.community_id, resident_id)
    for meal in rows["meals"]:
        meal["contact"] = _opened(sealed, "meal_subscription.contact", meal, "contact")
        meal["diet"] = _opened(sealed, "meal_subscription.diet", meal, "diet")
    for search in rows["searches"]:
        search["told"] = _opened(sealed, "missing_person.told", search, "told")
        for name in ("name", "outcome"):
            search[name] = (
                sealed.open(f"missing_person.{name}", search["id"], search[name]) if search[name] else ""
            )
    for suggestion in rows["suggestions"]:
        suggestion["changes"] = _opened(sealed, "resident_suggestion.data", suggestion, "data") or {}
        del suggestion["data"]
    return {
        name: [{key: _plain(value) for key, value in row.items()} for row in of] for name, of in rows.items()
    }


def _opened(sealed: Sealed, place: str, row: dict[str, Any], column: str) -> Any:
    return None if row[column] is None else sealed.open_json(place, row["id"], row[column])


def _plain(value: Any) -> Any:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
