"""The pages of service and care: hours and points, rewards, and what the office keeps of them."""

from fastapi import APIRouter

from api.pages.service import campaigns, mine, rounds, visits

router = APIRouter()
for _room in (mine, campaigns, rounds, visits):
    router.include_router(_room.router)

__all__ = ["router"]
