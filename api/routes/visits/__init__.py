"""The watch log, problems found, campaigns and rounds over HTTP."""

from api.rooms import joined
from api.routes.visits import campaigns, coverage, findings, log, months, rounds

router = joined(months.router, log.router, findings.router, campaigns.router, rounds.router, coverage.router)

__all__ = ["router"]
