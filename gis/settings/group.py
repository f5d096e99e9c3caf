"""What every group of settings holds to: figures are finite, and times and distances are such as people live in."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator

MOST = {"_s": 3.2e9, "_h": 876_600.0, "_hours": 876_600.0, "_days": 36_525.0, "_years": 100.0, "_m": 1e6}
"""By the unit that a name ends with: a hundred years, a thousand kilometres. More would not fit into a date."""
DATABASES = ("postgresql", "postgres", "postgresql+psycopg")


class Group(BaseModel):
    """A group of settings."""

    model_config = ConfigDict(allow_inf_nan=False)

    @field_validator("*")
    @classmethod
    def _lived_in(cls, value: Any, info: ValidationInfo) -> Any:
        name = info.field_name or ""
        most = next((most for ending, most in MOST.items() if name.endswith(ending)), None)
        if most is not None and isinstance(value, (int, float)) and not 0 <= value <= most:
            raise ValueError(f"must be from 0 to {most:,.0f}")
        return value


def database_address(url: str) -> str:
    """Return an address of PostgreSQL as it is.

    Parameters
    ----------
    url
        ``postgresql://...``; empty: there is none.

    Raises
    ------
    ValueError
        It is something else; what is written in it isn't told, for there may be a password in it.
    """
    if not url:
        return url
    try:
        parts = urlsplit(url)
        known = parts.scheme in DATABASES and parts.port != 0
    except ValueError:
        known = False
    if not known:
        raise ValueError("must be an address like postgresql://user:password@host:5432/database")
    return url
