"""The kitchen: menus, prices, who eats when, what is cooked and brought on a day, what a month came to."""

from api.rooms import joined
from api.routes.meals import days, menu, rounds, statements, subscriptions

router = joined(menu.router, subscriptions.router, days.router, rounds.router, statements.router)

__all__ = ["router"]
