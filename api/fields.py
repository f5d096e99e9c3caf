"""What pydantic says of a bad field, in our own few codes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any

_CODES: Mapping[str, str] = {
    "missing": "field_missing",
    "json_invalid": "json_invalid",
    "extra_forbidden": "field_unknown",
    "float_parsing": "field_not_number",
    "float_type": "field_not_number",
    "decimal_parsing": "field_not_number",
    "finite_number": "field_not_number",
    "int_parsing": "field_not_integer",
    "int_parsing_size": "field_not_integer",
    "int_from_float": "field_not_integer",
    "int_type": "field_not_integer",
    "bool_parsing": "field_not_boolean",
    "bool_type": "field_not_boolean",
    "string_type": "field_not_text",
    "string_unicode": "field_not_text",
    "uuid_parsing": "field_not_uuid",
    "uuid_type": "field_not_uuid",
    "datetime_parsing": "field_not_date",
    "datetime_from_date_parsing": "field_not_date",
    "datetime_type": "field_not_date",
    "date_parsing": "field_not_date",
    "date_type": "field_not_date",
    "date_from_datetime_parsing": "field_not_date",
    "date_from_datetime_inexact": "field_not_date",
    "datetime_object_invalid": "field_not_date",
    "timezone_aware": "field_not_date",
    "string_too_long": "field_too_long",
    "string_too_short": "field_too_short",
    "too_long": "field_too_long",
    "too_short": "field_too_short",
    "greater_than": "field_too_small",
    "greater_than_equal": "field_too_small",
    "less_than": "field_too_big",
    "less_than_equal": "field_too_big",
    "enum": "field_not_one_of",
    "literal_error": "field_not_one_of",
}
_LIMITS = ("max_length", "min_length", "gt", "ge", "lt", "le")


@dataclass(frozen=True, slots=True)
class Complaint:
    """One field at fault: which, why, and the figures of the sentence."""

    field: str | None
    code: str
    values: Mapping[str, object] = default(default_factory=dict)


def complaints(found: Iterable[Mapping[str, Any]]) -> list[Complaint]:
    """Return pydantic's errors as complaints."""
    return [_complaint(one) for one in found]


def _complaint(error: Mapping[str, Any]) -> Complaint:
    code = _CODES.get(error["type"], "field_invalid")
    location = [part for part in error["loc"] if part not in ("body", "query", "path", "header", "cookie")]
    context = error.get("ctx") or {}
    if code == "json_invalid":
        return Complaint(None, code, {"position": location[0] if location else 0})
    name = ".".join(str(part) for part in location) or None
    values: dict[str, object] = {"field": name or ""}
    if "expected" in context:
        values["expected"] = str(context["expected"])
    limit = next((context[key] for key in _LIMITS if key in context), None)
    if limit is not None:
        values["limit"] = limit
    if code == "field_too_short" and limit == 1:  # nothing at all, where something has to be
        code = "field_missing"
    return Complaint(name, code, values)
