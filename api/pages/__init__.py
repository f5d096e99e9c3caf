"""Pages: HTML from templates, and forms that work without scripts."""

from fastapi import APIRouter

from api.pages import (
    acting,
    admin,
    agency,
    boards,
    calls,
    desk,
    exports,
    grids,
    heat,
    home,
    hotline,
    indicators,
    musters,
    my_reports,
    notices,
    orders,
    planner,
    planner_builder,
    planner_plans,
    planner_rates,
    planner_street,
    plates,
    reporting,
    service,
    shifts,
    signing,
    tasks,
    teams,
)

router = APIRouter(include_in_schema=False)
for _room in (
    signing,
    home,
    admin,
    boards,
    desk,
    calls,
    shifts,
    heat,
    planner,
    planner_builder,
    planner_plans,
    planner_rates,
    planner_street,
    hotline,
    indicators,
    exports,
    tasks,
    agency,
    plates,
    grids,
    musters,
    notices,
    orders,
    service,
    reporting,
    my_reports,
    teams,
    acting,
):
    router.include_router(_room.router)

__all__ = ["router"]
