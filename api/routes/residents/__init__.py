"""Residents and households over the interface."""

from fastapi import APIRouter

from api.routes.residents import people, records

router = APIRouter(tags=["residents"])
for _room in (people, records):
    router.include_router(_room.router)

__all__ = ["router"]
