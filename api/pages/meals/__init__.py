"""The pages of the kitchen."""

from fastapi import APIRouter

from api.pages.meals.day import router as day
from api.pages.meals.office import router as office
from api.pages.meals.rounds import router as rounds
from api.pages.meals.statement import router as statement
from api.pages.meals.subscribers_file import router as subscribers_file
from api.pages.meals.subscriptions import router as subscriptions
from api.pages.meals.week import router as week

router = APIRouter()
for _room in (week, subscribers_file, subscriptions, day, rounds, statement, office):
    router.include_router(_room)

__all__ = ["router"]
