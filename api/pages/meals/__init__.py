"""The pages of the kitchen."""

from api.pages.meals.day import router as day
from api.pages.meals.office import router as office
from api.pages.meals.rounds import router as rounds
from api.pages.meals.statement import router as statement
from api.pages.meals.subscribers_file import router as subscribers_file
from api.pages.meals.subscriptions import router as subscriptions
from api.pages.meals.week import router as week
from api.rooms import joined

router = joined(week, subscribers_file, subscriptions, day, rounds, statement, office)

__all__ = ["router"]
