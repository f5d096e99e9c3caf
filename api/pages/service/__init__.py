"""The pages of service and care: hours and points, rewards, and what the office keeps of them."""

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
from api.rooms import joined

router = joined(
    mine.router,
    statement.router,
    rewards.router,
    giving.router,
    stars.router,
    counter.router,
    hours.router,
    books.router,
    campaigns.router,
    campaign_report.router,
    rounds.router,
    patrols.router,
    visit_log_file.router,
    visit_months.router,
    visits.router,
)

__all__ = ["router"]
