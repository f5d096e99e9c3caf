"""Pages of residents and households."""

from fastapi import APIRouter

from api.pages.residents import acts, deciding, importing, minding, people, person, register_file, updates

router = APIRouter()
for _room in (people, register_file, deciding, importing, minding, updates, person, acts):
    router.include_router(_room.router)

__all__ = ["router"]
