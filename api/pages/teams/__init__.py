"""Pages of teams and training: teams, certificates, activities, the handbook."""

from fastapi import APIRouter

from api.pages.teams import activities, activity, certificates, handbook, teams

router = APIRouter()
for _room in (certificates, teams, activities, activity, handbook):
    router.include_router(_room.router)

__all__ = ["router"]
