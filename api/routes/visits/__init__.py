"""The watch log, problems found, campaigns and rounds over HTTP."""

from fastapi import APIRouter

from api.routes.visits import campaigns, coverage, findings, log, months, rounds

router = APIRouter(tags=["visits"])
for _part in (months, log, findings, campaigns, rounds, coverage):
    router.include_router(_part.router)

__all__ = ["router"]
