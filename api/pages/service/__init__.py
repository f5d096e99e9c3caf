"""The pages of service and care: hours and points, rewards, and what the office keeps of them."""

from fastapi import APIRouter

from api.pages.service import (
    books,
    campaign_report,
    campaigns,
    counter,
    giving,
    hours,
    mine,
    patrols,
    rewards,
    rounds,
    stars,
    statement,
    visit_log_file,
    visit_months,
    visits,
)

router = APIRouter()
for _room in (
    mine,
    statement,
    rewards,
    giving,
    stars,
    counter,
    hours,
    books,
    campaigns,
    campaign_report,
    rounds,
    patrols,
    visit_log_file,
    visit_months,
    visits,
):
    router.include_router(_room.router)

__all__ = ["router"]
