"""Residents and households over the interface."""

from api.rooms import joined
from api.routes.residents import people, records

router = joined(people.router, records.router)

__all__ = ["router"]
