"""The kitchen: menus, prices, who eats when, what is cooked and brought on a day, what a month came to."""

from fastapi import APIRouter

from api.routes.meals import days, menu, rounds, statements, subscriptions

router = APIRouter(tags=["meals"])
for _room in (menu, subscriptions, days, rounds, statements):
    router.include_router(_room.router)

__all__ = ["router"]
