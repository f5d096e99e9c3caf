"""The pages of the kitchen."""

from fastapi import APIRouter

from api.pages.meals import day, office, rounds, statement, subscriptions, week

router = APIRouter()
for _room in (week, subscriptions, day, rounds, statement, office):
    router.include_router(_room.router)

__all__ = ["router"]
